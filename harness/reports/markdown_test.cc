// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/testing.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markdown, ShowsEachDeviationFirst) {
  const std::string text = summary_markdown(made_up_run());
  EXPECT_THAT(text,
              HasSubstr("# A relay (1.2), dialect rfc: 3 deviations (2 MUST), 1 of them accepted by the "
                        "baseline"));
  EXPECT_THAT(
      text,
      HasSubstr("### fail: RFC1542-4.1.1-hops-over-16-discard\n\nMUST, RFC 1542, section 4.1.1. relayed "
                "although discarded was due: hops\n\n- expected: 16 at most\n- observed: 18\n- case: "
                "**hops/17-is-discarded** (DISCOVER, no flag), "
                "`evidence/hops--17-is-discarded.pcapng`"));
  EXPECT_THAT(text, HasSubstr("<details><summary>other cases: 1</summary>\n\n- hops/20-is-discarded\n"));
  EXPECT_THAT(text, HasSubstr("- accepted by the baseline: known since 2012"));
  EXPECT_LT(text.find("## Deviations"), text.find("## Errors"));
  EXPECT_LT(text.find("## Errors"), text.find("## Not as the baseline has it"));
  EXPECT_LT(text.find("## Not as the baseline has it"), text.find("## Choices"));
  EXPECT_LT(text.find("## Choices"), text.find("| hops | 2 |"));
  EXPECT_LT(text.find("| hops | 2 |"), text.find("## Skipped"));
}

TEST(Markdown, TellsWhatIsNotAsTheBaselineHasIt) {
  EXPECT_THAT(
      summary_markdown(made_up_run_with_other_skips()),
      AllOf(HasSubstr("- **hops/was-wrong** no longer deviates; take it out of the baseline\n"),
            HasSubstr("- **hops/1\\*** is no longer skipped; take it out of 'skipped' in the baseline\n"),
            HasSubstr("- **option82/added** is skipped, and 'skipped' in the baseline does not list it: the "
                      "profile does not offer option82\n")));
}

TEST(Markdown, CannotBeBrokenOutOf) {
  EXPECT_THAT(summary_markdown(made_up_run()), AllOf(HasSubstr("\\<b\\>&"), Not(HasSubstr("<b>"))));
}

TEST(Markdown, OfNothingSaysThatNoCaseWasRun) {
  EXPECT_THAT(summary_markdown({.relay_name = "x", .dialect = "rfc"}), HasSubstr("no case was run"));
}

// The summary page of a CI job has a limit, beyond which it shows nothing at all.
TEST(Markdown, OfManyDeviationsStaysWithinASummaryPage) {
  RunResult run = made_up_run();
  Finding f = made_up_finding();
  f.observed = std::string(2000, 'x');
  for (int i = 0; i < 700; ++i) {
    f.kind = std::to_string(i);
    run.cases[1].findings.push_back(f);
  }
  const std::string text = summary_markdown(run);
  EXPECT_LT(text.size(), 1U << 20);
  EXPECT_THAT(text, AllOf(HasSubstr("more deviations, which report.html has"), HasSubstr("## Suites")));
}

}  // namespace
}  // namespace relayspec
