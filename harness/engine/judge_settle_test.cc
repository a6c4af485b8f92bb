// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/testing_judge.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JudgeSettleTest : public JudgeFixture {};

TEST_F(JudgeSettleTest, AQuirkIsNotHeldAgainstEveryClient) {
  run_with(corrupting(is_request, [](Toy& m) { ++m.hops; }));
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
  EXPECT_THAT(judge.remarks(), ElementsAre("hops: expected 1, observed 2 (in every message of this relay)"));
  EXPECT_THAT(session.traffic().record[1].comments, ElementsAre("quirk: hops: expected 1, observed 2"));
}

TEST_F(JudgeSettleTest, AQuirkIsHeldAgainstTheClientThatIsAboutIt) {
  run_with(corrupting(is_request, [](Toy& m) { ++m.hops; }));
  client.subjects = {"rule-request-hops"};
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("rule-request-hops"));
}

TEST_F(JudgeSettleTest, AnotherDifferenceBesideAQuirkIsFound) {
  run_with(corrupting(is_request, [](Toy& m) { ++m.hops; }));
  relay.fault = corrupting(is_request, [](Toy& m) {
    ++m.hops;
    m.payload.push_back(3);
  });
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), Contains("rule-request-payload"));
  EXPECT_THAT(rules(), ::testing::Not(Contains("rule-request-hops")));
}

TEST_F(JudgeSettleTest, WhatOneExchangeAloneHasShownIsNoQuirk) {
  int barriers = 0;
  run_with(corrupting(is_request, [&](Toy& m) {
    if (++barriers <= 2) ++m.hops;  // the first of each downlink
  }));
  relay.fault = corrupting(is_of_case, [](Toy& m) { ++m.hops; });
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("rule-request-hops"));
}

TEST_F(JudgeSettleTest, AnExcessSightingIsFound) {
  run_with();
  relay.fault = leaking(is_of_case, Segment::downlink1);
  const auto found = judged(of(ask({.key = 5})));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0], (Finding{.requirement = "no-leak",
                               .field = "message",
                               .kind = "unexpected",
                               .reason = "unexpected message 5 on downlink1",
                               .expected = "nothing more",
                               .observed = "message 5, form 0 on downlink1",
                               .by = Finding::By::excess,
                               .exhibit = {time_on(Segment::downlink1), Segment::downlink1, {}}}));
  judge.settle();
  EXPECT_THAT(judge.findings(), SizeIs(1)) << "once";
}

TEST_F(JudgeSettleTest, AFragmentThatIsNeverPutTogetherIsFound) {
  run_with();
  ask({.key = 5});
  device.wire.put_from_relay(Segment::downlink1, encode({.kind = Toy::fragment, .key = 9, .hops = 2}));
  const auto found = judged(of({.key = 5}));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, "a frame that is no whole datagram on downlink1");
}

TEST_F(JudgeSettleTest, ExcessBehindEveryMessageIsAQuirk) {
  run_with(doubling(is_request));
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
  EXPECT_THAT(judge.remarks(),
              ElementsAre("unexpected message 5 on uplink0 (behind every message of this relay)"));
  client.subjects = {"request-once"};
  judged(of(ask({.key = 6})));
  EXPECT_THAT(rules(), ElementsAre("request-once"));
}

TEST_F(JudgeSettleTest, ALateSightingIsNotBlamedOnAnotherClient) {
  run_with();
  client.key_of_another = 4;
  device.wire.put_from_relay(Segment::uplink, encode({.key = 4}));
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
}

TEST_F(JudgeSettleTest, SettlesTheDownlinksAlone) {
  run_with();
  ask({.key = 5});
  judge.settle(Judge::Where::downlinks);
  EXPECT_THAT(judge.findings(), IsEmpty());
  relay.fault = leaking(is_of_case, Segment::downlink1);
  ask({.key = 6});
  judge.settle(Judge::Where::downlinks);
  EXPECT_THAT(rules(), ElementsAre("no-leak"));
}

TEST_F(JudgeSettleTest, SettlingWaitsForTheBarrierOfEachDownlinkThatWasUsed) {
  run_with();
  relay.fault = [](Emissions& out) {
    for (Emission& e : out) {
      if (e.message.downlink == Segment::downlink1) e.in = 30ms;
    }
  };
  ask({.key = 5, .downlink = Segment::downlink1}, Segment::downlink1);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("request-once")) << "it came behind the barrier of the other downlink";
}

TEST_F(JudgeSettleTest, SilenceOfADeadRelayIsNotAccepted) {
  run_with();
  relay.dies_of = is_of_case;
  ask({.key = 5});
  judge.settle();
  ASSERT_THAT(rules(), ElementsAre("stay-alive"));
  EXPECT_EQ(judge.findings()[0].reason, "the relay was killed by SIGSEGV (sent last: request)");
  EXPECT_EQ(judge.findings()[0].by, Finding::By::end);
  EXPECT_FALSE(device.started());
}

