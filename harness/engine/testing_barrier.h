// SPDX-License-Identifier: Apache-2.0
// For unit tests of the barrier: one over the toy relay.
#pragma once

#include <gmock/gmock.h>

#include "harness/engine/barrier.h"
#include "harness/engine/testing_toy.h"

namespace relayspec::fake {

class BarrierFixture : public ::testing::Test {
 protected:
  FakeDevice device;
  ToyProtocol protocol;
  Traffic traffic{device.wire, protocol};
  Barrier barrier{traffic, protocol};
  ToyRelay& relay = device.relay;
  static constexpr Segment downlink = Segment::downlink0;

  BarrierFixture() {
    device.start({});
    barrier.relay_started(protocol.copies);
  }
  void pump(Clock::duration time = 1ms) {
    const auto end = traffic.now() + time;
    while (traffic.now() < end) traffic.pump(end, device.wake_fd());
  }
  /// A relay that takes one message at a time, and so long for each.
  std::function<void(Emissions&)> one_after_the_other(Clock::duration each) {
    return [this, each, free = Clock::time_point()](Emissions& out) mutable {
      for (Emission& e : out) {
        free = std::max(free, traffic.now()) + each;
        e.in = free - traffic.now();
      }
    };
  }
  /// An exchange, so that it is known what works.
  void see(Segment from = downlink) {
    barrier.send(from);
    pump();
  }
  void learn(std::vector<Segment> on = {downlink}) {
    for (const Segment s : on) see(s);
    barrier.learn(on, device.wake_fd());
  }
  Barrier::Passage pass() { return barrier.pass(downlink, device.wake_fd()); }
  Clock::duration time_of(const std::function<void()>& what) {
    const auto begin = traffic.now();
    what();
    return traffic.now() - begin;
  }
};

}  // namespace relayspec::fake
