// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/barrier.h"

#include "harness/engine/testing_barrier.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Half = Barrier::Half;
using Passage = Barrier::Passage;

class BarrierTest : public BarrierFixture {};

TEST_F(BarrierTest, AnExchangeComesThrough) {
  const auto number = barrier.send(downlink);
  EXPECT_FALSE(barrier.has_come(number, Half::request));
  pump();
  EXPECT_TRUE(barrier.has_come(number, Half::request));
  EXPECT_TRUE(barrier.has_come(number, Half::reply));
  EXPECT_TRUE(barrier.works(downlink, Half::request));
  EXPECT_TRUE(barrier.works(downlink, Half::reply));
  EXPECT_FALSE(barrier.works(Segment::downlink1, Half::request));
  EXPECT_THAT(traffic.sightings, IsEmpty()) << "it is nobody's business";
  for (const Frame& f : traffic.record) EXPECT_THAT(f.comments, ElementsAre("barrier"));
}

TEST_F(BarrierTest, PassesWhenTheReplyHasCome) {
  see();
  relay.fault = delaying([](const Toy&) { return true; }, 20ms);
  EXPECT_GE(time_of([&] { EXPECT_EQ(pass(), Passage::passed); }), 40ms) << "it waits for both halves";
}

TEST_F(BarrierTest, WaitsForTheRequestAloneWhereNoReplyWasEverSeen) {
  relay.fault = losing(is_reply);
  see();
  EXPECT_FALSE(barrier.works(downlink, Half::reply));
  EXPECT_EQ(pass(), Passage::passed);
}

TEST_F(BarrierTest, SendsAgainWhatWasLost) {
  see();
  int lost = 0;
  relay.fault = [&](Emissions& out) {
    if (++lost <= 2) out.clear();
  };
  EXPECT_EQ(pass(), Passage::passed);
  EXPECT_EQ(lost, 4);
}

TEST_F(BarrierTest, SilenceIsNotPassed) {
  EXPECT_EQ(pass(), Passage::silent) << "nothing has ever come from there";
  see();
  relay.fault = losing(is_request);
  EXPECT_GE(time_of([&] { EXPECT_EQ(pass(), Passage::silent); }), 4s);
}

TEST_F(BarrierTest, ASlowRelayThatStillWorksIsWaitedFor) {
  see();
  relay.fault = one_after_the_other(50ms);
  for (std::uint16_t key = 1; key <= 200; ++key) traffic.inject(downlink, encode({.key = key}), "");
  EXPECT_GE(time_of([&] { EXPECT_EQ(pass(), Passage::passed); }), 10s);
}

TEST_F(BarrierTest, ASlowRelayIsNotGivenMoreAndMoreToDo) {
  see();
  relay.fault = one_after_the_other(50ms);
  for (std::uint16_t key = 1; key <= 200; ++key) traffic.inject(downlink, encode({.key = key}), "");
  const std::size_t before = device.wire.injected.size();
  EXPECT_EQ(pass(), Passage::passed);
  EXPECT_LE(device.wire.injected.size() - before, 15U);
}

TEST_F(BarrierTest, ItsPaceIsTheLeastTimeOfAHalf) {
  relay.fault = delaying(is_request, 30ms);
  barrier.send(downlink);
  pump(40ms);
  EXPECT_LT(barrier.pace(), 1ms) << "that of the reply";
  barrier.relay_started(1);
  EXPECT_EQ(barrier.pace(), 0ms);
  relay.fault = delaying([](const Toy&) { return true; }, 30ms);
  barrier.send(downlink);
  pump(70ms);
  EXPECT_GE(barrier.pace(), 30ms);
  EXPECT_LE(barrier.pace(), 31ms);
}

// What it puts out of itself does not prove that it relays.
TEST_F(BarrierTest, ADeafRelayThatKeepsSendingIsNotWaitedForWithoutEnd) {
  see();
  std::uint16_t key = 0;
  relay.fault = [&](Emissions& out) { out = {{{.key = ++key}, Segment::uplink}}; };
  EXPECT_LE(time_of([&] { EXPECT_EQ(pass(), Passage::silent); }), 33s);
}

