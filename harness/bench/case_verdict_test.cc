// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/case_verdict.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

Finding finding(Verdict v, const std::string& kind) {
  return {.verdict = v,
          .requirement = "RFC1542-4.1.1-hops-increment",
          .field = "hops",
          .kind = kind,
          .reason = kind};
}

TEST(CaseVerdict, IsThatOfTheWorstFinding) {
  CaseResult r{
      .findings = {finding(Verdict::warn, "a"), finding(Verdict::fail, "b"), finding(Verdict::note, "c")}};
  judge_by_findings(r);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.reason, "b");
}

TEST(CaseVerdict, OnlyWhatBothRunsHaveFoundStays) {
  const CaseResult before{.findings = {finding(Verdict::fail, "lost"), finding(Verdict::warn, "always")}};
  CaseResult latest{.findings = {finding(Verdict::warn, "always"), finding(Verdict::fail, "doubled")}};
  EXPECT_TRUE(keep_common(latest, before));
  EXPECT_EQ(latest.verdict, Verdict::warn);
  EXPECT_EQ(latest.findings, (std::vector{finding(Verdict::warn, "always")}));
}

TEST(CaseVerdict, RunsWithNothingInCommonSayNothing) {
  CaseResult latest{.findings = {finding(Verdict::fail, "doubled")}};
  EXPECT_FALSE(keep_common(latest, {.findings = {finding(Verdict::fail, "lost")}}));
  EXPECT_FALSE(keep_common(latest, {.verdict = Verdict::skip}));
}

}  // namespace
}  // namespace relayspec
