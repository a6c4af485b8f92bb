#include <fmt/format.h>

#include "harness/reports/digest.h"
#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

namespace {

/// Plain text that Markdown leaves as it is.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : one_line(text)) {
    if (std::string_view("\\`*_[]<>|#~").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

/// A code block, with a fence longer than any in the text.
std::string code(std::string_view text) {
  const std::string content = clean(text);
  std::string fence = "```";
  while (content.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{0}text\n{1}\n{0}\n", fence, indent_rest(content, 0));
}

std::string finding(const Entry& f) {
  const CaseResult& first = *f.cases.front();
  std::string text = fmt::format("### {}\n\n", plain(f.reason));
  if (!f.accepted.empty()) text += fmt::format("Accepted by the baseline: {}\n\n", plain(f.accepted));
  for (const CaseResult* c : f.cases) {
    text += fmt::format("- **{}** ({}{}{})", plain(c->id), plain(c->level), c->clause.empty() ? "" : ", ",
                        plain(c->clause));
    if (!c->evidence.empty()) text += fmt::format(", [capture]({})", c->evidence);
    text += '\n';
  }
  text += '\n';
  std::string block;
  if (!first.expected.empty()) block += fmt::format("expected  {}\n", indent_rest(first.expected, 10));
  if (!first.observed.empty()) block += fmt::format("observed  {}\n", indent_rest(first.observed, 10));
  if (!first.difference.empty()) block += fmt::format("\n{}\n", first.difference);
  return block.empty() ? text : text + code(block) + '\n';
}

}  // namespace

std::string summary_markdown(const RunResult& run) {
  std::string text = fmt::format(
      "# {}, dialect {}\n\n**{}** in {} (relayspec {})\n\n", plain(relay_in_words(run)), plain(run.dialect),
      counts_in_words(run.counts()), duration_in_words(run.duration_ms), plain(run.tool_version));
  text += "| suite |";
  for (const Verdict v : kByWeight) text += fmt::format(" {} |", name(v));
  text += "\n| --- |" + [] {
    std::string rule;
    for (std::size_t i = 0; i < verdict_count; ++i) rule += " ---: |";
    return rule;
  }() + "\n";
  for (const SuiteCounts& s : counts_by_suite(run)) {
    text += fmt::format("| {} |", plain(s.suite));
    for (const Verdict v : kByWeight)
      text += s.counts[index(v)] ? fmt::format(" {} |", s.counts[index(v)]) : "  |";
    text += '\n';
  }
  text += '\n';

  constexpr std::array headings = {std::pair{Verdict::fail, "Failures"}, std::pair{Verdict::error, "Errors"},
                                   std::pair{Verdict::warn, "Warnings"}, std::pair{Verdict::note, "Notes"}};
  for (const auto& [verdict, heading] : headings) {
    const auto found = findings(run, verdict);
    if (found.empty()) continue;
    text += fmt::format("## {}\n\n", heading);
    for (const Entry& f : found) text += finding(f);
  }
  if (!run.no_longer_deviating.empty()) {
    text += "## Listed in the baseline, but no longer deviating\n\n";
    for (const std::string& id : run.no_longer_deviating) text += fmt::format("- **{}**\n", plain(id));
    text += '\n';
  }
  const auto skipped = findings(run, Verdict::skip);
  if (!skipped.empty()) {
    text += "## Skipped\n\n";
    for (const Entry& f : skipped) text += fmt::format("- {}: {}\n", f.cases.size(), plain(f.reason));
  }
  return text;
}

}  // namespace relayspec
