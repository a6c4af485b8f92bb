// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/outcome.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace relayspec::trial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Finding finding(Verdict v, const std::string& requirement, const std::string& kind,
                Finding::By by = Finding::By::content) {
  return {.verdict = v, .requirement = requirement, .field = "hops", .kind = kind, .reason = "why", .by = by};
}

CaseResult result(const std::string& id, Verdict v, std::vector<Finding> findings) {
  CaseResult r;
  r.id = id;
  r.verdict = v;
  r.reason = "reason of " + id;
  r.findings = std::move(findings);
  return r;
}

TEST(Changes, AreTheCasesThatDeviateOrCouldNotJudge) {
  const std::vector<CaseResult> results{
      result("s/pass", Verdict::pass, {}), result("s/fail", Verdict::fail, {}),
      result("s/warn", Verdict::warn, {}), result("s/note", Verdict::note, {}),
      result("s/skip", Verdict::skip, {}), result("s/error", Verdict::error, {})};
  const auto changes = changes_in(results);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0], (Change{"s/fail", "fail", "reason of s/fail", {}}));
  EXPECT_EQ(changes[1].verdict, "warn");
  EXPECT_EQ(changes[2].verdict, "error");
}

TEST(Changes, NameEachBrokenRuleOnceWithItsWay) {
  const std::vector<CaseResult> results{result(
      "s/c", Verdict::fail,
      {finding(Verdict::fail, "RULE-1", "x"), finding(Verdict::fail, "RULE-1", "y"),
       finding(Verdict::warn, "RULE-1", "", Finding::By::loss), finding(Verdict::note, "RULE-2", "")})};
  EXPECT_THAT(changes_in(results).at(0).broken, ElementsAre("content RULE-1", "loss RULE-1"));
}

TEST(Deviations, AreFindingsOfAllCasesWithTheSameRequirementFieldAndKind) {
  const std::vector<CaseResult> results{
      result("s/one", Verdict::fail,
             {finding(Verdict::fail, "RULE-1", "x"), finding(Verdict::fail, "RULE-1", "x")}),
      result("s/two", Verdict::fail,
             {finding(Verdict::fail, "RULE-1", "y"), finding(Verdict::fail, "RULE-1", "x")})};
  EXPECT_THAT(deviations_in(results), ElementsAre(Deviation{"RULE-1", "hops", "x", "why", {"s/one", "s/two"}},
                                                  Deviation{"RULE-1", "hops", "y", "why", {"s/two"}}));
}

TEST(Deviations, NotesAreNone) {
  const std::vector<CaseResult> results{
      result("s/c", Verdict::note, {finding(Verdict::note, "RULE-1", "x")})};
  EXPECT_THAT(deviations_in(results), IsEmpty());
}

TEST(Outcomes, ComeOutOfTheOctetsAsTheyWentIn) {
  const Outcome o{.changes = {{"s/c", "fail", "octets \xff", {"loss RULE-1"}}},
                  .deviations = {{"RULE-1", "hops", "x", "why", {"s/c", "s/d"}}},
                  .seconds = 1.5};
  const auto back = unpack<Outcome>(pack(o));
  EXPECT_EQ(back.changes, o.changes);
  EXPECT_EQ(back.deviations, o.deviations);
  EXPECT_EQ(back.seconds, o.seconds);
}

// What a relay prints may be no UTF-8.
TEST(Outcomes, LineOfJsonIsOneLineWhateverIsInIt) {
  const Outcome o{.changes = {{"s/c", "fail", "octets \xff\n", {}}}, .deviations = {}};
  const auto line = nlohmann::json::parse(json_line("q+f", "rfc", o));
  EXPECT_EQ(json_line("q+f", "rfc", o).find('\n'), std::string::npos);
  EXPECT_EQ(line["fault"], "q+f");
  EXPECT_EQ(line["changes"][0]["id"], "s/c");
}

}  // namespace
}  // namespace relayspec::trial
