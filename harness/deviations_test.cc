// SPDX-License-Identifier: Apache-2.0
#include "harness/deviations.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr const char* kMust = "RFC1542-4.1.1-hops-over-16-discard";
constexpr const char* kShould = "RFC1542-4.1.1-ttl";
constexpr const char* kCustom = "RFC1542-4.1.1-secs-byte-order";

Finding finding_about_hops(const std::string& requirement, Verdict verdict = Verdict::fail) {
  return {.verdict = verdict,
          .requirement = requirement,
          .field = "hops",
          .kind = "request hops of " + requirement,
          .reason = "request to server 1: hops: expected 2, observed 1",
          .expected = "hops 2",
          .observed = "hops 1"};
}

CaseResult case_with(const std::string& id, std::vector<Finding> findings, std::size_t frames = 1) {
  CaseResult c{.id = id, .suite = "hops", .verdict = Verdict::fail};
  c.findings = std::move(findings);
  c.frames.resize(frames);
  c.config = "settings of " + id;
  c.evidence = "evidence/" + id;
  return c;
}

std::vector<std::string> requirements(const std::vector<Deviation>& deviations) {
  std::vector<std::string> ids;
  for (const Deviation& d : deviations) ids.push_back(d.requirement);
  return ids;
}

TEST(Deviations, FindingsWithEqualRequirementFieldAndKindAreOne) {
  const auto all = deviations_of({case_with("a", {finding_about_hops(kMust), finding_about_hops(kMust)}),
                                  case_with("b", {finding_about_hops(kMust)})});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].findings, 3U);
  EXPECT_THAT(all[0].cases, ElementsAre("a", "b"));
  EXPECT_EQ(all[0].field, "hops");
  EXPECT_EQ(all[0].kind, "request hops of " + std::string(kMust));
  EXPECT_EQ(all[0].level, "MUST");
  EXPECT_EQ(all[0].clause, "RFC 1542, section 4.1.1");
}

TEST(Deviations, AnotherRequirementFieldOrKindIsAnotherOne) {
  Finding field = finding_about_hops(kMust), kind = finding_about_hops(kMust);
  field.field = "giaddr";
  kind.kind = "request hops +2";
  EXPECT_EQ(
      deviations_of({case_with("a", {finding_about_hops(kMust), finding_about_hops(kShould), field, kind})})
          .size(),
      4U);
}

// One cause: the relay changes the field in one way, and some messages break a milder rule by it.
TEST(Deviations, TheSameDifferenceByAnotherRuleIsThatOfTheStrictestRule) {
  Finding mild = finding_about_hops(kShould, Verdict::warn), strict = finding_about_hops(kMust);
  mild.kind = strict.kind = "request hops +2";
  const auto all = deviations_of({case_with("a", {mild}), case_with("b", {strict}), case_with("c", {mild})});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].requirement, kMust);
  EXPECT_EQ(all[0].verdict, Verdict::fail);
  EXPECT_THAT(all[0].cases, testing::UnorderedElementsAre("a", "b", "c"));
}

TEST(Deviations, OfEquallyStrictRulesTheOneThatMostFindingsNameIsSaid) {
  Finding once = finding_about_hops("RFC1542-4.1.1-giaddr-fill"), twice = finding_about_hops(kMust);
  once.kind = twice.kind = "request hops +2";
  const auto all = deviations_of({case_with("a", {once}), case_with("b", {twice}), case_with("c", {twice})});
  EXPECT_THAT(requirements(all), ElementsAre(kMust));
}

// Each rule about it is for other settings or messages.
TEST(Deviations, AnOption82TooManyIsAnotherDeviationByEachRule) {
  Finding relayed = finding_about_hops("RFC3046-2.1.1-relayed-no-82-added"),
          long_one = finding_about_hops("RFC3046-2.1-mtu-guard");
  relayed.kind = long_one.kind = "request option 82 added";
  EXPECT_EQ(deviations_of({case_with("a", {relayed, long_one})}).size(), 2U);
}

// A relay that cuts a message loses all the options behind the cut.
TEST(Deviations, MoreThanThreeOptionsWithTheSameChangeAreOne) {
  std::vector<Finding> lost;
  for (const char* number : {"12", "43", "61", "82", "224"}) {
    lost.push_back(finding_about_hops(kMust));
    lost.back().field = std::string("option ") + number;
    lost.back().kind = std::string("reply option ") + number + " missing";
  }
  const auto all = deviations_of({case_with("a", lost)});
  ASSERT_EQ(all.size(), 2U) << "option 82 is another";
  EXPECT_EQ(all[1].field, "options");
  EXPECT_EQ(all[1].kind, "reply options missing");
  EXPECT_EQ(all[1].findings, 4U);
  lost.pop_back();
  EXPECT_EQ(deviations_of({case_with("a", lost)}).size(), 4U);
}

