// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/testing_session.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(SessionTest, IsReadyWhenABarrierCameThroughFromEachDownlink) {
  session.prepare({});
  EXPECT_TRUE(session.ever_ready());
  EXPECT_THAT(device.starts, SizeIs(1));
  EXPECT_EQ(device.flushes, 1U);
  EXPECT_EQ(protocol.starts, 1U);
  for (const Segment s : all_downlinks) EXPECT_TRUE(session.barrier().works(s, Barrier::Half::reply));
  EXPECT_THAT(session.traffic().record, IsEmpty());
  EXPECT_EQ(session.pass_barrier(Segment::downlink1), std::nullopt);
}

TEST_F(SessionTest, StartsOnceForTheSameSettings) {
  session.prepare(with_hops(4));
  session.prepare(with_hops(4));
  EXPECT_THAT(device.starts, SizeIs(1));
  session.prepare(with_hops(5));
  EXPECT_THAT(device.starts, SizeIs(2));
  EXPECT_EQ(device.stops, 1U);
  EXPECT_EQ(session.settings(), with_hops(5));
}

TEST_F(SessionTest, StartsTheNextAheadWhenThePresentOneIsReady) {
  session.next = with_hops(5);
  device.on_start = [&](const RelaySettings&) { EXPECT_THAT(device.ahead, IsEmpty()); };
  session.prepare(with_hops(4));
  EXPECT_THAT(device.ahead, ElementsAre(with_hops(5)));
  session.prepare(with_hops(4));
  EXPECT_THAT(device.ahead, SizeIs(2)) << "the device may not have been able to before";
  device.on_start = {};
  session.prepare(with_hops(5));
  EXPECT_THAT(device.ahead, SizeIs(2)) << "it is the present one";
}

TEST_F(SessionTest, StartsAgainWhatHasEnded) {
  session.prepare({});
  relay.die("was killed by SIGSEGV");
  EXPECT_EQ(session.relay_ended(), "was killed by SIGSEGV");
  session.prepare({});
  EXPECT_THAT(device.starts, SizeIs(2));
  EXPECT_EQ(session.relay_ended(), std::nullopt);
}

TEST_F(SessionTest, StartsAgainWhatWasStopped) {
  session.prepare({});
  session.stop_relay();
  EXPECT_EQ(session.relay_ended(), std::nullopt);
  session.prepare({});
  EXPECT_THAT(device.starts, SizeIs(2));
}

TEST_F(SessionTest, HandsOverWhatNobodyLookedAt) {
  std::vector<Segment> segments;
  session.left_over = [&](const Sighting& s, const Frame&) { segments.push_back(s.segment); };
  session.prepare({});
  EXPECT_THAT(segments, IsEmpty()) << "what a plain start puts out is looked at";
  device.wire.put_from_relay(Segment::downlink1, encode(Toy{}));
  session.end();
  EXPECT_THAT(segments, ElementsAre(Segment::downlink1)) << "the last moments";
  device.on_start = [&](const RelaySettings&) { device.wire.put_from_relay(Segment::uplink, encode(Toy{})); };
  session.prepare({});
  EXPECT_THAT(segments, ElementsAre(Segment::downlink1, Segment::uplink)) << "the start";
}

TEST_F(SessionTest, WaitsForOneDownlinkWhereTheRelayHasOne) {
  relay.fault = losing([](const Toy& m) { return m.downlink == Segment::downlink1; });
  EXPECT_LT(time_of([&] { session.prepare({.downlinks = 1}); }), 10ms);
  EXPECT_EQ(session.downlink_count(), 1U);
}

TEST_F(SessionTest, WaitsUntilTheRelayListens) {
  const auto listens = session.now() + 300ms;
  relay.fault = [&](Emissions& out) {
    if (session.now() < listens) out.clear();
  };
  const auto took = time_of([&] { session.prepare({}); });
  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, 450ms) << "it is asked again soon";
}

// It takes 50 ms for each message, one after the other.
TEST_F(SessionTest, ASlowRelayIsReadyAndHasNoQuirks) {
  Clock::time_point free;
  relay.fault = [&](Emissions& out) {
    for (Emission& e : out) {
      free = std::max(free, session.now()) + 50ms;
      e.in = free - session.now();
    }
  };
  EXPECT_EQ(failure(), "");
  EXPECT_TRUE(session.barrier().works(downlink, Barrier::Half::reply));
  EXPECT_TRUE(session.barrier().works(Segment::downlink1, Barrier::Half::reply));
  EXPECT_THAT(session.quirks().losses(), ::testing::IsEmpty());
}

TEST_F(SessionTest, NothingOfThePredecessorIsKept) {
  session.prepare({});
  device.wire.put_from_relay(Segment::uplink, encode({.key = 77}));
  std::size_t left = 0;
  device.on_start = [&](const RelaySettings&) { left = session.traffic().sightings.size(); };
  bool seen = false;
  session.prepare(with_hops(4), [&] {
    for (const Sighting& s : session.traffic().sightings) seen = seen || s.key == 77U;
  });
  session.pump(session.now());
  for (const Sighting& s : session.traffic().sightings) seen = seen || s.key == 77U;
  EXPECT_EQ(left, 0U);
  EXPECT_FALSE(seen);
}

TEST_F(SessionTest, WhatComesWhileItStartsIsForgottenUnlessAsked) {
  device.on_start = [&](const RelaySettings&) {
    device.wire.put_from_relay(Segment::uplink, encode({.key = 78}));
  };
  session.prepare({});
  EXPECT_THAT(session.traffic().sightings, IsEmpty());
  session.prepare(with_hops(4), [] {});
  EXPECT_THAT(session.traffic().sightings, SizeIs(1));
}

