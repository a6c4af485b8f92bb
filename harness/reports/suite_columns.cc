// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/reports/paint.h"
#include "harness/text.h"

namespace relayspec {

namespace {

constexpr std::array kCounted = {Verdict::fail, Verdict::error, Verdict::warn};
constexpr std::size_t kGap = 2;  // columns between two suites

/// Columns of a number, and of what stands above it.
std::size_t width_of(Verdict v) { return name(v).size() + 1; }

bool is_clean(const SuiteCounts& s) {
  return std::all_of(kCounted.begin(), kCounted.end(), [&](Verdict v) { return s.counts[index(v)] == 0; });
}

/// What stands side by side in one line, without spaces at the end.
std::string joined(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : std::string(kGap, ' ')) + cell;
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

std::string suite_columns(const RunResult& run, const Paint& paint, std::size_t width) {
  std::vector<SuiteCounts> suites = counts_by_suite(run);
  std::erase_if(suites, is_clean);
  if (suites.empty()) return "";
  const Counts all = run.counts();
  std::size_t name_width = 5;
  for (const SuiteCounts& s : suites) name_width = std::max(name_width, s.suite.size());

  std::string head = fmt::format("{:<{}}", "suite", name_width);
  for (const Verdict v : kCounted) {
    if (all[index(v)] != 0) head += fmt::format("{:>{}}", name(v), width_of(v));
  }
  const auto cell = [&](const SuiteCounts& s) {
    std::string text = fmt::format("{:<{}}", one_line(s.suite), name_width);
    for (const Verdict v : kCounted) {
      const std::size_t n = s.counts[index(v)];
      if (all[index(v)] != 0)
        text +=
            n == 0 ? std::string(width_of(v), ' ') : paint.verdict(v, fmt::format("{:>{}}", n, width_of(v)));
    }
    return text;
  };

  const std::size_t fit = std::max<std::size_t>(1, (width + kGap) / (head.size() + kGap));
  const std::size_t height = (suites.size() + fit - 1) / fit;
  const std::size_t across = (suites.size() + height - 1) / height;
  std::string table = paint.dim(joined(std::vector(across, head))) + '\n';
  for (std::size_t y = 0; y < height; ++y) {
    std::vector<std::string> cells;
    for (std::size_t at = y; at < suites.size(); at += height) cells.push_back(cell(suites[at]));
    table += joined(cells) + '\n';
  }
  return table;
}

}  // namespace relayspec
