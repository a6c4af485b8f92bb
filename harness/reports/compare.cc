// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/deviations.h"
#include "harness/reports/digest.h"
#include "harness/reports/files.h"
#include "harness/text.h"

namespace relayspec {

namespace {

using CompareJson = nlohmann::ordered_json;

CompareJson json_of(const ComparedRelay& relay) {
  Counts counts{};
  for (const CaseResult& c : relay.cases) ++counts[index(c.verdict)];
  CompareJson by_verdict;
  for (std::size_t v = 0; v < verdict_count; ++v)
    by_verdict[std::string(name(static_cast<Verdict>(v)))] = counts[v];
  return {{"name", relay.name},
          {"version", relay.version},
          {"counts", by_verdict},
          {"deviations", deviations_of(relay.cases).size()}};
}

CompareJson json_of(const MatrixRow& row, const Comparison& c) {
  CompareJson verdicts;
  for (std::size_t i = 0; i < row.cells.size(); ++i) verdicts[c.relays[i].name] = name(row.cells[i].verdict);
  return {{"id", row.requirement}, {"level", row.level},   {"clause", row.clause},
          {"suites", row.suites},  {"verdicts", verdicts}, {"differs", row.differs(c.reference)}};
}

CompareJson json_of(const DifferenceGroup& d) {
  return {{"relay", d.relay},
          {"what", d.what},
          {"stimuli", d.stimuli},
          {"requirement", d.requirement},
          {"choice", d.choice},
          {"verdict", name(d.verdict)},
          {"broken_by", d.broken_by},
          {"example",
           {{"file", d.file}, {"sent", d.sent}, {"reference", d.reference}, {"observed", d.observed}}}};
}

/// The cases whose captures the matrix leads to get one, and the cells its path.
void write_cells(Comparison& c, const std::filesystem::path& directory) {
  for (std::size_t i = 0; i < c.relays.size(); ++i) {
    for (MatrixRow& row : c.rows) {
      Cell& cell = row.cells[i];
      if (cell.verdict != Verdict::fail && cell.verdict != Verdict::warn) continue;
      const auto of = std::find_if(c.relays[i].cases.begin(), c.relays[i].cases.end(),
                                   [&](const CaseResult& r) { return r.id == cell.case_id; });
      if (of == c.relays[i].cases.end() || of->frames.empty()) continue;
      if (of->evidence.empty()) {
        of->evidence = evidence_path(c.relays[i].name + "/" + of->id);
        write_evidence(*of, directory);
      }
      cell.evidence = of->evidence;
    }
  }
}

void write_differences(Comparison& c, const std::filesystem::path& directory) {
  std::size_t number = 0;
  for (DifferenceGroup& d : c.differences) {
    d.file = difference_path(d.relay, ++number);
    CaseResult shown{.id = d.relay + " and " + c.reference_name(), .verdict = d.verdict, .reason = d.what};
    shown.frames = d.reference_frames;
    shown.frames.insert(shown.frames.end(), d.frames.begin(), d.frames.end());
    write_file(directory / d.file, pcapng(shown));
  }
}

}  // namespace

std::string compare_json(const Comparison& c) {
  CompareJson relays = CompareJson::array(), requirements = relays, differences = relays;
  for (const ComparedRelay& relay : c.relays) relays.push_back(json_of(relay));
  for (const MatrixRow& row : c.rows) requirements.push_back(json_of(row, c));
  for (const DifferenceGroup& d : c.differences) differences.push_back(json_of(d));
  const CompareJson document = {{"schema", "relayspec/compare/1"},
                                {"tool", {{"name", "relayspec"}, {"version", c.tool_version}}},
                                {"reference", c.reference_name()},
                                {"dialect", c.dialect},
                                {"seed", c.seed},
                                {"duration_ms", c.duration_ms},
                                {"relays", relays},
                                {"requirements", requirements},
                                {"stimuli", c.stimuli},
                                {"differences", differences}};
  // What a relay says need not be UTF-8.
  return document.dump(1, ' ', false, CompareJson::error_handler_t::replace) + "\n";
}

std::string deviations_of_relay(const ComparedRelay& relay) {
  const auto is_error = [](const CaseResult& c) { return c.verdict == Verdict::error; };
  if (!relay.cases.empty() && std::ranges::all_of(relay.cases, is_error))
    return "could not be judged: " + one_line(relay.cases.front().reason);
  return deviations_in_words(deviations_of(relay.cases));
}

std::string letter(std::size_t relay) {
  constexpr std::size_t letters = 26;
  return relay < letters ? std::string(1, static_cast<char>('A' + relay)) : std::to_string(relay + 1);
}

// As the captures of cases are named, in another directory.
std::string difference_path(const std::string& relay, std::size_t number) {
  const std::string path = evidence_path(fmt::format("{}/{}", relay, number));
  return "differences" + path.substr(path.find('/'));
}

void prepare_comparison_directory(const std::filesystem::path& directory) {
  prepare_directory(directory, "evidence", "compare.json");
  prepare_directory(directory, "differences", "compare.json");
}

void write_comparison(Comparison& c, const std::filesystem::path& directory) {
  write_cells(c, directory);
  write_differences(c, directory);
  write_file(directory / "compare.json", compare_json(c));
  write_file(directory / "compare.md", compare_markdown(c));
  write_file(directory / "compare.html", compare_html(c));
}

}  // namespace relayspec
