// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/deviations.h"
#include "harness/reports/digest.h"
#include "harness/reports/markup.h"
#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

namespace {

/// GitHub takes a summary of 1 MiB, and nothing of one that is longer; the rest of the report is short.
constexpr std::size_t most_octets = 512 << 10;

/// A link would lead nowhere from the summary page of a CI job.
std::string capture_path(const std::string& evidence) {
  return evidence.empty() ? "" : fmt::format(", `{}`", evidence);
}

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += fmt::format("- {}\n", plain_markdown(item));
  return text;
}

std::string deviation_section(const Deviation& d) {
  std::string text = fmt::format("### {}: {}\n\n", name(d.verdict), plain_markdown(d.requirement));
  if (!d.clause.empty()) text += fmt::format("{}, {}. ", plain_markdown(d.level), plain_markdown(d.clause));
  text += plain_markdown(d.reason) + "\n\n";
  if (!d.accepted.empty())
    text += fmt::format("- accepted by the baseline: {}\n", plain_markdown(d.accepted));
  if (!d.expected.empty()) text += fmt::format("- expected: {}\n", plain_markdown(d.expected));
  if (!d.observed.empty()) text += fmt::format("- observed: {}\n", plain_markdown(d.observed));
  text += fmt::format("- case: **{}**{}{}\n\n", plain_markdown(d.case_id),
                      d.combination.empty() ? "" : fmt::format(" ({})", plain_markdown(d.combination)),
                      capture_path(d.evidence));
  if (d.combinations.size() > 1)
    text += folded_markdown(fmt::format("{} combinations", d.combinations.size()),
                            plain_markdown(combinations_in_words(d)) + "\n");
  if (d.cases.size() > 1)
    text += folded_markdown("other cases: " + std::to_string(d.cases.size() - 1), list(other_ids(d)));
  return text;
}

std::string choices(const RunResult& run) {
  std::vector<std::string> items;
  for (const Deviation& c : choices_of(run.cases))
    items.push_back(
        fmt::format("{} ({}): {}: {}{}", c.requirement, c.clause, c.case_id, c.reason, other_cases(c)));
  return items.empty() ? ""
                       : "## Choices that the standards leave\n\n" +
                             folded_markdown(std::to_string(items.size()), list(items));
}

std::string errors(const RunResult& run) {
  std::string text;
  for (const SameReason& e : by_reason(run, Verdict::error)) {
    text += fmt::format("### {}\n\n", plain_markdown(e.reason));
    for (const CaseResult* c : e.cases)
      text += fmt::format("- **{}**{}\n", plain_markdown(c->id), capture_path(c->evidence));
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
    text += fmt::format("| {} |", plain_markdown(s.suite));
    for (const Verdict v : kByWeight)
      text += s.counts[index(v)] ? fmt::format(" {} |", s.counts[index(v)]) : "  |";
    text += '\n';
  }
  return text + '\n';
}

std::string skipped(const RunResult& run) {
  std::string text;
  for (const SameReason& e : by_reason(run, Verdict::skip))
    text += fmt::format("- {}: {}\n", e.cases.size(), plain_markdown(e.reason));
  return text.empty() ? "" : "## Skipped\n\n" + text;
}

std::string not_as_in_baseline(const RunResult& run) {
  std::string text;
  for (const BaselineRemark& r : remarks_on_baseline(run))
    text += fmt::format("- **{}** {}\n", plain_markdown(r.what), plain_markdown(r.words));
  return text.empty() ? "" : "## Not as the baseline has it\n\n" + text + '\n';
}

}  // namespace

std::string summary_markdown(const RunResult& run) {
  const std::vector<Deviation> deviations = deviations_of(run.cases);
  std::string text = fmt::format("# {}, dialect {}: {}\n\n**{}** in {} (relayspec {})\n\n",
                                 plain_markdown(relay_in_words(run)), plain_markdown(run.dialect),
                                 deviations_in_words(deviations), counts_in_words(run.counts()),
                                 duration_in_words(run.duration_ms), plain_markdown(run.tool_version));
  if (!deviations.empty()) text += "## Deviations\n\n";
  std::size_t shown = 0;
  while (shown < deviations.size() && text.size() < most_octets)
    text += deviation_section(deviations[shown++]);
  if (shown < deviations.size())
    text += fmt::format("### and {} more deviations, which report.html has\n\n", deviations.size() - shown);
  text += errors(run);
  return text + not_as_in_baseline(run) + choices(run) + suite_table(run) + skipped(run);
}

}  // namespace relayspec