Finding finding_of_kind(const std::string& requirement, const std::string& field, const std::string& kind) {
  Finding f = finding_about_hops(requirement);
  f.field = field;
  f.kind = kind;
  return f;
}

// A relay that sets hops to one value is wrong by another number each time.
TEST(Deviations, HopsThatAreWrongByManyNumbersAreChangedOnce) {
  std::vector<Finding> found;
  for (const char* by : {"-1", "-2"})
    found.push_back(finding_of_kind(kMust, "hops", std::string("reply hops ") + by));
  EXPECT_EQ(deviations_of({case_with("a", found)}).size(), 2U);
  found.push_back(finding_of_kind(kMust, "hops", "reply hops -17"));
  const auto all = deviations_of({case_with("a", found)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, "reply hops changed");
  EXPECT_EQ(all[0].findings, 3U);
}

// Its own address is one value to a relay, whichever network that is on.
TEST(Deviations, TheSameChangeOnAnotherDownlinkIsTheSame) {
  const auto to = [](const std::string& address) {
    return finding_of_kind(kMust, "option 54", "reply option 54 changed to the relay's " + address);
  };
  EXPECT_EQ(deviations_of({case_with("a", {to("address on downlink0"), to("address on downlink1")})}).size(),
            1U);
  EXPECT_EQ(deviations_of({case_with("a", {to("address on downlink0"), to("uplink address")})}).size(), 2U);
}

TEST(Deviations, WhatComesLateByARuleIsWhatOtherCasesFindByIt) {
  EXPECT_EQ(deviations_of({case_with("a", {finding_of_kind(kMust, "message", "unexpected")}),
                           case_with("b", {finding_of_kind(kMust, "message", "late")})})
                .size(),
            1U);
}

TEST(Deviations, PaddingIsLostWithTheOctetsBehindEnd) {
  const auto lost = [](const std::string& kind) { return finding_of_kind(kMust, "octets at the end", kind); };
  EXPECT_EQ(
      deviations_of({case_with("a", {lost("reply trailing padding"), lost("reply trailing octets")})}).size(),
      1U);
  EXPECT_EQ(deviations_of({case_with("a", {lost("reply trailing padding"), lost("request trailing octets")})})
                .size(),
            2U);
}

TEST(Deviations, EndAndPadsAreOctetsOfOptionsThatAreTorn) {
  const Finding torn = finding_of_kind(kMust, "options", "reply options torn"),
                end = finding_of_kind("RFC2131-4.1-end-present", "END", "reply option 255 missing"),
                pad = finding_of_kind(kMust, "PAD", "reply option 0 missing"),
                other = finding_of_kind(kMust, "option 12", "reply option 12 missing");
  EXPECT_EQ(deviations_of({case_with("a", {torn, end, pad})}).size(), 1U);
  EXPECT_EQ(deviations_of({case_with("a", {torn, other})}).size(), 2U);
}

TEST(Deviations, OptionsWithoutEndAreTornHereAndThere) {
  const Finding torn = finding_of_kind(kMust, "options", "reply options torn"),
                end = finding_of_kind("RFC2131-4.1-end-present", "END", "reply option 255 missing");
  EXPECT_THAT(requirements(deviations_of({case_with("a", {torn, end, end})})),
              ElementsAre("RFC2131-4.1-end-present"));
}

TEST(Deviations, OctetsBehindEndThatAreTheRelaysOption82AreThat) {
  const Finding tail = finding_of_kind(kMust, "octets at the end", "request trailing octets"),
                own = finding_of_kind("RFC3046-2.1-last-before-end", "option 82",
                                      "request option 82 behind END");
  EXPECT_THAT(requirements(deviations_of({case_with("a", {tail, tail, own})})),
              ElementsAre("RFC3046-2.1-last-before-end"));
}

TEST(Deviations, ManyTornMessagesAreAFewWithAChangedOption) {
  const Finding torn = finding_of_kind(kMust, "options", "reply options torn"),
                other = finding_of_kind("RFC2132-9.7-server-id-kept-reply", "option 54",
                                        "reply option 54 changed"),
                echo = finding_of_kind(kMust, "option 82", "reply option 82 added");
  EXPECT_EQ(deviations_of({case_with("a", {torn, torn, torn, torn, other})}).size(), 1U);
  EXPECT_EQ(deviations_of({case_with("a", {torn, torn, torn, other})}).size(), 2U);
  EXPECT_EQ(deviations_of({case_with("a", {torn, torn, torn, torn, echo})}).size(), 2U);
}

TEST(Deviations, APartOfAPartIsAPartOfTheWhole) {
  const auto all = deviations_of({case_with("a", {finding_about_hops("SEC-clientside-spoofed-server-source"),
                                                  finding_about_hops("MALF-op-2-clientside")})});
  EXPECT_THAT(requirements(all), ElementsAre("MALF-op-2-clientside"));
}

// RFC 2131, table 3, has hops 0 in a reply: one that is lost for its hops came to no wrong address.
TEST(Deviations, OfAnotherFieldNothingIsAPart) {
  Finding part = finding_about_hops("RFC2131-table3-server-hops-copied"),
          whole = finding_about_hops("RFC1542-4.1.2-reply-delivered");
  part.field = "message";
  whole.field = "destination";
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 2U);
  whole.field = "message";
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 1U);
}

