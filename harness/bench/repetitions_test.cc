// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/repetitions.h"

#include <gmock/gmock.h>

#include "harness/bench/case_verdict.h"
#include "harness/engine/testing_toy.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Finding found(const std::string& rule, Finding::By by, const std::string& reason = "it deviates") {
  return {.verdict = Verdict::fail,
          .requirement = rule,
          .field = "message",
          .kind = "kind",
          .reason = reason,
          .by = by};
}
const Finding wrong = found("RFC1542-4.1.1-hops-increment", Finding::By::content);
const Finding lost = found("RFC1542-4.1.1-request-relayed", Finding::By::loss);
const Finding silenced = found("IF-flap", Finding::By::end);

class Repetitions : public ::testing::Test {
 protected:
  Repetitions() : bed({.name = "toy"}, Dialect::rfc, make()) {}
  std::unique_ptr<fake::FakeDevice> make() {
    auto made = std::make_unique<fake::FakeDevice>();
    device = made.get();
    return made;
  }
  /// What each run of the case finds, the last of these in all that follow; `meanwhile` is called in each.
  const CaseResult& result_of(
      std::vector<std::vector<Finding>> finds, const std::function<void()>& meanwhile = [] {}) {
    runs = 0;
    run_with_repetitions(bed, [&] {
      meanwhile();
      CaseResult r{.id = "suite/case"};
      r.findings = finds[std::min(runs++, finds.size() - 1)];
      r.verdict = Verdict::pass;
      if (!r.findings.empty()) judge_by_findings(r);
      bed.results.push_back(r);
      bed.settings_of_results.emplace_back();
    });
    EXPECT_THAT(bed.results, SizeIs(1));
    return bed.results.front();
  }
  std::vector<std::string> rules() const {
    std::vector<std::string> all;
    for (const Finding& f : bed.results.back().findings) all.push_back(f.requirement);
    return all;
  }

  fake::FakeDevice* device = nullptr;
  TestBed bed;
  std::size_t runs = 0;
};

TEST_F(Repetitions, WhatIsCertainIsJudgedOnce) {
  EXPECT_EQ(result_of({{wrong}}).verdict, Verdict::fail);
  EXPECT_EQ(runs, 1U);
}

TEST_F(Repetitions, WhatMayHaveComeLateIsJudgedAgain) {
  EXPECT_EQ(result_of({{wrong}, {}}, [&] { bed.session().note_doubt(); }).verdict, Verdict::pass);
  EXPECT_EQ(runs, 2U);
  EXPECT_GT(bed.session().lag(), 0ms) << "the relay is known to be late from here on";
}

TEST_F(Repetitions, WhatDeviatesAgainIsTheRelays) {
  EXPECT_EQ(result_of({{wrong}}, [&] { bed.session().note_doubt(); }).verdict, Verdict::fail);
  EXPECT_EQ(runs, 2U);
  EXPECT_EQ(bed.session().lag(), 0ms);
  EXPECT_EQ(bed.vain_repetitions, 1);
}

TEST_F(Repetitions, ARelayThatAlwaysDeviatesIsNotAskedAgainWithoutEnd) {
  bed.vain_repetitions = 20;
  result_of({{wrong}}, [&] { bed.session().note_doubt(); });
  EXPECT_EQ(runs, 1U);
}

TEST_F(Repetitions, WhatIsLostOfManyIsSentAFewAtATime) {
  std::vector<bool> few;
  const auto send_many = [&] {
    few.push_back(bed.session().sends_few_at_a_time());
    bed.session().note_burst(100);
  };
  EXPECT_EQ(result_of({{lost}, {}}, send_many).verdict, Verdict::pass);
  EXPECT_THAT(few, ElementsAre(false, true));
  EXPECT_FALSE(bed.session().sends_few_at_a_time()) << "the next case sends as always";
}

TEST_F(Repetitions, WhatIsLostOfAFewIsTheRelays) {
  EXPECT_EQ(result_of({{lost}, {}}, [&] { bed.session().note_burst(4); }).verdict, Verdict::fail);
  EXPECT_EQ(runs, 1U);
}

TEST_F(Repetitions, WhatIsWrongBesideALossIsTheRelays) {
  EXPECT_EQ(result_of({{lost, wrong}, {}}, [&] { bed.session().note_burst(100); }).verdict, Verdict::fail);
  EXPECT_EQ(runs, 1U);
}

TEST_F(Repetitions, ALateRelayHasToDeviateTwice) {
  bed.session().note_lag(5ms);
  EXPECT_EQ(result_of({{wrong}, {}}).verdict, Verdict::pass);
  bed.results.clear();
  bed.settings_of_results.clear();
  EXPECT_EQ(result_of({{wrong}, {wrong}}).verdict, Verdict::fail);
  EXPECT_EQ(runs, 2U);
}

TEST_F(Repetitions, OnSharedLinksADeviationIsSeenThreeTimes) {
  device->others_send = true;
  EXPECT_EQ(result_of({{lost}, {wrong}, {wrong}, {}}).verdict, Verdict::pass);
  bed.results.clear();
  bed.settings_of_results.clear();
  EXPECT_EQ(result_of({{wrong}, {wrong, lost}, {wrong}}).verdict, Verdict::fail);
  EXPECT_EQ(runs, 3U);
  EXPECT_THAT(rules(), ElementsAre(wrong.requirement));
}

TEST_F(Repetitions, ARelayThatEndsAgainEndsOfTheDisturbance) {
  result_of({{silenced}});
  EXPECT_EQ(runs, 2U);
  EXPECT_THAT(rules(), ElementsAre("IF-flap"));
}

TEST_F(Repetitions, ARelayThatOutlivesTheDisturbanceHasEndedOfSomethingElse) {
  EXPECT_EQ(result_of({{silenced}, {}}).verdict, Verdict::fail);
  EXPECT_EQ(runs, 2U);
  EXPECT_THAT(rules(), ElementsAre(liveness_rule));
}

TEST_F(Repetitions, AnEndByTheRuleOfLivenessIsJudgedOnce) {
  result_of({{found(std::string(liveness_rule), Finding::By::end)}});
  EXPECT_EQ(runs, 1U);
}

}  // namespace
}  // namespace relayspec
