// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/server_memory.h"

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

Lease lease(std::uint32_t number) {
  Lease lease{0, 1, 6, {}, {0x0a000000 + number}};
  for (unsigned i = 0; i < 4; ++i) lease.chaddr[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return lease;
}

TEST(ServerMemory, IsAsLargeAsAskedForAndNoLarger) {
  EXPECT_EQ(ServerMemory(0).capacity(), 0U);
  EXPECT_EQ(ServerMemory(1).capacity(), 8U);
  EXPECT_EQ(ServerMemory(8).capacity(), 8U);
  EXPECT_EQ(ServerMemory(9).capacity(), 16U);

  ServerMemory memory(64);
  for (std::uint32_t i = 0; i < 10'000; ++i) memory.acknowledged(lease(i), server1);
  EXPECT_EQ(memory.capacity(), 64U);
  unsigned known = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) known += memory.server_of(lease(i)).has_value();
  EXPECT_EQ(known, 64U) << "10,000 leases fill every set";
}

TEST(ServerMemory, OfNoSizeRemembersNothing) {
  ServerMemory memory(0);
  memory.offered(lease(1), 1, server1);
  memory.acknowledged(lease(1), server1);
  EXPECT_FALSE(memory.server_of(lease(1)));
}

TEST(ServerMemory, ForgetsWhatWasUsedLongestAgo) {
  ServerMemory memory(8);  // one set
  for (std::uint32_t i = 1; i <= 8; ++i) memory.acknowledged(lease(i), server1);
  EXPECT_TRUE(memory.server_of(lease(1)));  // used again
  memory.acknowledged(lease(9), server2);
  EXPECT_TRUE(memory.server_of(lease(1)));
  EXPECT_FALSE(memory.server_of(lease(2)));
  EXPECT_EQ(memory.server_of(lease(9)), server2);
}

TEST(ServerMemory, SpreadsClientsOverItsSets) {
  ServerMemory memory(65536);
  for (std::uint32_t i = 0; i < 32768; ++i) memory.acknowledged(lease(i), server1);
  unsigned known = 0;
  for (std::uint32_t i = 0; i < 32768; ++i) known += memory.server_of(lease(i)).has_value();
  EXPECT_GT(known, 32768U * 95 / 100) << "half full, few sets may overflow";
}

TEST(ServerMemory, EveryPartOfALeaseCounts) {
  ServerMemory memory(8);
  memory.acknowledged(lease(1), server1);
  for (const auto change : {0, 1, 2, 3, 4}) {
    auto other = lease(1);
    if (change == 0) other.downlink = 1;
    if (change == 1) other.htype = 6;
    if (change == 2) other.hlen = 5;
    if (change == 3) other.chaddr[5] = 1;
    if (change == 4) other.address.value ^= 1;
    EXPECT_FALSE(memory.server_of(other)) << change;
  }
}

}  // namespace
}  // namespace relayspec::relay::test