TEST_F(JudgeSettleTest, WhatALossKeepsTheClientFromTakingIsNotUnexpected) {
  run_with();
  relay.fault = losing([](const Toy& m) { return m.key == 5; });
  client.key_of_due = 6;
  const Toy lost = ask({.key = 5});
  ask({.key = 6});
  ask({.key = 7});
  Expectation e = of(lost);
  e.for_another = anything;
  EXPECT_THROW(judge.expect(e), EndOfJudging);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("relay-requests", "request-once"));
}

TEST_F(JudgeSettleTest, WhatIsNotTakenWithoutALossIsUnexpected) {
  run_with();
  client.key_of_due = 6;
  const Toy taken = ask({.key = 5});
  ask({.key = 6});
  judged(of(taken));
  EXPECT_THAT(rules(), ElementsAre("request-once"));
}

TEST_F(JudgeSettleTest, TheEndOfARelayIsReportedOnce) {
  run_with();
  relay.dies_of = is_of_case;
  ask({.key = 5});
  judge.settle();
  client.liveness = "relay-requests";
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("stay-alive"));
  relay.dies_of = {};
  session.prepare({});
  relay.fault = losing(is_request);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("stay-alive", "relay-requests")) << "it is another end, of the next start";
}

TEST_F(JudgeSettleTest, SilenceWithoutAPassedBarrierIsNotAccepted) {
  run_with();
  relay.fault = losing([](const Toy&) { return true; });
  ask({.key = 5});
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("stay-alive"));
}

TEST_F(JudgeSettleTest, WithoutATouchedDownlinkTheFirstIsAsked) {
  run_with();
  relay.fault = losing(is_request);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("stay-alive"));
}

TEST_F(JudgeSettleTest, LinksThatAreDownOrDoNotExistAreNotAsked) {
  relay.fault = {};
  session.prepare({.downlinks = 1});
  judge.touch_all();
  judge.touch(Segment::downlink1);
  session.down = {downlink};
  const auto sent = device.wire.injected.size();
  judge.settle();
  EXPECT_THAT(judge.findings(), IsEmpty());
  EXPECT_EQ(device.wire.injected.size(), sent);
}

TEST_F(JudgeSettleTest, ABarrierIsNotRepeatedWhileNothingWasSent) {
  run_with();
  judge.accept(of(ask({.key = 5})));
  const auto sent = device.wire.injected.size();
  EXPECT_FALSE(judge.accept(of({.key = 5})));
  EXPECT_EQ(device.wire.injected.size(), sent);
}

TEST_F(JudgeSettleTest, APlainExchangeThatChangesIsHeldAgainstTheRelay) {
  run_with();
  relay.fault = corrupting(is_barrier, [](Toy& m) { ++m.hops; });
  ask({.key = 5});
  judge.take(Segment::uplink, 5, anything);
  judge.settle();
  ASSERT_THAT(rules(), ElementsAre("rule-request-hops", "rule-reply-hops")) << "each once";
  EXPECT_EQ(judge.findings()[0].reason,
            "a plain exchange is no longer relayed as it was: hops: expected 4, observed 5");
  judge.settle();
  EXPECT_THAT(judge.findings(), SizeIs(4)) << "again, by the further barrier";
}

TEST_F(JudgeSettleTest, UnderOtherCircumstancesAPlainExchangeMayChange) {
  run_with();
  client.changed = true;
  relay.fault = corrupting(is_barrier, [](Toy& m) { ++m.hops; });
  judge.settle();
  EXPECT_THAT(judge.findings(), IsEmpty());
  client.changed = false;
  relay.fault = {};
  judge.settle();
  EXPECT_THAT(judge.findings(), IsEmpty()) << "and is not brought up later";
}

// What comes late, of itself.
TEST_F(JudgeSettleTest, ListensToARelayAtRest) {
  run_with();
  const auto from = session.now();
  judge.listen(300ms);
  EXPECT_GE(session.now() - from, 300ms);
  judge.settle();
  EXPECT_THAT(judge.findings(), IsEmpty());
}

TEST_F(JudgeSettleTest, EqualDifferencesOfExchangesAreReportedOnce) {
  const Difference d{.field = "f", .requirement = "r", .kind = "k"};
  judge.report_exchange({d, d}, "twice");
  ASSERT_THAT(judge.findings(), SizeIs(1));
  EXPECT_EQ(judge.findings()[0].verdict, Verdict::fail);
}

TEST_F(JudgeSettleTest, AwaitsThatTheRelayIsThrough) {
  run_with();
  EXPECT_NO_THROW(judge.await_through());
  relay.fault = losing(is_request);
  EXPECT_THROW(judge.await_through(), EndOfJudging);
}

}  // namespace
}  // namespace relayspec
