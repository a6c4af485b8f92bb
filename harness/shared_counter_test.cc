// SPDX-License-Identifier: Apache-2.0
#include "harness/shared_counter.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "harness/packing.h"
#include "harness/side_by_side.h"

namespace relayspec {
namespace {

TEST(SharedCounter, CountsFromZero) {
  SharedCounter counter;
  EXPECT_EQ(counter.next(), 0U);
  EXPECT_EQ(counter.next(), 1U);
}

TEST(SharedCounter, GivesEachNumberToOneProcess) {
  constexpr std::size_t processes = 4, numbers = 2000;
  SharedCounter counter;
  std::vector<std::size_t> all;
  const auto work = [&](std::size_t) {
    std::vector<std::size_t> own;
    for (auto n = counter.next(); n < numbers; n = counter.next()) own.push_back(n);
    return pack(own);
  };
  side_by_side(processes, processes, work, [&](std::size_t, const JobResult& result) {
    const auto own = unpack<std::vector<std::size_t>>(result.octets);
    all.insert(all.end(), own.begin(), own.end());
  });
  std::vector<std::size_t> wanted(numbers);
  std::iota(wanted.begin(), wanted.end(), 0);
  EXPECT_THAT(all, ::testing::UnorderedElementsAreArray(wanted));
}

}  // namespace
}  // namespace relayspec
