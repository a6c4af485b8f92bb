// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/testing_session.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RelaySettings with_hops(unsigned n) { return {.max_hops = n}; }

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

TEST_F(SessionTest, ASilentRelayIsNotReady) {
  relay.fault = losing(is_request);
  device.printed = "one\ntwo\nthree\nfour\n\n";
  EXPECT_GE(time_of([&] {
              EXPECT_EQ(failure(),
                        "relay toy (plain) did not get ready: no barrier came through within 1000 ms "
                        "(start_timeout_ms); it printed: two|three|four");
            }),
            1s);
  EXPECT_TRUE(silent);
  EXPECT_FALSE(device.started());
  EXPECT_FALSE(session.ever_ready());
}

TEST_F(SessionTest, ARelayThatStartsFastIsWaitedForLess) {
  Session patient(device, protocol, 60s, {});
  patient.prepare({});
  relay.fault = losing(is_request);
  const auto took = time_of([&] { EXPECT_THROW(patient.prepare(with_hops(5)), StartError); });
  EXPECT_GE(took, 1s);
  EXPECT_LT(took, 3s);
}

// What has taken its time once may do so again.
TEST_F(SessionTest, ARelayThatStartsSlowlyIsWaitedForLonger) {
  Session patient(device, protocol, 60s, {});
  const auto listens = patient.now() + 300ms;
  relay.fault = [&](Emissions& out) {
    if (patient.now() < listens) out.clear();
  };
  patient.prepare({});
  relay.fault = losing(is_request);
  const auto took = time_of([&] { EXPECT_THROW(patient.prepare(with_hops(5)), StartError); });
  EXPECT_GE(took, 6s);
  EXPECT_LT(took, 10s);
}

TEST_F(SessionTest, ARelayThatEndsIsNotWaitedFor) {
  device.on_start = [&](const RelaySettings&) { relay.die("exited with status 1"); };
  EXPECT_LT(time_of([&] {
              EXPECT_EQ(failure(),
                        "relay toy (plain) did not get ready: it exited with status 1; it printed nothing");
            }),
            10ms);
  EXPECT_FALSE(silent);
}

TEST_F(SessionTest, ARelayThatGoesIntoTheBackgroundIsNamed) {
  device.on_start = [&](const RelaySettings&) { relay.die("exited with status 0"); };
  EXPECT_THAT(failure(), HasSubstr("it exited with status 0, and has to stay in the foreground;"));
}

TEST_F(SessionTest, ARelayThatFloodsIsNotReady) {
  relay.fault = [](Emissions& out) {
    if (!out.empty()) out.resize(31'000, out[0]);
  };
  EXPECT_THAT(failure(), HasSubstr("it floods the network with frames"));
  EXPECT_FALSE(device.started());
}

TEST_F(SessionTest, AFailedStartIsNotTriedAgain) {
  session.prepare({});
  relay.fault = losing(is_request);
  const std::string why = failure(with_hops(4));
  EXPECT_THAT(why, HasSubstr("(max-hops=4)"));
  const auto starts = device.starts.size();
  EXPECT_EQ(failure(with_hops(4)), why);
  EXPECT_EQ(device.starts.size(), starts);
  relay.fault = {};
  EXPECT_EQ(failure(with_hops(5)), "") << "other settings are tried";
}

TEST_F(SessionTest, AStartThatFailedInOtherSurroundingsIsTriedAgain) {
  session.prepare({});
  relay.fault = losing(is_request);
  session.surroundings_changed = true;
  EXPECT_NE(failure(with_hops(4)), "");
  session.surroundings_changed = false;
  relay.fault = {};
  EXPECT_EQ(failure(with_hops(4)), "");
}

TEST_F(SessionTest, ARelayThatHasNeverGotReadyIsNotWaitedForAgain) {
  relay.fault = losing(is_request);
  failure();
  const auto starts = device.starts.size();
  EXPECT_LT(time_of([&] { EXPECT_NE(failure(with_hops(4)), ""); }), 1ms);
  EXPECT_EQ(device.starts.size(), starts);
}

TEST_F(SessionTest, PlainSettingsShowWhetherItStartsAtAll) {
  device.on_start = [&](const RelaySettings& s) {
    if (s.max_hops) relay.die("exited with status 2");
  };
  EXPECT_THAT(failure(with_hops(4)), HasSubstr("(max-hops=4) did not get ready: it exited with status 2"));
  EXPECT_THAT(device.starts, SizeIs(2)) << "the second with the plain ones";
  EXPECT_TRUE(session.ever_ready());
  EXPECT_FALSE(device.started());
  EXPECT_EQ(failure(), "");
}

TEST_F(SessionTest, ARelayThatNeverStartsSaysSoWithTheFirstSettings) {
  device.on_start = [&](const RelaySettings&) { relay.die("exited with status 2"); };
  EXPECT_THAT(failure(with_hops(4)), HasSubstr("(max-hops=4)"));
  EXPECT_FALSE(session.ever_ready());
}

TEST_F(SessionTest, ARelayThatRelaysOneWayOnlyIsStarted) {
  relay.fault = losing(is_reply);
  const auto first = time_of([&] { session.prepare({}); });
  EXPECT_TRUE(session.ever_ready());
  EXPECT_THAT(session.quirks().losses(), ::testing::ElementsAre("deliver-loud", "deliver-quiet"));
  session.prepare(with_hops(1));
  session.prepare(with_hops(2));
  const auto third = time_of([&] { session.prepare(with_hops(3)); });
  EXPECT_LT(third * 2, first) << "less time for the other way at each start";
  EXPECT_EQ(session.pass_barrier(downlink), std::nullopt) << "the request alone proves it";
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
