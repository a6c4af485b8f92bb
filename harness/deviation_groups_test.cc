// SPDX-License-Identifier: Apache-2.0
#include "harness/deviation_groups.h"

#include <gmock/gmock.h>

#include "harness/deviations.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr const char* request_intact = "RFC1542-4.1.1-fields-intact";
constexpr const char* in_all_types = "RFC3046-2.1-all-message-types";
constexpr const char* same_copies = "SRV-copies-identical";

Finding finding(const std::string& requirement, const std::string& field, const std::string& kind,
                const std::string& accepted = "") {
  return {.verdict = Verdict::fail,
          .requirement = requirement,
          .field = field,
          .kind = kind,
          .accepted = accepted};
}

CaseResult case_of(const std::string& id, std::vector<Finding> findings) {
  CaseResult c{.id = id, .suite = "groups", .verdict = Verdict::fail};
  c.findings = std::move(findings);
  return c;
}

std::vector<std::string> kinds(const std::vector<CaseResult>& cases) {
  std::vector<std::string> all;
  for (const Deviation& d : deviations_of(cases)) all.push_back(d.kind);
  return all;
}

std::vector<std::string> requirements(const std::vector<CaseResult>& cases) {
  std::vector<std::string> all;
  for (const Deviation& d : deviations_of(cases)) all.push_back(d.requirement);
  return all;
}

TEST(DeviationGroups, AFieldThatBecomesZeroAmongOtherValuesIsChanged) {
  const Finding changed = finding(request_intact, "flags", "request flags changed"),
                zeroed = finding(request_intact, "flags", "request flags zeroed"),
                own = finding(request_intact, "siaddr", "request siaddr is the relay's address on uplink0");
  EXPECT_THAT(kinds({case_of("a", {changed, zeroed})}), ElementsAre("request flags changed"));
  EXPECT_THAT(kinds({case_of("a", {zeroed})}), ElementsAre("request flags zeroed"));
  EXPECT_THAT(
      kinds({case_of("a", {changed, own})}),
      UnorderedElementsAre("request flags changed", "request siaddr is the relay's address on uplink0"));
  EXPECT_THAT(kinds({case_of("a", {finding(request_intact, "siaddr", "request siaddr changed"), own})}),
              ElementsAre("request siaddr changed"));
}

TEST(DeviationGroups, WhatABaselineAcceptsTakesNoFurtherValueIn) {
  const Finding changed = finding(request_intact, "flags", "request flags changed", "known"),
                zeroed = finding(request_intact, "flags", "request flags zeroed");
  EXPECT_THAT(kinds({case_of("a", {changed, zeroed})}),
              UnorderedElementsAre("request flags changed", "request flags zeroed"));
}

TEST(DeviationGroups, Option82ThatIsMissingInManyMessagesIsMissingByTheGeneralRule) {
  const auto missing = [](const char* rule) {
    return finding(rule, "option 82", "request option 82 not added");
  };
  const Finding general = missing(in_all_types), by_policy = missing("POLICY-replace-takes-the-place");
  EXPECT_THAT(requirements({case_of("a", {general, general, general, general, by_policy})}),
              ElementsAre(in_all_types));
  EXPECT_THAT(requirements({case_of("a", {general, general, general, by_policy})}),
              UnorderedElementsAre(in_all_types, "POLICY-replace-takes-the-place"));
  EXPECT_THAT(requirements({case_of("a", {by_policy})}), ElementsAre("POLICY-replace-takes-the-place"));
}

TEST(DeviationGroups, CopiesThatDifferInANamedFieldAreNoFurtherDeviation) {
  const Finding field = finding(request_intact, "xid", "request xid changed"),
                copies = finding(same_copies, "behaviour", "not as it has to be");
  EXPECT_THAT(requirements({case_of("a", {field, copies})}), ElementsAre(request_intact));
  EXPECT_THAT(requirements({case_of("a", {field}), case_of("b", {copies})}),
              UnorderedElementsAre(request_intact, same_copies));
  EXPECT_THAT(requirements({case_of("a", {copies})}), ElementsAre(same_copies));
}

TEST(DeviationGroups, AServerThatIsLeftOutIsOneDeviation) {
  const Finding no_copy = finding("SRV-each-gets-copy", "message", "lost on the way to servers"),
                starts_not = finding("SRV-one-dead", "relay", "nothing comes through"),
                lost = finding("SRV-unroutable", "message", "lost on the way to servers"),
                instead = finding("SRV-each-gets-copy", "message", "unexpected"),
                others = finding("RFC1542-4.1.1-same-destination-set", "behaviour", "not as it has to be");
  EXPECT_THAT(requirements({case_of("a", {no_copy}), case_of("b", {starts_not}), case_of("c", {lost})}),
              ElementsAre("SRV-each-gets-copy"));
  EXPECT_THAT(requirements({case_of("a", {no_copy, instead}), case_of("b", {others})}),
              ElementsAre("RFC1542-4.1.1-same-destination-set"));
  EXPECT_THAT(requirements({case_of("b", {starts_not}), case_of("c", {lost})}),
              UnorderedElementsAre("SRV-one-dead", "SRV-unroutable"))
      << "where all servers get their copies else";
  EXPECT_THAT(kinds({case_of("a", {no_copy, instead})}),
              UnorderedElementsAre("lost on the way to servers", "unexpected"));
}

}  // namespace
}  // namespace relayspec
