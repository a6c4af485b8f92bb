// SPDX-License-Identifier: Apache-2.0
// A session with a toy relay, for its unit tests.
#pragma once

#include <gmock/gmock.h>

#include "harness/engine/session.h"
#include "harness/engine/testing_toy.h"

namespace relayspec::fake {

inline RelaySettings with_hops(unsigned n) { return {.max_hops = n}; }

class SessionTest : public ::testing::Test {
 protected:
  FakeDevice device;
  ToyProtocol protocol;
  ToyRelay& relay = device.relay;
  Session session{device, protocol, 1'000ms, {}};
  static constexpr Segment downlink = Segment::downlink0;

  std::string failure(const RelaySettings& settings = {}, const std::function<void()>& meanwhile = {}) {
    try {
      session.prepare(settings, meanwhile);
    } catch (const StartError& e) {
      silent = e.silent;
      return e.what();
    }
    return "";
  }
  Clock::duration time_of(const std::function<void()>& what) {
    const auto begin = session.now();
    what();
    return session.now() - begin;
  }
  bool silent = false;
};

}  // namespace relayspec::fake
