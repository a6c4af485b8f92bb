// SPDX-License-Identifier: Apache-2.0
#include "harness/live/standstill.h"

#include "harness/live/testing_relay.h"

namespace relayspec::live {
namespace {

using namespace std::chrono_literals;

class Machine : public SmallRelay {
 public:
  std::optional<Activity> activity() const override { return now; }
  std::optional<std::vector<std::string>> sockets() const override {
    return std::vector<std::string>{unread ? "udp 67, unread" : "udp 67"};
  }
  std::optional<Activity> now = Activity{};
  bool unread = false;
};

class StandstillOfARelay : public ::testing::Test {
 protected:
  StandstillOfARelay() {
    watched.note_rest();
    watched.wait_begins(at);
  }
  /// When look() says so, if it does within a second; `each`: what happens in between.
  std::optional<Clock::duration> found(const std::function<void()>& each = [] {}) {
    for (const auto begin = at; at - begin < 1s; at += 10ms) {
      each();
      if (watched.look(at)) return at - begin;
    }
    return std::nullopt;
  }

  Machine relay;
  Standstill watched{relay};
  Clock::time_point at{};
};

TEST_F(StandstillOfARelay, OfOneThatTurnsInCirclesIsSeenWithin100Ms) {
  relay.unread = true;
  const auto when = found([&] {
    relay.now->runnable = true;
    relay.now->on_processor += 9ms;
  });
  ASSERT_TRUE(when);
  EXPECT_LE(*when, 100ms);
  EXPECT_TRUE(watched.hangs());
}

TEST_F(StandstillOfARelay, OfOneThatWaitsForSomethingElseIsSeenWithin100Ms) {
  relay.unread = true;
  const auto when = found();
  ASSERT_TRUE(when);
  EXPECT_LE(*when, 100ms);
  EXPECT_TRUE(watched.hangs());
}

TEST_F(StandstillOfARelay, OfOneThatHasNothingToDoIsNoHang) {
  const auto when = found();
  ASSERT_TRUE(when);
  EXPECT_GE(*when, 100ms);
  EXPECT_FALSE(watched.hangs());
}

// On a busy machine.
TEST_F(StandstillOfARelay, OneThatWaitsForAProcessorIsWaitedFor) {
  relay.unread = true;
  EXPECT_FALSE(found([&] { relay.now->runnable = true; }));
}

// A virtual machine that its host stops for a moment: the time is the relay's, as it seems, or nobody's.
TEST_F(StandstillOfARelay, APauseOfTheMachineIsNoHang) {
  for (const auto on_processor : {200ms, 0ms}) {
    watched.wait_begins(at);
    relay.unread = true;
    EXPECT_FALSE(watched.look(at));
    at += 200ms;
    relay.now->on_processor += on_processor;
    EXPECT_FALSE(watched.look(at)) << on_processor.count();
    relay.unread = false;
    EXPECT_FALSE(watched.look(at += 10ms)) << on_processor.count();
  }
}

TEST_F(StandstillOfARelay, OneThatReadsAndWorksIsWaitedFor) {
  EXPECT_FALSE(found([&] {
    relay.unread = !relay.unread;
    relay.now->on_processor += 1ms;
  }));
}

// Who takes long for each message is given as long again and more.
TEST_F(StandstillOfARelay, ASlowOneIsGivenMoreTime) {
  at += 60ms;
  watched.wait_ends(at);
  watched.wait_begins(at);
  const auto when = found();
  ASSERT_TRUE(when);
  EXPECT_GE(*when, 240ms);
}

TEST_F(StandstillOfARelay, IsNotTalkedOfWhereNothingShows) {
  relay.now.reset();
  EXPECT_FALSE(found());
}

}  // namespace
}  // namespace relayspec::live
