// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/barrier.h"

#include <gmock/gmock.h>

#include "harness/engine/testing_toy.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Half = Barrier::Half;
using Passage = Barrier::Passage;

class BarrierTest : public ::testing::Test {
 protected:
  FakeDevice device;
  ToyProtocol protocol;
  Traffic traffic{device.wire, protocol};
  Barrier barrier{traffic, protocol};
  ToyRelay& relay = device.relay;
  static constexpr Segment downlink = Segment::downlink0;

  BarrierTest() {
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
  Passage pass() { return barrier.pass(downlink, device.wake_fd()); }
  Clock::duration time_of(const std::function<void()>& what) {
    const auto begin = traffic.now();
    what();
    return traffic.now() - begin;
  }
};

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

TEST_F(BarrierTest, LearnsAQuirkFromTwoExchanges) {
  relay.fault = corrupting(is_request, [](Toy& m) { --m.hops; });
  learn();
  ASSERT_THAT(barrier.quirks().differences(), SizeIs(1));
  EXPECT_EQ(barrier.quirks().differences()[0].kind, "request hops -1");
  EXPECT_THAT(barrier.changes, IsEmpty());
  EXPECT_THAT(barrier.in_first_only, IsEmpty());
}

TEST_F(BarrierTest, WhatTheFirstExchangeAloneShowsIsNoQuirk) {
  int requests = 0;
  relay.fault = corrupting(is_request, [&](Toy& m) {
    if (++requests == 1) --m.hops;
  });
  learn();
  EXPECT_THAT(barrier.quirks().differences(), IsEmpty());
  ASSERT_THAT(barrier.in_first_only, SizeIs(1));
  EXPECT_EQ(barrier.in_first_only[0].field, "hops");
}

TEST_F(BarrierTest, WhatALaterExchangeAloneShowsIsAChange) {
  learn();
  relay.fault = corrupting(is_reply, [](Toy& m) { m.payload.clear(); });
  EXPECT_EQ(pass(), Passage::passed);
  ASSERT_THAT(barrier.changes, SizeIs(1));
  EXPECT_EQ(barrier.changes[0].kind, "reply payload");
}

TEST_F(BarrierTest, AQuirkIsNoChange) {
  relay.fault = corrupting(is_reply, [](Toy& m) { m.payload.clear(); });
  learn();
  pass();
  EXPECT_THAT(barrier.changes, IsEmpty());
}

TEST_F(BarrierTest, LearnsCopiesAsExcess) {
  relay.fault = doubling(is_request);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("request-once"));
}

TEST_F(BarrierTest, LearnsLeaksAsExcess) {
  relay.fault = leaking(is_request, Segment::downlink1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-leak"));
  relay.fault = leaking(is_request, downlink);
  barrier.relay_started(1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-echo"));
}

TEST_F(BarrierTest, LearnsRepliesOnTheUplinkAsExcess) {
  relay.fault = leaking(is_reply, Segment::uplink);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-reply-to-servers"));
}

TEST_F(BarrierTest, ACopyForEachServerIsNoExcess) {
  barrier.relay_started(2);
  relay.fault = doubling(is_request);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), IsEmpty());
  relay.fault = doubling(is_reply);
  barrier.relay_started(2);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("reply-once")) << "which holds for requests alone";
}

TEST_F(BarrierTest, LearnsThatAFormIsNeverDelivered) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-quiet");
  EXPECT_EQ(barrier.quirks().loss(downlink, 0), std::nullopt);
  EXPECT_EQ(pass(), Passage::passed);
}

// Such as broadcasts, where unicasts come.
TEST_F(BarrierTest, PassesByTheRequestWhereOnlyRepliesOfAnotherFormComeThrough) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 0; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 0), "deliver-loud");
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
  EXPECT_EQ(pass(), Passage::passed);
}

TEST_F(BarrierTest, AFormThatIsNeverDeliveredIsWaitedForOnce) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  see();
  see(Segment::downlink1);
  const Segment one[] = {downlink}, other[] = {Segment::downlink1};
  EXPECT_GE(time_of([&] { barrier.learn(one, -1); }), 100ms);
  EXPECT_LT(time_of([&] { barrier.learn(other, -1); }), 1ms);
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-quiet");
}

TEST_F(BarrierTest, AFormThatComesLateIsNotLost) {
  relay.fault = delaying([](const Toy& m) { return is_reply(m) && m.form == 1; }, 70ms);
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierTest, AFormWhoseReplyWasLostOnceIsNotLost) {
  int replies = 0;
  relay.fault = losing([&](const Toy& m) { return is_reply(m) && m.form == 1 && ++replies == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierTest, WhatLinksLoseAFewTimesIsNotLost) {
  int replies = 0;
  const auto lose_three = [&](const Toy& m) { return is_reply(m) && m.form == 1 && ++replies <= 3; };
  relay.fault = losing(lose_three);
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-quiet");
  replies = 0;
  barrier.links_may_lose = true;
  barrier.relay_started(1);
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierTest, WhatLinksDoubleTwiceIsNoExcess) {
  int requests = 0;
  const auto double_some = [&](Emissions& out) {
    // The first exchange, and the last of those that are learnt from.
    const bool doubled =
        !out.empty() && is_request(out[0].message) && out[0].message.form == 0 && ++requests <= 2;
    if (doubled) out.push_back(out[0]);
  };
  relay.fault = double_some;
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("request-once"));
  requests = 0;
  barrier.links_may_lose = true;
  barrier.relay_started(1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), IsEmpty());
  relay.fault = doubling(is_request);
  barrier.relay_started(1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("request-once")) << "the relay doubles all";
}

TEST_F(BarrierTest, AFormThatWaitsForAResolutionIsNotLost) {
  relay.fault = [this](Emissions& out) {
    if (out.empty() || !is_reply(out[0].message) || out[0].message.form == 0) return;
    device.wire.put_from_relay(downlink, encode({.kind = Toy::who_has}));
    out[0].in = 200ms;
  };
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierTest, AFormThatComesUnderOtherSettingsIsLostByThese) {
  learn();
  barrier.relay_started(1);
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-here-too");
}

TEST_F(BarrierTest, LearnsThatNoReplyIsDelivered) {
  relay.fault = losing(is_reply);
  learn();
  EXPECT_THAT(barrier.quirks().losses(), ElementsAre("deliver-loud", "deliver-quiet"));
}

TEST_F(BarrierTest, LearnsNothingOfADownlinkThatDoesNotWork) {
  see();
  const auto sent = device.wire.injected.size();
  const Segment other[] = {Segment::downlink1};
  barrier.learn(other, -1);
  EXPECT_EQ(device.wire.injected.size(), sent);
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
