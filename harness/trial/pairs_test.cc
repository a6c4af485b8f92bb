// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/pairs.h"

#include <gmock/gmock.h>

#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/profile.h"

namespace relayspec::trial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string pair_refusal_of(const std::string& text) {
  try {
    parse_pairs(text, "pairs.txt");
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST(PairTable, LineHoldsQuirkFaultDialectAndTheRuleOfEach) {
  const auto pairs = parse_pairs("# a comment\nq f proxy RULE-1 RULE-2\n", "t");

  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].name(), "q+f");
  EXPECT_EQ(pairs[0].dialect, "proxy");
  EXPECT_EQ(pairs[0].quirk_requirement, "RULE-1");
  EXPECT_EQ(pairs[0].fault_requirement, "RULE-2");
  EXPECT_EQ(pairs[0].where, "t:2");
}

TEST(PairTable, LineOfAnotherLengthIsRefusedWithFileAndLine) {
  EXPECT_EQ(pair_refusal_of("q f rfc RULE-1\n"),
            "pairs.txt:1: 'q' has 4 in place of 5 columns: quirk, fault, dialect, quirk's requirement, "
            "fault's requirement");
  EXPECT_NE(pair_refusal_of("q f rfc RULE-1 RULE-2 RULE-3\n"), "");
}

TEST(PairTable, UnknownDialectIsRefused) {
  EXPECT_EQ(pair_refusal_of("q f rcf RULE-1 RULE-2\n"),
            "pairs.txt:1: 'rcf' is no dialect; use rfc, strict or proxy");
}

TEST(PairTable, TableWithoutPairsIsRefused) {
  EXPECT_EQ(pair_refusal_of(""), "pairs.txt: the table has no pairs; name testsuites/faulty/pairs.txt");
}

class WholePairTable : public ::testing::Test {
 protected:
  std::vector<std::string> complaints() const { return complaints_about_pairs(pairs, {"q", "f"}); }

  const std::string one = Catalogue::shipped().all()[0].id, two = Catalogue::shipped().all()[1].id;
  std::vector<Pair> pairs{{"q", "f", "rfc", one, two, "t:1"}};
};

TEST_F(WholePairTable, IsInOrder) { EXPECT_THAT(complaints(), IsEmpty()); }

TEST_F(WholePairTable, PairListedTwice) {
  pairs.push_back({"q", "f", "rfc", one, two, "t:2"});
  EXPECT_THAT(complaints(), ElementsAre("t:2: q+f stands twice in the table"));
}

TEST_F(WholePairTable, FaultThatTheRelayDoesNotHave) {
  pairs[0].fault = "g";
  EXPECT_THAT(complaints(), ElementsAre("t:1: the faulty relay has no fault g"));
}

TEST_F(WholePairTable, RequirementThatDoesNotExist) {
  pairs[0].quirk_requirement = "RULE-0";
  EXPECT_THAT(complaints(), ElementsAre("t:1: there is no requirement RULE-0"));
}

TEST_F(WholePairTable, SameRequirementForBoth) {
  pairs[0].fault_requirement = one;
  EXPECT_THAT(complaints(), ElementsAre("t:1: quirk and fault have the same requirement"));
}

class PairJudgement : public ::testing::Test {
 protected:
  std::vector<std::string> complaints() const {
    return complaints_about(Pair{"q", "f", "rfc", "RULE-1", "RULE-2", ""}, o);
  }

  Outcome o{
      .changes = {},
      .deviations = {{"RULE-1", "hops", "x", "why", {"s/c", "s/d"}}, {"RULE-2", "", "", "why", {"s/e"}}}};
};

TEST_F(PairJudgement, OneDeviationByEachRuleHolds) { EXPECT_THAT(complaints(), IsEmpty()); }

TEST_F(PairJudgement, RuleThatNothingIsFoundBy) {
  o.deviations.pop_back();
  EXPECT_THAT(complaints(), ElementsAre("q+f: no deviation by RULE-2"));
}

TEST_F(PairJudgement, DeviationByAnotherRule) {
  o.deviations.push_back({"RULE-3", "hops", "z", "why", {"s/g", "s/h"}});
  EXPECT_THAT(complaints(), ElementsAre("q+f: also RULE-3 (hops; z) in s/g and 1 more: why"));
}

TEST_F(PairJudgement, CaseThatCouldNotJudge) {
  o.changes = {{"s/c", "error", "no start", {}}};
  EXPECT_THAT(complaints(), ElementsAre("q+f: s/c could not judge: no start"));
}

TEST_F(PairJudgement, RunThatFailedIsTheOnlyComplaint) {
  o.trouble = "killed";
  EXPECT_THAT(complaints(), ElementsAre("q+f: killed"));
}

}  // namespace
}  // namespace relayspec::trial
