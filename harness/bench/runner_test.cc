// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/runner.h"

#include <gmock/gmock.h>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;

const std::vector<CaseInfo>& cases() {
  static const std::vector<CaseInfo> all = {{.id = "hops/go-up-by-one", .suite = "hops"},
                                            {.id = "hops/stay-in-the-reply", .suite = "hops"},
                                            {.id = "giaddr/is-filled-in", .suite = "giaddr"}};
  return all;
}

std::vector<std::string> chosen(const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns) {
  return select(cases(), suites, patterns);
}

std::string refusal_of(const std::vector<std::string>& suites, const std::vector<std::string>& patterns) {
  try {
    chosen(suites, patterns);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Select, TakesEverythingUnlessAsked) {
  EXPECT_THAT(chosen({}, {}),
              ElementsAre("hops/go-up-by-one", "hops/stay-in-the-reply", "giaddr/is-filled-in"));
}

TEST(Select, TakesWhatFitsSuiteAndPatternInTheOrderOfTheCases) {
  EXPECT_THAT(chosen({"giaddr"}, {}), ElementsAre("giaddr/is-filled-in"));
  EXPECT_THAT(chosen({}, {"giaddr/*", "hops/stay*"}),
              ElementsAre("hops/stay-in-the-reply", "giaddr/is-filled-in"));
  EXPECT_THAT(chosen({"hops"}, {"*/?o-up*"}), ElementsAre("hops/go-up-by-one"));
}

TEST(Select, NamesTheNearestSuite) {
  EXPECT_EQ(refusal_of({"hop"}, {}), "--suite hop: there is no such suite; did you mean 'hops'?");
  EXPECT_EQ(refusal_of({"frobnicate"}, {}),
            "--suite frobnicate: there is no such suite; there are giaddr, hops");
}

TEST(Select, NamesTheNearestCase) {
  EXPECT_EQ(refusal_of({}, {"hops/goes-up-by-one"}),
            "--case hops/goes-up-by-one: no case has such an id; did you mean 'hops/go-up-by-one'? "
            "'relayspec list' shows them all");
  EXPECT_EQ(refusal_of({}, {"giadr/is-filled-*"}),
            "--case giadr/is-filled-*: no case has such an id; did you mean 'giaddr/is-filled-in'? "
            "'relayspec list' shows them all");
  EXPECT_EQ(refusal_of({}, {"frob/*"}),
            "--case frob/*: no case has such an id; 'relayspec list' shows them all");
}

TEST(Select, RefusesSuiteAndPatternThatExcludeEachOther) {
  EXPECT_EQ(refusal_of({"giaddr"}, {"hops/*"}),
            "--suite and --case together select no case; leave one of them out");
}

}  // namespace
}  // namespace relayspec
