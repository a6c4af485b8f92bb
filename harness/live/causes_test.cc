// SPDX-License-Identifier: Apache-2.0
#include "harness/live/causes.h"

#include <gmock/gmock.h>

namespace relayspec::live {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Kind = Departure::Kind;

const RuleOnFate on_hops{"hops", true}, on_all{"general", true}, on_cut{"cut", false}, on_secs{"secs", false};

/// A request that the reference relays and the relay does not.
Departure lost(Culprit culprit) { return {.kind = Kind::lost, .culprit = culprit}; }

std::vector<std::string> rules_of(const std::map<Cause, std::vector<Sample>>& groups) {
  std::vector<std::string> rules;
  for (const auto& [cause, samples] : groups) rules.push_back(cause.requirement);
  return rules;
}

TEST(Causes, OfALossIsTheRuleOfWhichMostIsLost) {
  Causes causes;
  for (std::uint64_t n = 0; n < 9; ++n) causes.note(n, 1, {}, {on_all}, true, true);
  causes.note(9, 2, {lost(Culprit::relay)}, {on_hops, on_all}, true, false);
  causes.note(10, 1, {lost(Culprit::relay)}, {on_hops, on_all}, true, false);
  const auto groups = causes.grouped();
  ASSERT_THAT(rules_of(groups), ElementsAre("hops"));
  const auto& [cause, samples] = *groups.begin();
  EXPECT_EQ(cause.culprit, Culprit::relay);
  ASSERT_THAT(samples, SizeIs(2));
  EXPECT_EQ(samples[0].number, 10U) << "the one with fewer edits first";
}

// What may be dropped is dropped by the rule that leaves it, or for what is lost where it has to come.
TEST(Causes, OfWhatMayBeDroppedIsAChoiceUnlessItIsLostElsewhere) {
  Causes causes;
  causes.note(0, 1, {lost(Culprit::nobody)}, {on_cut, on_all}, true, false);
  causes.note(1, 1, {}, {on_all}, true, true);
  EXPECT_THAT(rules_of(causes.grouped()), ElementsAre("cut"));
  EXPECT_EQ(causes.grouped().begin()->first.culprit, Culprit::nobody);

  for (std::uint64_t n = 2; n < 6; ++n) causes.note(n, 1, {lost(Culprit::relay)}, {on_hops}, true, false);
  for (std::uint64_t n = 6; n < 9; ++n) causes.note(n, 1, {}, {on_secs}, true, true);
  causes.note(9, 1, {lost(Culprit::nobody)}, {on_secs, on_hops}, true, false);
  const auto groups = causes.grouped();
  EXPECT_THAT(rules_of(groups), ElementsAre("cut", "hops"));
}

TEST(Causes, OfContentOfWhichTheModelSaysNothingIsThatOfTheSame) {
  Causes causes;
  Departure judged{.how = "reply hops +1", .requirement = "rule", .culprit = Culprit::relay};
  Departure unjudged{.how = "reply hops +1", .requirement = "another", .judged = false};
  causes.note(0, 1, {unjudged}, {}, true, true);
  causes.note(1, 1, {judged}, {}, true, true);
  const auto groups = causes.grouped();
  ASSERT_THAT(rules_of(groups), ElementsAre("rule"));
  EXPECT_EQ(in_words(groups.begin()->first), "hops +1 in replies");
  EXPECT_THAT(groups.begin()->second, SizeIs(2));
}

TEST(Causes, AreDescribedInWords) {
  EXPECT_EQ(in_words({.kind = Kind::lost, .culprit = Culprit::relay}), "requests lost");
  EXPECT_EQ(in_words({.kind = Kind::lost, .reply = true}), "replies dropped, which is allowed");
  EXPECT_EQ(in_words({.kind = Kind::extra, .culprit = Culprit::relay}),
            "requests that must be dropped come out");
  EXPECT_EQ(in_words({.kind = Kind::content, .how = "request option 12 (Host Name) lost"}),
            "option 12 (Host Name) lost in requests");
}

}  // namespace
}  // namespace relayspec::live
