// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/conclusion.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CaseResult ended_with(Verdict v, const std::string& reason = "why") {
  return {.id = "suite/case", .verdict = v, .reason = reason};
}

Conclusion conclusion_of(std::vector<CaseResult> cases, bool strict = false, const Outcome& outcome = {}) {
  RunResult result;
  result.cases = std::move(cases);
  return conclude(result, outcome, strict);
}

Status status_of(std::vector<CaseResult> cases, bool strict = false) {
  return conclusion_of(std::move(cases), strict).status;
}

TEST(Conclusion, AFailDeviates) {
  EXPECT_EQ(status_of({ended_with(Verdict::pass), ended_with(Verdict::fail)}), deviates);
  EXPECT_EQ(status_of({ended_with(Verdict::pass), ended_with(Verdict::skip), ended_with(Verdict::note)}),
            conforms);
}

TEST(Conclusion, AWarnDeviatesWhereItIsStrict) {
  EXPECT_EQ(status_of({ended_with(Verdict::warn)}), conforms);
  EXPECT_EQ(status_of({ended_with(Verdict::warn)}, true), deviates);
  EXPECT_EQ(status_of({ended_with(Verdict::note)}, true), conforms);
}

TEST(Conclusion, WhatTheBaselineAcceptsDoesNotDeviate) {
  CaseResult fail = ended_with(Verdict::fail);
  fail.accepted = "known";
  EXPECT_EQ(status_of({fail}), conforms);
  EXPECT_EQ(status_of({fail, ended_with(Verdict::fail)}), deviates);
}

TEST(Conclusion, AnEntryThatNoLongerDeviatesDoes) {
  RunResult result;
  result.cases = {ended_with(Verdict::pass)};
  result.no_longer_deviating = {"suite/case"};
  EXPECT_EQ(conclude(result, {}, false).status, deviates);
}

TEST(Conclusion, ACaseThatCanNoLongerBeJudgedDeviates) {
  RunResult result;
  result.cases = {ended_with(Verdict::pass), ended_with(Verdict::skip)};
  EXPECT_EQ(conclude(result, {}, false).status, conforms);
  result.newly_skipped = {"suite/case"};
  EXPECT_EQ(conclude(result, {}, false).status, deviates);
}

TEST(Conclusion, ACaseThatCanBeJudgedAgainDeviatesFromTheBaseline) {
  RunResult result;
  result.cases = {ended_with(Verdict::pass)};
  result.no_longer_skipped = {"suite/*"};
  EXPECT_EQ(conclude(result, {}, false).status, deviates);
}

TEST(Conclusion, AnErrorIsNoJudgementAndIsSaidOnce) {
  const auto c = conclusion_of({ended_with(Verdict::fail), ended_with(Verdict::error, "no start"),
                                ended_with(Verdict::error, "no start")});
  EXPECT_EQ(c.status, not_judged);
  EXPECT_THAT(c.lines, ElementsAre("no start"));
}

TEST(Conclusion, AnUnexplainedDeathIsNoJudgement) {
  Outcome outcome;
  outcome.unexplained = {"it died"};
  const auto c = conclusion_of({ended_with(Verdict::pass)}, false, outcome);
  EXPECT_EQ(c.status, not_judged);
  EXPECT_THAT(c.lines, ElementsAre("it died"));
}

TEST(Conclusion, RemarksAreNotesAndChangeNothing) {
  Outcome outcome;
  outcome.remarks = {"slow exit", "slow exit"};
  const auto c = conclusion_of({ended_with(Verdict::pass)}, false, outcome);
  EXPECT_EQ(c.status, conforms);
  EXPECT_THAT(c.lines, ElementsAre("note: slow exit"));
}

TEST(Conclusion, ARunThatSkippedEverythingHasJudgedNothing) {
  const auto c = conclusion_of({ended_with(Verdict::skip, "needs option82"), ended_with(Verdict::skip)});
  EXPECT_EQ(c.status, not_judged);
  EXPECT_THAT(c.lines, ElementsAre("every case was skipped, so nothing has been judged: needs option82"));
}

std::vector<Verdict> merged(Verdict first, Verdict second) {
  Outcome all, round;
  all.cases = {ended_with(first)};
  round.cases = {ended_with(second)};
  merge(all, round, 2);
  return {all.cases[0].verdict};
}

TEST(Merge, TheWorseVerdictCounts) {
  const Verdict from_best[] = {Verdict::skip, Verdict::pass, Verdict::note,
                               Verdict::warn, Verdict::fail, Verdict::error};
  for (std::size_t better = 0; better < verdict_count; ++better) {
    for (std::size_t worse = better; worse < verdict_count; ++worse) {
      EXPECT_THAT(merged(from_best[better], from_best[worse]), ElementsAre(from_best[worse]));
      EXPECT_THAT(merged(from_best[worse], from_best[better]), ElementsAre(from_best[worse]));
    }
  }
}

TEST(Merge, SaysWhichVerdictsAreNotTheSame) {
  Outcome all, round;
  all.cases = {ended_with(Verdict::fail, "first"), ended_with(Verdict::pass)};
  round.cases = {ended_with(Verdict::fail, "second"), ended_with(Verdict::warn)};
  EXPECT_THAT(merge(all, round, 3), ElementsAre("suite/case: warn in round 3, pass before"));
  EXPECT_EQ(all.cases[0].reason, "first");
  EXPECT_THAT(merge(all, round, 4), IsEmpty());
}

TEST(Merge, KeepsWhatWasUnexplainedAndTheLastOutput) {
  Outcome all, round;
  all.unexplained = {"a"};
  all.remarks = {"b"};
  all.relay_output = "old";
  round.unexplained = {"c"};
  round.remarks = {"d"};
  round.relay_output = "new";
  merge(all, round, 2);
  EXPECT_THAT(all.unexplained, ElementsAre("a", "c"));
  EXPECT_THAT(all.remarks, ElementsAre("b", "d"));
  EXPECT_EQ(all.relay_output, "new");
}

}  // namespace
}  // namespace relayspec
