// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/lab_device.h"

#include <thread>

#include "harness/lab/testing.h"

namespace relayspec {
namespace {

class LabDeviceTest : public LabTest {
 protected:
  static Profile profile() {
    Profile p{.name = "toy"};
    p.start =
        "ip -o addr show dev $(echo $RELAY_DOWNLINKS | cut -d' ' -f1); echo started with $RELAY_MAX_HOPS; "
        "sleep 60";
    return p;
  }
  static RelaySettings with_hops(unsigned n) { return {.max_hops = n}; }

  void wait_for_word(const std::string& word) {
    for (const auto deadline = soon(); device.output().find(word) == std::string::npos;) {
      ASSERT_LT(Clock::now(), deadline) << device.output();
      std::this_thread::yield();
    }
  }

  LabDevice device{profile(), Dialect::rfc, Topology::documentation()};
};

TEST_F(LabDeviceTest, WhatIsStartedAheadIsOutOfSightUntilItIsStarted) {
  device.start(with_hops(3));
  wait_for_word("started with 3");
  device.start_ahead(with_hops(4));
  EXPECT_EQ(device.output().find("started with 4"), std::string::npos);
  device.stop();
  EXPECT_FALSE(device.started());
  device.start(with_hops(4));
  wait_for_word("started with 4");
  EXPECT_EQ(device.ended(), std::nullopt);
}

TEST_F(LabDeviceTest, OtherSettingsThanForeseenAreObeyed) {
  device.start(with_hops(3));
  device.start_ahead(with_hops(4));
  device.stop();
  device.start(with_hops(5));
  wait_for_word("started with 5");
}

TEST_F(LabDeviceTest, NoRelayIsStartedAheadBesideOtherSurroundings) {
  device.start(with_hops(3));
  device.start_ahead(with_hops(4));
  device.stop();
  device.hold(true);
  device.set_end(Segment::downlink0, {.name = "another-name"});
  device.start(with_hops(4));
  wait_for_word("started with 4");
  EXPECT_NE(device.output().find("another-name"), std::string::npos) << device.output();
  device.stop();
  device.set_end(Segment::downlink0, {});
  device.hold(false);
  device.start(with_hops(4));
  wait_for_word("started with 4");
  EXPECT_EQ(device.output().find("another-name"), std::string::npos) << device.output();
}

}  // namespace
}  // namespace relayspec
