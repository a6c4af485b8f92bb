// SPDX-License-Identifier: Apache-2.0
// What a baseline says of cases that cannot be judged.
#include <gmock/gmock.h>

#include "relayspec/harness/baseline.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Baseline with_skipped(const std::string& text) {
  static const std::vector<std::string> known = {"hops/a", "hops/b", "hops/17-is-discarded"};
  return Baseline::parse(text, "b.toml", known);
}

RunResult run_of_one(Verdict v) {
  RunResult run;
  run.cases.push_back({.id = "hops/a", .verdict = v});
  return run;
}

std::string complaint_about_skipped(const std::string& text) {
  try {
    with_skipped(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(BaselineSkipped, ACaseThatCannotBeJudgedHasToBeListed) {
  RunResult run = run_of_one(Verdict::skip);
  run.cases[0].reason = "no reply comes through";
  for (const char* list : {"skipped = []\n", "skipped = ['hops/b']\n"}) {
    run.cases[0].unjudged = false;  // the profile or the dialect leaves it out
    with_skipped(list).apply(run);
    EXPECT_THAT(run.newly_skipped, IsEmpty());
    run.cases[0].unjudged = true;
    with_skipped(list).apply(run);
    EXPECT_THAT(run.newly_skipped, ElementsAre("hops/a"));
  }
  for (const char* list :
       {"", "skipped = ['hops/*']\n", "skipped = []\nsometimes_skipped = ['hops/a', 'hops/b']\n"}) {
    with_skipped(list).apply(run);
    EXPECT_THAT(run.newly_skipped, IsEmpty()) << list;
    EXPECT_THAT(run.no_longer_skipped, IsEmpty()) << list;
  }
}

TEST(BaselineSkipped, ACaseThatIsListedAsSkippedAndJudgedIsNamed) {
  const Baseline baseline = with_skipped("skipped = ['hops/a', 'hops/*']\nsometimes_skipped = ['hops/1*']\n");
  RunResult run = run_of_one(Verdict::pass);
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_skipped, ElementsAre("hops/a", "hops/*"));
  run.cases.push_back({.id = "hops/b", .verdict = Verdict::skip, .unjudged = true});
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_skipped, ElementsAre("hops/a"));
  run.cases[0].verdict = Verdict::skip;  // the profile or the dialect leaves it out
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_skipped, IsEmpty());
}

TEST(BaselineSkipped, RefusesSkippedCasesThatDoNotExist) {
  EXPECT_THAT(complaint_about_skipped("skipped = ['hops/q*']\n"), HasSubstr("b.toml:1: no case is called"));
  EXPECT_THAT(complaint_about_skipped("skipped = []\nsometimes_skipped = ['hops/q*']\n"),
              HasSubstr("b.toml:2: no case is called"));
  EXPECT_EQ(complaint_about_skipped("skipped = 'hops/a'\n"),
            "b.toml:1: 'skipped' must be an array of strings, not a string");
  EXPECT_THAT(complaint_about_skipped("skipped = [1]\n"), HasSubstr("b.toml:1: what 'skipped' lists"));
  EXPECT_EQ(complaint_about_skipped("sometimes_skipped = ['hops/a']\n"),
            "b.toml:1: 'sometimes_skipped' goes with 'skipped'; add 'skipped = []'");
}

}  // namespace
}  // namespace relayspec
