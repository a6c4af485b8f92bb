// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/losses.h"

#include <gmock/gmock.h>

#include "harness/deviations.h"
#include "harness/engine/judge.h"

namespace relayspec {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr const char *kGeneral = "RFC1542-4.1.2-reply-delivered", *kLong = "RFC1542-2.1-larger-accepted",
                     *kSplit = "RFC3396-7-split-options-pass", *kInform = "RFC2131-4.3.5-inform-ack";

Finding lost_reply(const std::string& rule, std::vector<std::string> due_by) {
  return {.requirement = rule,
          .field = "message",
          .kind = kind::lost_to_clients,
          .reason = "reply to the client does not come out",
          .by = Finding::By::loss,
          .exhibit = {.segment = Segment::downlink0},
          .due_by = std::move(due_by)};
}

CaseResult case_of(const std::vector<Finding>& findings, const std::vector<std::string>& about = {}) {
  CaseResult r{.id = "suite/case", .requirements = about, .verdict = Verdict::fail};
  r.findings = findings;
  return r;
}

CaseResult case_that_delivers(const std::vector<RuleCount>& delivered) {
  CaseResult r{.id = "suite/other", .verdict = Verdict::pass};
  r.delivered = delivered;
  return r;
}

std::vector<std::string> rules(const std::vector<CaseResult>& results) {
  std::vector<std::string> all;
  for (const CaseResult& r : results) {
    for (const Finding& f : r.findings) all.push_back(f.requirement);
  }
  return all;
}

std::vector<CaseResult> named(std::vector<CaseResult> results) {
  name_losses(results);
  return results;
}

// The reply is long, and so are many that came: it is lost for something else.
TEST(Losses, RuleByWhichManyCameNamesNone) {
  const auto all =
      named({case_of({lost_reply(kLong, {kLong, kGeneral})}), case_of({lost_reply(kGeneral, {kGeneral})}),
             case_that_delivers({{kLong, 500}, {kGeneral, 60}})});
  EXPECT_THAT(rules(all), Each(kGeneral));
  EXPECT_EQ(deviations_of(all).size(), 1U);
}

TEST(Losses, LossByTheMostGeneralRuleOfAMessageWithSomethingOddIsThatOfACombination) {
  const auto all =
      named({case_of({lost_reply(kLong, {kLong, kGeneral})}), case_that_delivers({{kLong, 500}})});
  EXPECT_EQ(all[0].findings[0].requirement, kGeneral);
  EXPECT_EQ(all[0].findings[0].kind, lost_as_a_combination);
}

TEST(Losses, RuleByWhichNoneCameStays) {
  const auto all =
      named({case_of({lost_reply(kLong, {kLong, kGeneral})}), case_that_delivers({{kGeneral, 60}})});
  EXPECT_THAT(rules(all), ElementsAre(kLong));
}

TEST(Losses, PartOfTheMostGeneralRuleStays) {
  const auto all = named({case_of({lost_reply(kInform, {kInform, kGeneral})}),
                          case_that_delivers({{kInform, 50}, {kGeneral, 60}})});
  EXPECT_THAT(rules(all), ElementsAre(kInform));
}

// The message of such a case has nothing odd but that.
TEST(Losses, CaseThatIsAboutTheRuleKeepsIt) {
  const auto all =
      named({case_of({lost_reply(kLong, {kLong, kGeneral})}, {kLong}), case_that_delivers({{kLong, 500}})});
  EXPECT_THAT(rules(all), ElementsAre(kLong));
}

TEST(Losses, MessageThatIsLostByNoneOfItsRulesIsNamedByWhatItsCaseIsAbout) {
  const auto all = named({case_of({lost_reply(kSplit, {kSplit, kLong, kGeneral})}, {kLong}),
                          case_that_delivers({{kLong, 500}, {kSplit, 500}, {kGeneral, 60}})});
  EXPECT_THAT(rules(all), ElementsAre(kLong));
  EXPECT_EQ(all[0].findings[0].kind, kind::lost_to_clients);
}

// The first of its rules is the most general one: a NAK, say, is lost as any NAK is.
TEST(Losses, MessageThatIsLostByTheMostGeneralRuleFirstOfAllKeepsIt) {
  const auto all = named({case_of({lost_reply(kGeneral, {kGeneral, kLong, kGeneral})}, {kLong}),
                          case_of({lost_reply(kGeneral, {kGeneral})}),
                          case_that_delivers({{kLong, 500}, {kGeneral, 60}})});
  EXPECT_THAT(rules(all), Each(kGeneral));
}

// Only the longest are lost: each of them is long, and most that are long come.
TEST(Losses, RuleThatAllOfThemShareNamesThemIfACaseIsAboutIt) {
  const auto lost = [](const std::vector<std::string>& about) {
    return named({case_of({lost_reply(kSplit, {kSplit, kLong, kGeneral})}, about),
                  case_of({lost_reply(kSplit, {kSplit, kLong, kGeneral})}),
                  case_of({lost_reply(kGeneral, {kInform, kLong, kGeneral})}),
                  case_that_delivers({{kLong, 200}, {kSplit, 190}, {kInform, 5}, {kGeneral, 1000}})});
  };
  EXPECT_THAT(rules(lost({kLong})), Each(kLong));
  EXPECT_EQ(lost({kLong})[2].findings[0].kind, kind::lost_to_clients);
  EXPECT_THAT(rules(lost({})), Each(kGeneral)) << "they share it by chance";
}

TEST(Losses, RuleThatNamesOthersNamesThoseThatShareIt) {
  const auto all = named({case_of({lost_reply(kLong, {kLong, kGeneral})}, {kLong}),
                          case_of({lost_reply(kSplit, {kSplit, kLong, kGeneral})}),
                          case_that_delivers({{kLong, 100}, {kSplit, 90}, {kGeneral, 1000}})});
  EXPECT_THAT(rules(all), Each(kLong));
}

// No ACK to an INFORM comes, under whatever settings; under some another rule speaks of it too.
TEST(Losses, AllThatAnotherRuleSpeaksOfTooAreLostByThatOneWhereItNamesMore) {
  const Finding plain = lost_reply(kInform, {kInform, kGeneral}),
                special = lost_reply(kSplit, {kSplit, kInform, kGeneral});
  const auto all =
      named({case_of({plain, plain}), case_of({special}), case_that_delivers({{kGeneral, 1000}})});
  EXPECT_THAT(rules(all), Each(kInform));
}

TEST(Losses, OfTheOtherWayAreOthers) {
  Finding request = lost_reply("RFC1542-4.1.1-request-relayed", {"RFC1542-4.1.1-request-relayed"});
  request.exhibit.segment = Segment::uplink;
  const auto all = named({case_of({request}), case_of({lost_reply(kInform, {kInform, kGeneral})})});
  EXPECT_THAT(rules(all), ElementsAre("RFC1542-4.1.1-request-relayed", kInform));
}

TEST(Losses, VerdictAndRemarksOfTheCaseFollow) {
  CaseResult r = case_of({lost_reply("MALF-yiaddr-off-subnet", {"MALF-yiaddr-off-subnet", kGeneral})});
  r.findings[0].verdict = r.verdict = Verdict::warn;
  r.difference = "warn [MALF-yiaddr-off-subnet] lost\nalso: this\n";
  const auto all = named({r, case_that_delivers({{"MALF-yiaddr-off-subnet", 500}})});
  EXPECT_EQ(all[0].verdict, Verdict::fail);
  EXPECT_THAT(all[0].difference,
              testing::AllOf(testing::HasSubstr(kGeneral), testing::HasSubstr("also: this\n")));
}

}  // namespace
}  // namespace relayspec
