// SPDX-License-Identifier: Apache-2.0
#include "harness/suggest.h"

#include <gtest/gtest.h>

namespace relayspec {
namespace {

const std::vector<std::string> kNames = {"option82", "max-hops", "max-size", "giaddr"};

TEST(Suggest, FindsTheNearestSpelling) {
  EXPECT_EQ(nearest("option_82", kNames), "option82");
  EXPECT_EQ(nearest("MAX_HOPS", kNames), "max-hops");
  EXPECT_EQ(nearest("max-sise", kNames), "max-size");
  EXPECT_EQ(nearest("gaiddr", kNames), "giaddr");
}

TEST(Suggest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("circuit", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(did_you_mean("circuit", kNames), "");
  EXPECT_EQ(did_you_mean("giadr", kNames), "; did you mean 'giaddr'?");
}

TEST(Suggest, Joins) {
  EXPECT_EQ(join(std::vector<std::string>{}), "");
  EXPECT_EQ(join(std::vector<std::string>{"a", "b"}), "a, b");
}

}  // namespace
}  // namespace relayspec
