#include <fmt/format.h>

#include "harness/deviations.h"
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

std::string capture_link(const std::string& evidence) {
  return evidence.empty() ? "" : fmt::format(", [capture]({})", evidence);
}

/// What GitHub and GitLab show folded.
std::string folded(const std::string& summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", summary, content);
}

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += fmt::format("- {}\n", plain(item));
  return text;
}

std::string deviation_section(const Deviation& d) {
  std::string text = fmt::format("### {}: {}\n\n", name(d.verdict), plain(d.requirement));
  if (!d.clause.empty()) text += fmt::format("{}, {}. ", plain(d.level), plain(d.clause));
  text += plain(d.reason) + "\n\n";
  if (!d.accepted.empty()) text += fmt::format("- accepted by the baseline: {}\n", plain(d.accepted));
  if (!d.expected.empty()) text += fmt::format("- expected: {}\n", plain(d.expected));
  if (!d.observed.empty()) text += fmt::format("- observed: {}\n", plain(d.observed));
  text += fmt::format("- case: **{}**{}{}\n\n", plain(d.case_id),
                      d.combination.empty() ? "" : fmt::format(" ({})", plain(d.combination)),
                      capture_link(d.evidence));
  if (d.combinations.size() > 1)
    text +=
        folded(fmt::format("{} combinations", d.combinations.size()), plain(combinations_in_words(d)) + "\n");
  if (d.cases.size() > 1)
    text += folded("other cases: " + std::to_string(d.cases.size() - 1), list(other_ids(d)));
  return text;
}

std::string choices(const RunResult& run) {
  std::vector<std::string> items;
  for (const Deviation& c : choices_of(run.cases))
    items.push_back(
        fmt::format("{} ({}): {}: {}{}", c.requirement, c.clause, c.case_id, c.reason, other_cases(c)));
  return items.empty()
             ? ""
             : "## Choices that the standards leave\n\n" + folded(std::to_string(items.size()), list(items));
}

std::string errors(const RunResult& run) {
  std::string text;
  for (const SameReason& e : by_reason(run, Verdict::error)) {
    text += fmt::format("### {}\n\n", plain(e.reason));
    for (const CaseResult* c : e.cases)
      text += fmt::format("- **{}**{}\n", plain(c->id), capture_link(c->evidence));
    text += '\n';
  }
  return text.empty() ? "" : "## Errors\n\n" + text;
}

std::string suite_table(const RunResult& run) {
  std::string text = "## Suites\n\n| suite |", rule = "| --- |";
  for (const Verdict v : kByWeight) {
    text += fmt::format(" {} |", name(v));
    rule += " ---: |";
  }
  text += '\n' + rule + '\n';
  for (const SuiteCounts& s : counts_by_suite(run)) {
    text += fmt::format("| {} |", plain(s.suite));
    for (const Verdict v : kByWeight)
      text += s.counts[index(v)] ? fmt::format(" {} |", s.counts[index(v)]) : "  |";
    text += '\n';
  }
  return text + '\n';
}

std::string skipped(const RunResult& run) {
  std::string text;
  for (const SameReason& e : by_reason(run, Verdict::skip))
    text += fmt::format("- {}: {}\n", e.cases.size(), plain(e.reason));
  return text.empty() ? "" : "## Skipped\n\n" + text;
}

}  // namespace

std::string summary_markdown(const RunResult& run) {
  const std::vector<Deviation> deviations = deviations_of(run.cases);
  std::string text =
      fmt::format("# {}, dialect {}: {}\n\n**{}** in {} (relayspec {})\n\n", plain(relay_in_words(run)),
                  plain(run.dialect), deviations_in_words(deviations), counts_in_words(run.counts()),
                  duration_in_words(run.duration_ms), plain(run.tool_version));
  if (!deviations.empty()) text += "## Deviations\n\n";
  for (const Deviation& d : deviations) text += deviation_section(d);
  text += errors(run);
  if (!run.no_longer_deviating.empty()) {
    text += "## Listed in the baseline, but no longer deviating\n\n" + list(run.no_longer_deviating) + '\n';
  }
  return text + choices(run) + suite_table(run) + skipped(run);
}

}  // namespace relayspec