TEST(Deviations, RequestsThatAreLostByManyRulesAreLostByTheMostGeneralOne) {
  std::vector<Finding> lost;
  for (const char* rule : {"RFC1542-4.1.1-request-relayed", "RFC1542-2.1-larger-accepted",
                           "RFC3396-7-split-options-pass", "RFC2132-2-pad-between-options"}) {
    lost.push_back(finding_about_hops(rule));
    lost.back().field = "message";
    lost.back().kind = "lost on the way to servers";
  }
  EXPECT_THAT(requirements(deviations_of({case_with("a", lost)})),
              ElementsAre("RFC1542-4.1.1-request-relayed"));
  EXPECT_EQ(deviations_of({case_with("a", {lost.begin(), lost.begin() + 3})}).size(), 3U);
  EXPECT_EQ(deviations_of({case_with("a", {lost.begin() + 1, lost.end()})}).size(), 3U);
}

TEST(Deviations, LostRequestsArePartOfALossButNoContentAndNoReplyIs) {
  Finding part = finding_about_hops("RFC2131-4.3.5-inform-relayed"),
          whole = finding_about_hops("RFC1542-4.1.1-request-relayed");
  part.field = whole.field = "message";
  part.kind = whole.kind = "lost on the way to servers";
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 1U);
  whole.due_by = {"RFC3396-7-split-options-pass", whole.requirement};
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 2U) << "that one is special too";
  whole.due_by = {whole.requirement};
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 1U);
  part.kind = "lost on the way to clients";
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 2U);
  part.field = "option 12 (Host Name)";
  part.kind = "request option 12 changed";
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 2U);
}

// Others of the kind of message that a rule speaks of have come.
TEST(Deviations, OfACombinationThatIsLostNothingIsAPart) {
  Finding part = finding_about_hops("RFC1542-5.4-bootp-reply-delivered"),
          whole = finding_about_hops("RFC1542-4.1.2-reply-delivered");
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 1U);
  whole.kind = lost_as_a_combination;
  EXPECT_EQ(deviations_of({case_with("a", {part, whole})}).size(), 2U);
}

TEST(Deviations, WholeMessagesOfAnotherRuleAreAnotherDeviation) {
  Finding request = finding_about_hops(kShould), bootp = finding_about_hops(kMust);
  request.field = bootp.field = "message";
  request.kind = bootp.kind = "lost on the way to servers";
  EXPECT_EQ(deviations_of({case_with("a", {request, bootp})}).size(), 2U);
}

TEST(Deviations, AnEmptyFieldAndKindGroupToo) {
  const Finding bare{.requirement = kMust, .reason = "x"};
  EXPECT_EQ(deviations_of({case_with("a", {bare}), case_with("b", {bare})}).size(), 1U);
}

TEST(Deviations, AnUnknownRequirementHasNoLevelAndStandsBehindTheKnown) {
  const auto all =
      deviations_of({case_with("a", {finding_about_hops("X-unknown"), finding_about_hops(kCustom)})});
  EXPECT_THAT(requirements(all), ElementsAre(kCustom, "X-unknown"));
  EXPECT_EQ(all[1].level, "");
  EXPECT_EQ(all[1].clause, "");
}

TEST(Deviations, TheCaseWithTheFewestFramesIsTheExample) {
  Finding shortest = finding_about_hops(kMust);
  shortest.observed = "hops 7";
  shortest.octets = "octet 3: 02 07";
  const auto all =
      deviations_of({case_with("a", {finding_about_hops(kMust)}, 9), case_with("b", {shortest}, 2),
                     case_with("c", {finding_about_hops(kMust)}, 2)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].case_id, "b");
  EXPECT_EQ(all[0].evidence, "evidence/b");
  EXPECT_EQ(all[0].settings, "settings of b");
  EXPECT_EQ(all[0].observed, "7");
  EXPECT_EQ(all[0].octets, "octet 3: 02 07");
  EXPECT_THAT(all[0].cases, ElementsAre("a", "b", "c"));
}

TEST(Deviations, TheWorstVerdictCountsAndItsCaseIsTheExample) {
  const auto all = deviations_of({case_with("a", {finding_about_hops(kMust, Verdict::warn)}, 1),
                                  case_with("b", {finding_about_hops(kMust)}, 9)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].verdict, Verdict::fail);
  EXPECT_EQ(all[0].case_id, "b");
}

