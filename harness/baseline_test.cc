#include "relayspec/harness/baseline.h"

#include <gmock/gmock.h>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kEntry = "[[accepted]]\ncase = 'hops/a'\nreason = 'known since 2012'\n";

RunResult run_with(Verdict v, const std::string& id = "hops/a") {
  RunResult run;
  run.cases.push_back({.id = id, .verdict = v});
  return run;
}

TEST(Baseline, AcceptsListedDeviations) {
  const Baseline baseline = Baseline::parse(kEntry, "b.toml");
  for (const Verdict v : {Verdict::fail, Verdict::warn}) {
    RunResult run = run_with(v);
    baseline.apply(run);
    EXPECT_EQ(run.cases[0].accepted, "known since 2012");
    EXPECT_TRUE(run.mended.empty());
  }
}

TEST(Baseline, LeavesOtherDeviationsAlone) {
  RunResult run = run_with(Verdict::fail, "hops/b");
  Baseline::parse(kEntry, "b.toml").apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_TRUE(run.mended.empty());
}

TEST(Baseline, NamesEntriesThatNoLongerDeviate) {
  for (const Verdict v : {Verdict::pass, Verdict::note}) {
    RunResult run = run_with(v);
    Baseline::parse(kEntry, "b.toml").apply(run);
    EXPECT_THAT(run.mended, ElementsAre("hops/a"));
    EXPECT_EQ(run.cases[0].accepted, "");
  }
}

TEST(Baseline, WhatWasNotJudgedIsNeitherAcceptedNorMended) {
  for (const Verdict v : {Verdict::skip, Verdict::error}) {
    RunResult run = run_with(v);
    Baseline::parse(kEntry, "b.toml").apply(run);
    EXPECT_EQ(run.cases[0].accepted, "");
    EXPECT_TRUE(run.mended.empty());
  }
  RunResult none;
  Baseline::parse(kEntry, "b.toml").apply(none);
  EXPECT_TRUE(none.mended.empty());
}

// A case that is repeated is mended when it deviates in none of its runs.
TEST(Baseline, OneDeviationAmongRepeatsKeepsTheEntry) {
  RunResult run = run_with(Verdict::pass);
  run.cases.push_back({.id = "hops/a", .verdict = Verdict::fail});
  run.cases.push_back({.id = "hops/a", .verdict = Verdict::pass});
  const Baseline baseline = Baseline::parse(kEntry, "b.toml");
  baseline.apply(run);
  EXPECT_TRUE(run.mended.empty());
  run.cases.erase(run.cases.begin() + 1);
  baseline.apply(run);
  EXPECT_THAT(run.mended, ElementsAre("hops/a"));
}

std::string baseline_complaint(const std::string& text) {
  try {
    Baseline::parse(text, "b.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Baseline, RefusesWhatIsWrong) {
  EXPECT_THAT(baseline_complaint(std::string(kEntry) + kEntry),
              HasSubstr("b.toml:5: 'hops/a' is listed in b.toml:1 already"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\ncase = 'a'\n"),
              HasSubstr("b.toml:1: [[accepted]] has no 'reason'"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\ncase = 'a'\nreason = ''\n"),
              HasSubstr("b.toml:3: 'reason' is empty"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\nid = 'a'\nreason = 'r'\n"),
              HasSubstr("b.toml:2: unknown key 'id'"));
  EXPECT_THAT(baseline_complaint("[[acepted]]\n"), HasSubstr("did you mean 'accepted'?"));
  EXPECT_THROW(Baseline::load("/no/such/file.toml"), InputError);
}

}  // namespace
}  // namespace relayspec
