// SPDX-License-Identifier: Apache-2.0
// What the barrier learns of a relay from its first exchanges.
#include "harness/engine/testing_barrier.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Passage = Barrier::Passage;

class BarrierLearnTest : public BarrierFixture {};

TEST_F(BarrierLearnTest, LearnsAQuirkFromTwoExchanges) {
  relay.fault = corrupting(is_request, [](Toy& m) { --m.hops; });
  learn();
  ASSERT_THAT(barrier.quirks().differences(), SizeIs(1));
  EXPECT_EQ(barrier.quirks().differences()[0].kind, "request hops -1");
  EXPECT_THAT(barrier.changes, IsEmpty());
  EXPECT_THAT(barrier.in_first_only, IsEmpty());
}

TEST_F(BarrierLearnTest, WhatTheFirstExchangeAloneShowsIsNoQuirk) {
  int requests = 0;
  relay.fault = corrupting(is_request, [&](Toy& m) {
    if (++requests == 1) --m.hops;
  });
  learn();
  EXPECT_THAT(barrier.quirks().differences(), IsEmpty());
  ASSERT_THAT(barrier.in_first_only, SizeIs(1));
  EXPECT_EQ(barrier.in_first_only[0].field, "hops");
}

TEST_F(BarrierLearnTest, WhatALaterExchangeAloneShowsIsAChange) {
  learn();
  relay.fault = corrupting(is_reply, [](Toy& m) { m.payload.clear(); });
  EXPECT_EQ(pass(), Passage::passed);
  ASSERT_THAT(barrier.changes, SizeIs(1));
  EXPECT_EQ(barrier.changes[0].kind, "reply payload");
}

TEST_F(BarrierLearnTest, AQuirkIsNoChange) {
  relay.fault = corrupting(is_reply, [](Toy& m) { m.payload.clear(); });
  learn();
  pass();
  EXPECT_THAT(barrier.changes, IsEmpty());
}

TEST_F(BarrierLearnTest, LearnsCopiesAsExcess) {
  relay.fault = doubling(is_request);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("request-once"));
}

TEST_F(BarrierLearnTest, LearnsLeaksAsExcess) {
  relay.fault = leaking(is_request, Segment::downlink1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-leak"));
  relay.fault = leaking(is_request, downlink);
  barrier.relay_started(1);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-echo"));
}

TEST_F(BarrierLearnTest, LearnsRepliesOnTheUplinkAsExcess) {
  relay.fault = leaking(is_reply, Segment::uplink);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("no-reply-to-servers"));
}

TEST_F(BarrierLearnTest, ACopyForEachServerIsNoExcess) {
  barrier.relay_started(2);
  relay.fault = doubling(is_request);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), IsEmpty());
  relay.fault = doubling(is_reply);
  barrier.relay_started(2);
  learn();
  EXPECT_THAT(barrier.quirks().excess(), ElementsAre("reply-once")) << "which holds for requests alone";
}

TEST_F(BarrierLearnTest, LearnsThatAFormIsNeverDelivered) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-quiet");
  EXPECT_EQ(barrier.quirks().loss(downlink, 0), std::nullopt);
  EXPECT_EQ(pass(), Passage::passed);
}

// Such as broadcasts, where unicasts come.
TEST_F(BarrierLearnTest, PassesByTheRequestWhereOnlyRepliesOfAnotherFormComeThrough) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 0; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 0), "deliver-loud");
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
  EXPECT_EQ(pass(), Passage::passed);
}

TEST_F(BarrierLearnTest, AFormThatIsNeverDeliveredIsWaitedForOnce) {
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  see();
  see(Segment::downlink1);
  const Segment one[] = {downlink}, other[] = {Segment::downlink1};
  EXPECT_GE(time_of([&] { barrier.learn(one, -1); }), 100ms);
  EXPECT_LT(time_of([&] { barrier.learn(other, -1); }), 1ms);
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-quiet");
}

TEST_F(BarrierLearnTest, AFormThatComesLateIsNotLost) {
  relay.fault = delaying([](const Toy& m) { return is_reply(m) && m.form == 1; }, 70ms);
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierLearnTest, AFormWhoseReplyWasLostOnceIsNotLost) {
  int replies = 0;
  relay.fault = losing([&](const Toy& m) { return is_reply(m) && m.form == 1 && ++replies == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierLearnTest, WhatLinksLoseAFewTimesIsNotLost) {
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

TEST_F(BarrierLearnTest, WhatLinksDoubleTwiceIsNoExcess) {
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

TEST_F(BarrierLearnTest, AFormThatWaitsForAResolutionIsNotLost) {
  relay.fault = [this](Emissions& out) {
    if (out.empty() || !is_reply(out[0].message) || out[0].message.form == 0) return;
    device.wire.put_from_relay(downlink, encode({.kind = Toy::who_has}));
    out[0].in = 200ms;
  };
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), std::nullopt);
}

TEST_F(BarrierLearnTest, AFormThatComesUnderOtherSettingsIsLostByThese) {
  learn();
  barrier.relay_started(1);
  relay.fault = losing([](const Toy& m) { return is_reply(m) && m.form == 1; });
  learn();
  EXPECT_EQ(barrier.quirks().loss(downlink, 1), "deliver-here-too");
}

TEST_F(BarrierLearnTest, LearnsThatNoReplyIsDelivered) {
  relay.fault = losing(is_reply);
  learn();
  EXPECT_THAT(barrier.quirks().losses(), ElementsAre("deliver-loud", "deliver-quiet"));
}

TEST_F(BarrierLearnTest, LearnsNothingOfADownlinkThatDoesNotWork) {
  see();
  const auto sent = device.wire.injected.size();
  const Segment other[] = {Segment::downlink1};
  barrier.learn(other, -1);
  EXPECT_EQ(device.wire.injected.size(), sent);
}

}  // namespace
}  // namespace relayspec