TEST(Deviations, FailStandsBeforeWarnMustBeforeShouldThenTheNumberOfCasesThenTheId) {
  const Finding twice = finding_about_hops("RFC1542-4.1.1-giaddr-fill");
  const auto all =
      deviations_of({case_with("a", {finding_about_hops(kCustom),
                                     finding_about_hops("RFC1542-4.1-accept-src-zero", Verdict::warn),
                                     finding_about_hops(kShould), twice}),
                     case_with("b", {finding_about_hops("RFC1542-4.1.1-options-intact"),
                                     finding_about_hops("RFC1542-4.1.1-fields-intact"), twice})});
  EXPECT_THAT(requirements(all),
              ElementsAre("RFC1542-4.1.1-giaddr-fill", "RFC1542-4.1.1-fields-intact",
                          "RFC1542-4.1.1-options-intact", kShould, kCustom, "RFC1542-4.1-accept-src-zero"));
}

TEST(Deviations, NotesAreChoicesAndNoDeviations) {
  const std::vector<CaseResult> cases = {
      case_with("a", {finding_about_hops(kMust, Verdict::note), finding_about_hops(kShould)})};
  EXPECT_THAT(requirements(deviations_of(cases)), ElementsAre(kShould));
  EXPECT_THAT(requirements(choices_of(cases)), ElementsAre(kMust));
}

TEST(Deviations, EqualCombinationsAreCounted) {
  Finding nak = finding_about_hops(kMust), ack = finding_about_hops(kMust);
  nak.combination = "NAK, no flag";
  ack.combination = "ACK, no flag";
  const auto all = deviations_of({case_with("a", {nak, ack, nak, finding_about_hops(kMust)})});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].combination, "NAK, no flag");
  EXPECT_THAT(all[0].combinations, ElementsAre(Pair("NAK, no flag", 2), Pair("ACK, no flag", 1)));
}

TEST(Deviations, FieldExpectedAndObservedAreSaidOnce) {
  const Deviation d = deviations_of({case_with("a", {finding_about_hops(kMust)})})[0];
  EXPECT_EQ(d.reason, "request to server 1: hops");
  EXPECT_EQ(d.expected, "2");
  EXPECT_EQ(d.observed, "1");
}

TEST(Deviations, OctetsAreLeftOutWhereTheTextsDifferWithoutThem) {
  Finding f = finding_about_hops(kMust);
  f.reason = "unexpected DISCOVER option 82 [01 06 66 … (19 octets in all)] on [uplink0]";
  f.expected = "option 82 not there";
  f.observed = "option 82 3 octets [01 01 66]";
  const Deviation d = deviations_of({case_with("a", {f})})[0];
  EXPECT_EQ(d.reason, "unexpected DISCOVER option 82 on [uplink0]");
  EXPECT_EQ(d.expected, "option 82 not there");
  EXPECT_EQ(d.observed, "option 82 3 octets");
}

TEST(Deviations, OctetsStayWhereTheyAreTheDifference) {
  Finding f = finding_about_hops(kMust);
  f.expected = "option 82 3 octets [01 01 66]";
  f.observed = "option 82 3 octets [01 01 67]";
  const Deviation d = deviations_of({case_with("a", {f})})[0];
  EXPECT_EQ(d.expected, f.expected);
  EXPECT_EQ(d.observed, f.observed);
}

TEST(Deviations, AreAcceptedWhenEveryFindingIsAndStandLastThen) {
  Finding accepted = finding_about_hops(kMust);
  accepted.accepted = "known";
  const auto all = deviations_of(
      {case_with("a", {accepted, finding_about_hops(kCustom, Verdict::warn)}), case_with("b", {accepted})});
  EXPECT_THAT(requirements(all), ElementsAre(kCustom, kMust));
  EXPECT_EQ(all[1].accepted, "known");
}

TEST(Deviations, AFindingThatIsNotAcceptedIsTheExample) {
  Finding accepted = finding_about_hops(kMust);
  accepted.accepted = "known";
  const auto all =
      deviations_of({case_with("a", {accepted}, 1), case_with("b", {finding_about_hops(kMust)}, 9)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].accepted, "");
  EXPECT_EQ(all[0].case_id, "b");
}

TEST(Deviations, AFailureWithoutAFindingIsNotLost) {
  CaseResult c = case_with("a", {});
  c.requirements = {kMust};
  c.reason = "the relay died";
  const auto all = deviations_of({c});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].requirement, kMust);
  EXPECT_EQ(all[0].reason, "the relay died");
}

TEST(Deviations, APassHasNone) {
  CaseResult c = case_with("a", {});
  c.verdict = Verdict::pass;
  EXPECT_THAT(deviations_of({c}), IsEmpty());
}

}  // namespace
}  // namespace relayspec
