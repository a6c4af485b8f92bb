// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/workers.h"

#include <unistd.h>

#include "harness/cli/testing_cases.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

// Passes every case of a plan, without a relay.
Outcome pass_all(const NextBatch& next, const Progress& progress) {
  Outcome all;
  while (const Batch* batch = next()) {
    for (const PlannedCase& c : batch->cases) {
      all.cases.push_back({.id = c.id, .verdict = Verdict::pass});
      if (progress) progress(c.id);
    }
    all.unexplained.push_back("u " + describe(batch->settings));
    all.remarks.push_back("r " + describe(batch->settings));
    all.relay_output += "o";
  }
  return all;
}

/// Over one relay.
Outcome spread_one(const std::vector<std::string>& ids, unsigned jobs, const Work& work,
                   const Progress& progress = {}) {
  return spread(ids, jobs, {{.work = work}},
                [&](std::size_t, const std::string& id) {
                  if (progress) progress(id);
                })
      .front();
}

std::vector<std::string> ids_of(const Outcome& outcome) {
  std::vector<std::string> all;
  for (const CaseResult& r : outcome.cases) all.push_back(r.id);
  return all;
}

const std::vector<std::string> reversed(toy_cases::ids.rbegin(), toy_cases::ids.rend());

TEST(Workers, ResultsAreInTheOrderOfTheIds) {
  for (const unsigned jobs : {1U, 2U, 8U}) {
    EXPECT_THAT(ids_of(spread_one(reversed, jobs, pass_all)), ElementsAreArray(reversed)) << jobs;
    EXPECT_THAT(ids_of(spread_one({toy_cases::ids[1]}, jobs, pass_all)), ElementsAre(toy_cases::ids[1]));
  }
}

TEST(Workers, ShareTheBatchesAndBringEverythingHome) {
  for (const unsigned jobs : {1U, 2U}) {
    const Outcome all = spread_one(toy_cases::ids, jobs, pass_all);
    EXPECT_THAT(all.unexplained, ::testing::UnorderedElementsAre("u plain", "u option82"));
    EXPECT_THAT(all.remarks, ::testing::UnorderedElementsAre("r plain", "r option82"));
    EXPECT_EQ(all.relay_output, "oo");
    EXPECT_EQ(all.cases[0].verdict, Verdict::pass);
  }
}

TEST(Workers, OutcomesAreAddedUp) {
  Outcome all;
  const Outcome one{.cases = {{.id = "a", .verdict = Verdict::warn, .frames = {{.bytes = {1, 2}}}}},
                    .quirks = {{"a", {.requirement = "R"}}},
                    .unexplained = {"u"},
                    .remarks = {"r"},
                    .relay_output = "first\n"};
  add(all, unpack<Outcome>(pack(one)));
  EXPECT_EQ(all.cases, one.cases);
  ASSERT_EQ(all.quirks.size(), 1U);
  EXPECT_EQ(all.quirks[0].case_id, "a");
  EXPECT_EQ(all.quirks[0].finding, one.quirks[0].finding);
  add(all, {.cases = {{.id = "b"}}, .unexplained = {"v"}, .remarks = {"s"}, .relay_output = "x"});
  EXPECT_THAT(ids_of(all), ElementsAre("a", "b"));
  EXPECT_THAT(all.unexplained, ElementsAre("u", "v"));
  EXPECT_THAT(all.remarks, ElementsAre("r", "s"));
  EXPECT_EQ(all.relay_output, "first\nx");
}

TEST(Workers, SayWhichCaseHasEnded) {
  for (const unsigned jobs : {1U, 2U}) {
    std::vector<std::string> ended;
    spread_one(toy_cases::ids, jobs, pass_all, [&](const std::string& id) { ended.push_back(id); });
    EXPECT_THAT(ended, UnorderedElementsAreArray(toy_cases::ids)) << jobs;
  }
}

TEST(Workers, TheTroubleOfOneIsAnError) {
  const Work fails = [](const NextBatch& next, const Progress&) -> Outcome {
    if (next()->settings.option82) throw LabError("no link");
    return {};
  };
  for (const unsigned jobs : {1U, 2U}) {
    try {
      spread_one({toy_cases::ids[1]}, jobs, fails);
      FAIL() << "no error with " << jobs;
    } catch (const LabError& e) {
      EXPECT_STREQ(e.what(), "no link");
    }
  }
}

/// The same cases end with another verdict on each relay.
Work with_verdict(Verdict v) {
  return [v](const NextBatch& next, const Progress& progress) {
    Outcome all = pass_all(next, progress);
    for (CaseResult& r : all.cases) r.verdict = v;
    return all;
  };
}

TEST(Workers, GoThroughAllRelays) {
  for (const unsigned jobs : {1U, 2U, 8U}) {
    std::vector<std::size_t> ended(2);
    const auto all = spread(toy_cases::ids, jobs,
                            {{.work = with_verdict(Verdict::warn)}, {.work = with_verdict(Verdict::fail)}},
                            [&](std::size_t relay, const std::string&) { ++ended.at(relay); });
    ASSERT_EQ(all.size(), 2U);
    for (const Outcome& one : all) EXPECT_THAT(ids_of(one), ElementsAreArray(toy_cases::ids)) << jobs;
    EXPECT_EQ(all[0].cases[0].verdict, Verdict::warn);
    EXPECT_EQ(all[1].cases[0].verdict, Verdict::fail);
    EXPECT_THAT(ended, ElementsAre(toy_cases::ids.size(), toy_cases::ids.size())) << jobs;
  }
}

TEST(Workers, OfARelayThatIsAttachedOneTakesAllBatches) {
  const Work says_who = [](const NextBatch& next, const Progress& progress) {
    Outcome all = pass_all(next, progress);
    for (CaseResult& r : all.cases) r.reason = std::to_string(::getpid());
    return all;
  };
  const auto all = spread(toy_cases::ids, 8, {{.work = pass_all}, {.work = says_who, .in_turn = true}}, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(ids_of(all[1]), ElementsAreArray(toy_cases::ids));
  for (const CaseResult& r : all[1].cases) EXPECT_EQ(r.reason, all[1].cases[0].reason);
}

}  // namespace
}  // namespace relayspec