TEST_F(BarrierTest, ARelayThatKeepsFallingSilentGetsLessTime) {
  see();
  relay.fault = losing(is_request);
  const auto first = time_of([&] { pass(); }), second = time_of([&] { pass(); });
  EXPECT_GE(first, 4s);
  EXPECT_LT(second, 2100ms);
  EXPECT_GE(second, 2s);
  for (int i = 0; i < 4; ++i) pass();
  const auto last = time_of([&] { pass(); });
  EXPECT_GE(last, 100ms);
  EXPECT_LT(last, 150ms);
}

TEST_F(BarrierTest, ASlowRelayThatKeepsFallingSilentGetsTheTimeThatItNeeds) {
  see();
  relay.fault = delaying([](const Toy&) { return true; }, 20ms);
  EXPECT_EQ(pass(), Passage::passed);
  relay.fault = losing(is_request);
  for (int i = 0; i < 6; ++i) pass();
  const auto last = time_of([&] { pass(); });
  EXPECT_GE(last, 800ms) << "20 times both halves";
  EXPECT_LE(last, 1s);
}

TEST_F(BarrierTest, ARelayThatDiesWhileWaitedForIsDead) {
  see();
  relay.dies_of = is_request;
  EXPECT_LT(time_of([&] { EXPECT_EQ(pass(), Passage::dead); }), 10ms);
}

TEST_F(BarrierTest, AReplyOnTheWrongSegmentIsNoReply) {
  relay.fault = misplacing(is_reply, Segment::downlink1);
  see();
  EXPECT_FALSE(barrier.works(downlink, Half::reply));
  EXPECT_FALSE(barrier.works(Segment::downlink1, Half::reply));
}

TEST_F(BarrierTest, ARequestThatLeaksBackIsNoRequest) {
  relay.fault = misplacing(is_request, Segment::downlink1);
  see();
  EXPECT_FALSE(barrier.works(downlink, Half::request));
}

TEST_F(BarrierTest, AReplyBeforeTheRequestIsExcess) {
  relay.fault = [](Emissions& out) {
    for (Emission& e : out) {
      e.message.kind = Toy::reply;
      e.segment = downlink;
    }
  };
  see();
  EXPECT_FALSE(barrier.works(downlink, Half::reply));
}

TEST_F(BarrierTest, ACorruptedKeyIsOfTheLatestExchangeFromItsDownlink) {
  relay.fault = corrupting(is_request, [](Toy& m) { m.key = corrupted_key; });
  see();
  EXPECT_TRUE(barrier.works(downlink, Half::request));
  EXPECT_EQ(pass(), Passage::passed);
}

TEST_F(BarrierTest, ACorruptedKeyWithoutAnExchangeIsNobodys) {
  device.wire.put_from_relay(Segment::uplink, encode({.key = corrupted_key}));
  pump();
  EXPECT_THAT(traffic.sightings, IsEmpty());
  EXPECT_FALSE(barrier.works(downlink, Half::request));
}

TEST_F(BarrierTest, AnExchangeWithThePredecessorProvesNothing) {
  relay.holds = true;
  barrier.send(downlink);
  pump();
  barrier.relay_started(1);
  relay.release();
  pump();
  EXPECT_FALSE(barrier.works(downlink, Half::request));
  EXPECT_THAT(protocol.barriers_answered, IsEmpty());
}

TEST_F(BarrierTest, ARestartForgetsWhatWasLearnt) {
  relay.fault = doubling(is_request);
  learn();
  barrier.relay_started(1);
  EXPECT_THAT(barrier.quirks().excess(), IsEmpty());
  EXPECT_FALSE(barrier.works(downlink, Half::request));
  see();
  EXPECT_THAT(barrier.changes, IsEmpty()) << "until it is learnt again";
}

TEST_F(BarrierTest, LearnsOnEachDownlink) {
  relay.fault = corrupting([](const Toy& m) { return m.downlink == Segment::downlink1; },
                           [](Toy& m) { m.payload.push_back(1); });
  learn({downlink, Segment::downlink1});
  EXPECT_THAT(barrier.quirks().differences(), SizeIs(2));
}

TEST_F(BarrierTest, OtherTrafficIsNotTaken) {
  device.wire.put_from_relay(Segment::uplink, encode({.key = 5}));
  pump();
  EXPECT_THAT(traffic.sightings, SizeIs(1));
}

}  // namespace
}  // namespace relayspec
