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

TEST(CaseVerdict, WhatIsUnexpectedBehindLossesThatDifferSaysNothing) {
  Finding request = finding(Verdict::fail, "request"), reply = finding(Verdict::fail, "reply"),
          more = finding(Verdict::warn, "unexpected");
  request.by = reply.by = Finding::By::loss;
  more.by = Finding::By::excess;
  CaseResult latest{.findings = {request, more}};
  EXPECT_FALSE(keep_common(latest, {.findings = {reply, more}}));
  latest.findings = {request, more};
  EXPECT_TRUE(keep_common(latest, {.findings = {request, more}}));
  latest.findings = {more};
  EXPECT_TRUE(keep_common(latest, {.findings = {reply, more}}));
}

TEST(CaseVerdict, LossesOfDifferentMessagesSayNothing) {
  Finding one = finding(Verdict::fail, "lost"), other = one;
  one.by = other.by = Finding::By::loss;
  one.reason = "the request to server 1 is lost";
  other.reason = "the request to server 3 is lost";
  CaseResult latest{.findings = {one}};
  EXPECT_FALSE(keep_common(latest, {.findings = {other}}));
  EXPECT_TRUE(keep_common(latest, {.findings = {one}}));
}

TEST(CaseVerdict, RunsWithNothingInCommonSayNothing) {
  CaseResult latest{.findings = {finding(Verdict::fail, "doubled")}};
  EXPECT_FALSE(keep_common(latest, {.findings = {finding(Verdict::fail, "lost")}}));
  EXPECT_FALSE(keep_common(latest, {.verdict = Verdict::skip}));
}

}  // namespace
}  // namespace relayspec
