// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/deviations.h"
#include "harness/reports/digest.h"
#include "harness/reports/reports.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

enum class Outcome { passed, failed, error, skipped };

Outcome outcome(const RunResult& run, const CaseResult& c, bool strict) {
  if (!newly_skipped_in_words(run, c).empty()) return Outcome::failed;
  switch (c.verdict) {
    case Verdict::fail:
      return c.accepted.empty() ? Outcome::failed : Outcome::passed;
    case Verdict::warn:
      return strict && c.accepted.empty() ? Outcome::failed : Outcome::passed;
    case Verdict::error:
      return Outcome::error;
    case Verdict::skip:
      return Outcome::skipped;
    default:
      return Outcome::passed;
  }
}

std::string attribute(std::string_view value) { return '"' + escape_markup(one_line(value)) + '"'; }

/// "what: text" on lines of their own, for what is not empty.
std::string details(const CaseResult& c) {
  std::string text;
  const auto tell = [&](const char* what, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", what, indent_rest(value, 2));
  };
  tell("verdict", std::string(name(c.verdict)));
  tell("reason", c.reason);
  tell("accepted by the baseline", c.accepted);
  tell("clause", c.clause);
  tell("expected", c.expected);
  tell("observed", c.observed);
  tell("difference", c.difference);
  tell("relay started with", c.config);
  tell("capture", c.evidence);
  tell("source", c.source);
  return escape_markup(text);
}

std::string failure_element(const RunResult& run, const CaseResult& c) {
  const std::string skipped = newly_skipped_in_words(run, c);
  return fmt::format("      <failure type={} message={}>{}</failure>\n",
                     attribute(skipped.empty() ? c.level : "baseline"),
                     attribute(skipped.empty() ? c.reason : skipped), details(c));
}

std::string case_element(const RunResult& run, const CaseResult& c, bool strict) {
  const std::string behaviour = c.id.starts_with(c.suite + "/") ? c.id.substr(c.suite.size() + 1) : c.id;
  std::string xml = fmt::format("    <testcase classname={} name={} time=\"{:.6f}\">\n", attribute(c.suite),
                                attribute(behaviour), static_cast<double>(c.duration_us) / 1e6);
  switch (outcome(run, c, strict)) {
    case Outcome::failed:
      xml += failure_element(run, c);
      break;
    case Outcome::error:
      xml +=
          fmt::format("      <error type=\"error\" message={}>{}</error>\n", attribute(c.reason), details(c));
      break;
    case Outcome::skipped:
      xml += fmt::format("      <skipped message={}/>\n", attribute(c.reason));
      break;
    case Outcome::passed:
      if (c.verdict != Verdict::pass) xml += fmt::format("      <system-out>{}</system-out>\n", details(c));
  }
  return xml + "    </testcase>\n";
}

/// What the attributes of a suite, or of all suites, add up to.
struct Totals {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::uint64_t microseconds = 0;

  void add(const RunResult& run, const CaseResult& c, bool strict) {
    const Outcome o = outcome(run, c, strict);
    ++tests;
    failures += o == Outcome::failed;
    errors += o == Outcome::error;
    skipped += o == Outcome::skipped;
    microseconds += c.duration_us;
  }

  /// Of all suites; readers that check the format know no count of skipped ones there.
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.6f}\"", tests, failures, errors,
                       static_cast<double>(microseconds) / 1e6);
  }
  std::string attributes_of_suite() const { return fmt::format("{} skipped=\"{}\"", attributes(), skipped); }
};

std::string deviation_in_words(const Deviation& d) {
  std::string words = fmt::format("{} {}", name(d.verdict), d.requirement);
  if (!d.clause.empty()) words += fmt::format(" ({}, {})", d.level, d.clause);
  words += fmt::format(": {}; expected {}; observed {}; cases {}", d.reason, d.expected, d.observed,
                       join(d.cases));
  return d.accepted.empty() ? words : words + "; accepted by the baseline: " + d.accepted;
}

/// The deviations whose example is one of the suite's cases, each named by its place in the run.
std::string properties(const std::vector<Deviation>& deviations, const std::string& suite) {
  std::string xml;
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    if (!deviations[i].case_id.starts_with(suite + "/")) continue;
    xml += fmt::format("      <property name=\"deviation.{}\" value={}/>\n", i + 1,
                       attribute(deviation_in_words(deviations[i])));
  }
  return xml.empty() ? "" : fmt::format("    <properties>\n{}    </properties>\n", xml);
}

std::string suite_element(const RunResult& run, const std::vector<Deviation>& deviations,
                          const std::string& suite, bool strict) {
  Totals totals;
  std::string cases;
  for (const CaseResult& c : run.cases) {
    if (c.suite != suite) continue;
    totals.add(run, c, strict);
    cases += case_element(run, c, strict);
  }
  return fmt::format("  <testsuite name={} {}>\n{}{}  </testsuite>\n", attribute(suite),
                     totals.attributes_of_suite(), properties(deviations, suite), cases);
}

std::string baseline_element(const RunResult& run) {
  std::string cases;
  const std::vector<BaselineRemark> needless = needless_in_baseline(run);
  for (const BaselineRemark& r : needless) {
    cases += fmt::format(
        "    <testcase classname=\"baseline\" name={} time=\"0\">\n"
        "      <failure type=\"baseline\" message={}/>\n"
        "    </testcase>\n",
        attribute(r.what), attribute(r.words));
  }
  if (needless.empty()) return "";
  const Totals totals{.tests = needless.size(), .failures = needless.size()};
  return fmt::format("  <testsuite name=\"baseline\" {}>\n{}  </testsuite>\n", totals.attributes_of_suite(),
                     cases);
}

}  // namespace

std::string junit_xml(const RunResult& run, const ReportOptions& options) {
  Totals totals;
  for (const CaseResult& c : run.cases) totals.add(run, c, options.strict);
  const std::size_t needless = needless_in_baseline(run).size();
  totals.tests += needless;
  totals.failures += needless;
  std::string suites;
  const std::vector<Deviation> deviations = deviations_of(run.cases);
  for (const SuiteCounts& s : counts_by_suite(run))
    suites += suite_element(run, deviations, s.suite, options.strict);
  suites += baseline_element(run);
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name={} {}>\n{}</testsuites>\n",
                     attribute(fmt::format("relayspec, {}, dialect {}", relay_in_words(run), run.dialect)),
                     totals.attributes(), suites);
}

}  // namespace relayspec