TEST_F(SessionTest, MeanwhileIsCalledEverMoreRarely) {
  const auto listens = session.now() + 200ms;
  relay.fault = [&](Emissions& out) {
    if (session.now() < listens) out.clear();
  };
  std::vector<Clock::time_point> calls;
  session.prepare({}, [&] { calls.push_back(session.now()); });
  ASSERT_GT(calls.size(), 20U);
  EXPECT_LT(calls.size(), 200U);
  EXPECT_LT(calls[1] - calls[0], calls.back() - calls[calls.size() - 2]);
}

TEST_F(SessionTest, AStartThatWasDisturbedIsTriedAgain) {
  session.prepare({});
  relay.fault = losing(is_request);
  EXPECT_NE(failure(with_hops(4), [] {}), "");
  relay.fault = {};
  EXPECT_EQ(failure(with_hops(4)), "");
}

TEST_F(SessionTest, WithoutTheUplinkNothingIsWaitedFor) {
  session.down = {Segment::uplink};
  relay.fault = losing(is_request);
  EXPECT_LT(time_of([&] { session.prepare({}); }), 1ms);
  EXPECT_TRUE(device.started());
}

TEST_F(SessionTest, ADownlinkThatIsDownIsNotWaitedFor) {
  session.down = {downlink};
  relay.fault = losing([](const Toy& m) { return m.downlink == downlink; });
  EXPECT_LT(time_of([&] { session.prepare({}); }), 10ms);
}

TEST_F(SessionTest, WithALinkDownThePlainSettingsAreNotTried) {
  session.down = {downlink};
  relay.fault = losing(is_request);
  EXPECT_NE(failure(with_hops(4)), "");
  EXPECT_THAT(device.starts, SizeIs(1));
}

TEST_F(SessionTest, ABarrierNeedsARunningRelay) {
  EXPECT_EQ(session.pass_barrier(downlink), "the relay is not running");
}

TEST_F(SessionTest, ARelayThatDiesWhileWaitedForIsNamed) {
  session.prepare({});
  relay.dies_of = is_request;
  EXPECT_LT(time_of([&] { EXPECT_EQ(session.pass_barrier(downlink), "the relay was killed by SIGSEGV"); }),
            10ms);
}

TEST_F(SessionTest, SilenceNeedsABarrier) {
  relay.fault = losing([](const Toy& m) { return m.downlink == Segment::downlink1; });
  session.prepare({});
  EXPECT_EQ(session.pass_barrier(Segment::downlink1),
            "the relay relays nothing from downlink1, so its silence proves nothing");
  relay.fault = losing(is_request);
  EXPECT_EQ(session.pass_barrier(downlink),
            "the relay stopped relaying: a plain exchange behind this no longer comes through");
}

TEST_F(SessionTest, AwaitsThatARelayRelaysAgain) {
  session.prepare({});
  const auto again = session.now() + 120ms;
  relay.fault = [&](Emissions& out) {
    if (session.now() < again) out.clear();
  };
  const auto took = time_of([&] { EXPECT_TRUE(session.await(downlink, 2s)); });
  EXPECT_GE(took, 120ms);
  EXPECT_LT(took, 200ms);
}

TEST_F(SessionTest, AwaitsNoLongerThanAsked) {
  session.prepare({});
  relay.fault = losing(is_reply);
  const auto took = time_of([&] { EXPECT_FALSE(session.await(downlink, 500ms)); });
  EXPECT_GE(took, 500ms);
  EXPECT_LT(took, 510ms);
}

// Each exchange takes longer than the time after which the next one is sent.
TEST_F(SessionTest, AwaitsARelayWithALongWay) {
  session.prepare({});
  relay.fault = delaying([](const Toy&) { return true; }, 90ms);
  EXPECT_TRUE(session.await(downlink, 500ms));
}

TEST_F(SessionTest, TheTimeBeginsWhenTheRelayHasSockets) {
  session.prepare({});
  const auto ready = session.now() + 900ms;
  device.look_at_sockets = [&] {
    return session.now() < ready ? std::vector<std::string>{} : std::vector<std::string>{"UDP port 67"};
  };
  relay.fault = [&](Emissions& out) {
    if (session.now() < ready) out.clear();
  };
  EXPECT_TRUE(session.await(downlink, 500ms));
  EXPECT_GE(session.now(), ready);
}

TEST_F(SessionTest, AwaitsTheRequestAloneWhereRepliesNeverCame) {
  relay.fault = losing(is_reply);
  session.prepare({});
  EXPECT_TRUE(session.await(downlink, 500ms));
}

TEST_F(SessionTest, LearnsWhileItAwaitsThatRepliesComeNow) {
  relay.fault = losing(is_reply);
  session.prepare({});
  relay.fault = {};
  EXPECT_TRUE(session.await(downlink, 500ms));
  EXPECT_TRUE(session.barrier().works(downlink, Barrier::Half::reply));
}

TEST_F(SessionTest, AwaitsNothingOfADeadRelay) {
  session.prepare({});
  relay.dies_of = is_request;
  EXPECT_LT(time_of([&] { EXPECT_FALSE(session.await(downlink, 2s)); }), 10ms);
}

TEST_F(SessionTest, EndsTheRelay) {
  {
    FakeDevice other;
    {
      Session short_one(other, protocol, 1s, {});
      short_one.prepare({});
      EXPECT_TRUE(other.started());
    }
    EXPECT_FALSE(other.started());
  }
}

}  // namespace
}  // namespace relayspec
