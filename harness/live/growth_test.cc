// SPDX-License-Identifier: Apache-2.0
#include "harness/live/growth.h"

#include <gmock/gmock.h>

namespace relayspec::live {
namespace {

using ::testing::Eq;
using ::testing::Optional;

std::optional<std::string> found(const std::vector<std::size_t>& memory,
                                 const std::vector<std::size_t>& descriptors) {
  Growth g;
  for (std::size_t i = 0; i < memory.size(); ++i)
    g.note({.descriptors = descriptors[i], .memory = memory[i]});
  return g.found();
}

const std::vector<std::size_t> flat(10, 8);

TEST(Growth, ARelayThatKeepsSomethingOfEachMessageGrowsEachTime) {
  EXPECT_THAT(found({10, 90, 100, 110, 120, 130, 140, 150, 160, 170}, flat),
              Optional(Eq("octets of memory from 100 to 170")));
}

TEST(Growth, OneThatSettlesIsLeftAlone) {
  EXPECT_EQ(found({10, 90, 100, 110, 115, 118, 120, 120, 120, 120}, flat), std::nullopt);
}

TEST(Growth, OneThatGrowsLessAndLessMaySettle) {
  EXPECT_EQ(found({10, 90, 100, 200, 290, 350, 360, 365, 367, 368}, flat), std::nullopt);
}

TEST(Growth, DescriptorsThatAreNotClosedAreFoundSooner) {
  EXPECT_THAT(found({1, 1, 1, 1, 1, 1, 1, 1}, {8, 8, 9, 10, 11, 12, 13, 14}),
              Optional(Eq("descriptors from 8 to 14")));
}

TEST(Growth, SaysNothingBeforeItHasSeenEnough) { EXPECT_EQ(found({1, 2, 3, 4}, {1, 2, 3, 4}), std::nullopt); }

}  // namespace
}  // namespace relayspec::live
