// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/plan.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CaseInfo plain(const std::string& id, std::size_t frames = 1) { return {.id = id, .frames_sent = frames}; }

CaseInfo with_option82(const std::string& id, std::size_t frames = 1) {
  return {.id = id, .settings = {.option82 = true}, .frames_sent = frames};
}

std::vector<std::string> ids_of(const Batch& b) {
  std::vector<std::string> ids;
  for (const PlannedCase& c : b.cases) ids.push_back(c.id);
  return ids;
}

std::vector<std::string> ids_of(const Plan& plan) {
  std::vector<std::string> all;
  for (const Batch& b : plan) {
    for (const std::string& id : ids_of(b)) all.push_back(id);
  }
  return all;
}

std::vector<std::string> ids_of(const std::vector<CaseInfo>& cases) {
  std::vector<std::string> all;
  for (const CaseInfo& c : cases) all.push_back(c.id);
  return all;
}

Plan plan_of(const std::vector<CaseInfo>& cases) { return make_plan(cases, ids_of(cases)); }

TEST(Plan, PutsCasesWithEqualSettingsIntoOneBatch) {
  const Plan plan = make_plan({plain("a"), with_option82("b"), plain("c"), plain("d")}, {"d", "b", "a"});
  ASSERT_THAT(plan, SizeIs(2));
  EXPECT_THAT(ids_of(plan[0]), ElementsAre("a", "d"));
  EXPECT_THAT(ids_of(plan[1]), ElementsAre("b"));
}

TEST(Plan, ACaseWithOneNetworkRunsWithTwoUnlessItAsksForOne) {
  CaseInfo one = plain("one"), either = plain("either");
  one.settings.downlinks = either.settings.downlinks = 1;
  one.one_downlink = true;
  const Plan plan = plan_of({one, either, plain("two")});
  ASSERT_THAT(plan, SizeIs(2));
  EXPECT_EQ(plan[0].settings.downlinks, 1U);
  EXPECT_THAT(ids_of(plan[1]), ElementsAre("either", "two"));
}

TEST(Plan, ABatchRunsInTheDialectsOfAnyOfItsCases) {
  CaseInfo a = plain("a"), b = plain("b");
  a.dialects = {Dialect::rfc};
  b.dialects = {Dialect::proxy};
  EXPECT_THAT(plan_of({a, b})[0].dialects, ElementsAre(Dialect::rfc, Dialect::proxy));
  EXPECT_THAT(plan_of({a, b, plain("c")})[0].dialects, IsEmpty());
  EXPECT_THAT(plan_of({plain("c"), a})[0].dialects, IsEmpty());
}

TEST(Plan, IsDoneInOrderByOneWorker) {
  const Plan plan = plan_of({plain("a"), with_option82("b")});
  const NextBatch next = in_order(plan);
  EXPECT_EQ(next(), plan.data());
  EXPECT_EQ(next(), &plan[1]);
  EXPECT_EQ(next(), nullptr);
  EXPECT_EQ(next(), nullptr);
}

TEST(CutPlan, ALongBatchIsCutAndItsCasesStayInOrder) {
  std::vector<CaseInfo> cases;
  for (char c = 'a'; c <= 'z'; ++c) cases.push_back(plain(std::string(1, c), 100));
  const Plan pieces = cut_for(2, plan_of(cases));
  EXPECT_GE(pieces.size(), 8U);
  EXPECT_THAT(ids_of(pieces), ElementsAreArray(ids_of(cases)));
  for (const Batch& piece : pieces) EXPECT_EQ(piece.settings, plan_of(cases)[0].settings);
}

TEST(CutPlan, AShortPlanIsNotCut) {
  EXPECT_THAT(cut_for(4, plan_of({plain("a"), plain("b"), plain("c")})), SizeIs(1));
}

TEST(CutPlan, LongBatchesComeFirst) {
  EXPECT_THAT(ids_of(cut_for(1, plan_of({plain("short", 1), with_option82("long", 9)}))),
              ElementsAre("long", "short"));
}

TEST(CutPlan, ACaseThatMayWaitForTheRelayIsAPieceOfItsOwnAndComesFirst) {
  CaseInfo waits = plain("waits");
  waits.recoveries = 1;
  const Plan pieces = cut_for(1, plan_of({plain("a"), waits, plain("b"), with_option82("long", 900)}));
  ASSERT_THAT(pieces, SizeIs(4));
  EXPECT_THAT(ids_of(pieces), ElementsAre("waits", "long", "a", "b"));
}

}  // namespace
}  // namespace relayspec
