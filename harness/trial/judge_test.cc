// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/judge.h"

#include <gmock/gmock.h>

namespace relayspec::trial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Fault plain{
    .name = "f", .dialect = "rfc", .verdict = "fail", .finder = "s/finds", .requirement = "RULE-1"};

Fault with_cause(const std::string& cause) {
  Fault f = plain;
  f.causes = {cause};
  return f;
}

Change change(const std::string& id, std::vector<std::string> broken) {
  return {.id = id, .verdict = "fail", .reason = "why", .broken = std::move(broken)};
}

Outcome outcome(std::vector<Change> changes) { return {.changes = std::move(changes), .deviations = {}}; }

const Change found = change("s/finds", {"content RULE-1"});

TEST(Cause, FaultsOwnRuleIsOneInAnyWay) {
  EXPECT_TRUE(has_cause(plain, change("s/c", {"excess RULE-1"})));
  EXPECT_FALSE(has_cause(plain, change("s/c", {"excess RULE-2"})));
}

TEST(Cause, OneBrokenRuleOfSeveralIsEnough) {
  EXPECT_TRUE(has_cause(plain, change("s/c", {"loss RULE-2", "content RULE-1"})));
}

TEST(Cause, PatternOfRequirements) {
  EXPECT_TRUE(has_cause(with_cause("OTHER-*"), change("s/c", {"content OTHER-7"})));
  EXPECT_FALSE(has_cause(with_cause("OTHER-*"), change("s/c", {"content ANOTHER-7"})));
}

TEST(Cause, PatternOfCases) {
  EXPECT_TRUE(has_cause(with_cause("s/*"), change("s/c", {"content RULE-2"})));
  EXPECT_FALSE(has_cause(with_cause("s/*"), change("t/c", {"content RULE-2"})));
}

TEST(Cause, WayInWhichARuleIsBroken) {
  EXPECT_TRUE(has_cause(with_cause("loss"), change("s/c", {"loss RULE-2"})));
  EXPECT_FALSE(has_cause(with_cause("loss"), change("s/c", {"excess RULE-2"})));
}

TEST(Cause, ChangeWithoutAFindingHasNone) { EXPECT_FALSE(has_cause(with_cause("loss"), change("s/c", {}))); }

TEST(Judgement, FaultThatItsCaseFindsHolds) {
  EXPECT_THAT(complaints_about(plain, outcome({found, change("s/c", {"loss RULE-1"})})), IsEmpty());
}

TEST(Judgement, FaultThatItsCaseDoesNotFind) {
  EXPECT_THAT(complaints_about(plain, outcome({})), ElementsAre("f: s/finds does not find it"));
}

TEST(Judgement, FinderWithAnotherVerdict) {
  Change warned = found;
  warned.verdict = "warn";
  EXPECT_THAT(complaints_about(plain, outcome({warned})),
              ElementsAre("f: s/finds says warn in place of fail"));
}

TEST(Judgement, FinderByAnotherRule) {
  EXPECT_THAT(complaints_about(with_cause("RULE-2"), outcome({change("s/finds", {"content RULE-2"})})),
              ElementsAre("f: s/finds finds it, but not by RULE-1: content RULE-2"));
}

TEST(Judgement, ChangeWithoutACause) {
  EXPECT_THAT(complaints_about(plain, outcome({found, change("s/c", {"loss RULE-2"})})),
              ElementsAre("f: s/c says fail without a cause: why (loss RULE-2)"));
}

TEST(Judgement, CasesThatCouldNotJudgeForOneReasonAreOneComplaint) {
  Change error = change("s/c", {});
  error.verdict = "error";
  Change same = error;
  same.id = "s/d";
  EXPECT_THAT(complaints_about(plain, outcome({found, error, same})),
              ElementsAre("f: s/c and 1 more could not judge: why"));
}

TEST(Judgement, RunThatFailedIsTheOnlyComplaint) {
  EXPECT_THAT(complaints_about(plain, Outcome{.changes = {}, .deviations = {}, .trouble = "killed"}),
              ElementsAre("f: killed"));
}

}  // namespace
}  // namespace relayspec::trial
