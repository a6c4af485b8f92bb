// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/judge.h"

#include "harness/engine/testing_judge.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JudgeTest : public JudgeFixture {};

TEST_F(JudgeTest, FindsNothingWrongWithARelayThatIsRight) {
  run_with();
  EXPECT_LT(time_of([&] { EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty()); }), 5ms);
  EXPECT_THAT(judged(of(answer({.key = 5}))), IsEmpty());
  EXPECT_FALSE(ended);
  EXPECT_TRUE(judge.has_sent_on(downlink));
  EXPECT_FALSE(judge.has_sent_on(Segment::downlink1));
  EXPECT_THAT(session.traffic().record[1].comments, ElementsAre("request to the server: as expected"));
}

TEST_F(JudgeTest, NamesEachDifferenceByItsRule) {
  run_with();
  relay.fault = corrupting(is_of_case, [](Toy& m) {
    m.hops += 2;
    m.payload = {9};
  });
  judge.set_combination("row 3");
  const auto found = judged(of(ask({.key = 5, .hops = 1})));
  ASSERT_THAT(rules(), ElementsAre("rule-request-hops", "rule-request-payload"));
  EXPECT_EQ(found[0], (Finding{.verdict = Verdict::fail,
                               .requirement = "rule-request-hops",
                               .field = "hops",
                               .kind = "request hops +2",
                               .reason = "request to the server: hops: expected 2, observed 4",
                               .expected = "hops 2",
                               .observed = "hops 4",
                               .octets = "octets",
                               .combination = "row 3",
                               .exhibit = {session.traffic().record[1].time, Segment::uplink, {1}}}));
  EXPECT_THAT(session.traffic().record[1].comments,
              Contains("fail: rule-request-hops: hops: expected 2, observed 4"));
  EXPECT_THAT(judge.findings(), SizeIs(2));
}

TEST_F(JudgeTest, AControlIsTakenWhateverItLooksLike) {
  run_with();
  relay.fault = corrupting(is_of_case, [](Toy& m) { m.hops += 2; });
  EXPECT_TRUE(judge.control(of(ask({.key = 5}))));
  EXPECT_TRUE(judge.control(of(answer({.key = 5}))));
  judge.settle();
  EXPECT_THAT(judge.findings(), IsEmpty());
  EXPECT_THAT(session.traffic().record[1].comments, ElementsAre("request to the server has come"));
}

TEST_F(JudgeTest, AControlThatDoesNotComeIsNoFinding) {
  run_with();
  relay.fault = losing(is_of_case);
  EXPECT_FALSE(judge.control(of(ask({.key = 5}))));
  EXPECT_THAT(judge.findings(), IsEmpty());
}

TEST_F(JudgeTest, TellsWhatTheRelaysHostSaysOfALoss) {
  run_with();
  relay.fault = corrupting(is_of_case, [](Toy& m) { m.kind = Toy::who_has; });
  EXPECT_EQ(judged(of(ask({.key = 5}))).front().observed, "nothing; the relay's host asks in vain");
}

TEST_F(JudgeTest, TheRuleDecidesTheVerdict) {
  run_with();
  relay.fault = corrupting([](const Toy& m) { return is_reply(m) && is_of_case(m); },
                           [](Toy& m) {
                             ++m.key;
                             ++m.hops;
                           });
  Expectation e = of(answer({.key = 5}));
  e.octets = {};
  const auto found = judged(e);
  ASSERT_THAT(rules(), ElementsAre("rule-reply-hops", "rule-reply-key"));
  EXPECT_EQ(found[0].verdict, Verdict::warn);
  EXPECT_EQ(found[1].verdict, Verdict::warn);
  EXPECT_EQ(found[0].octets, "");
}

TEST_F(JudgeTest, TakesTheBestMatch) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    Emission worse = out[0];
    worse.message.payload = {1};
    out.insert(out.begin(), worse);
  };
  const auto found = judged(of(ask({.key = 5})));
  ASSERT_THAT(rules(), ElementsAre("request-once")) << "the other one is excess, not a bad request";
  EXPECT_EQ(found[0].kind, "unexpected");
}

TEST_F(JudgeTest, WaitsForABetterMatchThatFollows) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    out.push_back(out[0]);
    out[0].message.hops = 77;
    out[1].in = 2us;
  };
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("request-once"));
}

TEST_F(JudgeTest, AmongEqualsTheOneWithFewerQuirksIsTheMatch) {
  run_with(corrupting(is_request, [](Toy& m) { ++m.hops; }));
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    out.push_back(out[0]);
    ++out[0].message.hops;
  };
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("request-once"));
  EXPECT_THAT(judge.remarks(), IsEmpty()) << "the right one was taken";
}

TEST_F(JudgeTest, OneWithTheKeyIsPreferred) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    Emission other = out[0];
    other.message.key = 99;
    out[0].message.payload = {1};
    out[0].message.hops = 50;
    out.insert(out.begin(), other);
  };
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("rule-request-hops", "rule-request-payload", "request-once"));
}

TEST_F(JudgeTest, ACorruptedKeyIsAFindingAndNoLoss) {
  run_with();
  relay.fault = corrupting(is_of_case, [](Toy& m) { m.key = 99; });
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("rule-request-key"));
}

TEST_F(JudgeTest, ACopyForAnotherReceiverIsNoBadCopyForThisOne) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    out[0].message.form = 2;  // for the second server
  };
  Expectation e = of(ask({.key = 5}));
  e.for_another = [](const Sighting& s) { return toy_of(s).form == 2; };
  judged(e);
  EXPECT_THAT(rules(), ElementsAre("relay-requests"));
}

TEST_F(JudgeTest, ALossIsFoundBehindABarrier) {
  run_with();
  relay.fault = losing(is_of_case);
  const auto found = judged(of(ask({.key = 5})));
  EXPECT_TRUE(ended);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0], (Finding{.requirement = "relay-requests",
                               .field = "message",
                               .kind = "lost on the way to servers",
                               .reason = "request to the server does not come out on uplink0",
                               .expected = "a message on uplink0",
                               .observed = "nothing",
                               .by = Finding::By::loss,
                               .exhibit = {{}, Segment::uplink, {2}}}));
}

TEST_F(JudgeTest, WhatIsLateIsNotLost) {
  run_with();
  const auto late = [&](Clock::duration by) {
    relay.fault = delaying(is_of_case, by);
    return judged(of(ask({.key = 5})));
  };
  EXPECT_THAT(late(80ms), IsEmpty()) << "behind another";
  relay.fault = {};
  device.wire.put_from_relay(downlink, encode({.kind = Toy::who_has}));
  EXPECT_THAT(late(200ms), IsEmpty()) << "it waits for a resolution";
}

TEST_F(JudgeTest, WhatWasMissedOnceIsAskedAfterSooner) {
  run_with();
  relay.fault = losing(is_of_case);
  const auto first = time_of([&] { judged(of(ask({.key = 5}))); }),
             second = time_of([&] { judged(of(ask({.key = 6}))); });
  EXPECT_LT(second + 30ms, first);
}

TEST_F(JudgeTest, WhatComesOutElsewhereIsOneFindingByTheRuleAgainstThePlace) {
  run_with();
  relay.fault = misplacing(is_of_case, Segment::downlink1);
  const auto found = judged(of(ask({.key = 5})));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].requirement, "no-leak");
  EXPECT_EQ(found[0].kind, "in the wrong place");
  EXPECT_EQ(found[0].reason, "request to the server comes out on downlink1 in place of uplink0");
  EXPECT_EQ(found[0].observed, "on downlink1: message 5, form 0");
  judge.settle();
  EXPECT_THAT(judge.findings(), SizeIs(1));
}

TEST_F(JudgeTest, AnotherMessageElsewhereDoesNotStandForALostOne) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (out.empty() || is_barrier(out[0].message)) return;
    out[0].segment = Segment::downlink1;
    out[0].message.key = 6;
  };
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("relay-requests"));
}

TEST_F(JudgeTest, ARelayThatDiesIsNotWaitedForAndLosesNothing) {
  run_with();
  relay.dies_of = is_of_case;
  EXPECT_LT(time_of([&] { judged(of(ask({.key = 5}))); }), 10ms);
  EXPECT_TRUE(ended);
  EXPECT_THAT(rules(), ElementsAre("stay-alive")) << "its death, not a loss";
}

TEST_F(JudgeTest, ARepliesFormThatNeverComesIsNotWaitedForInTheJudgement) {
  run_with(losing([](const Toy& m) { return is_reply(m) && m.form == 1; }));
  const Expectation e = of(answer({.key = 5, .form = 1}));
  try {
    judge.expect(e);
    FAIL() << "no error";
  } catch (const NotJudgeable& why) {
    EXPECT_STREQ(why.what(), "no quiet reply comes through to downlink0 (see deliver-quiet)");
  }
  EXPECT_THAT(judge.findings(), IsEmpty());
  client.subjects = {"deliver-quiet"};
  judged(e);
  EXPECT_THAT(rules(), ElementsAre("deliver-quiet")) << "by the client that is about it";
}

TEST_F(JudgeTest, ARelayWithoutAnyReplyIsNotJudgedByReplies) {
  run_with(losing(is_reply));
  try {
    judge.expect(of(answer({.key = 5})));
    FAIL() << "no error";
  } catch (const NotJudgeable& why) {
    EXPECT_STREQ(why.what(), "no loud reply comes through to downlink0 (see deliver-loud)");
  }
}

TEST_F(JudgeTest, AcceptsWhatMayComeAndItsAbsence) {
  run_with();
  const auto taken = judge.accept(of(ask({.key = 5})));
  ASSERT_TRUE(taken);
  EXPECT_EQ(toy_of(*taken).key, 5U);
  relay.fault = losing(is_of_case);
  EXPECT_FALSE(judge.accept(of(ask({.key = 6}))));
  relay.fault = corrupting(is_of_case, [](Toy& m) { m.hops = 9; });
  judge.accept(of(ask({.key = 7})));
  EXPECT_THAT(rules(), ElementsAre("rule-request-hops"));
  relay.dies_of = is_of_case;
  EXPECT_THROW(judge.accept(of(ask({.key = 8}))), EndOfJudging);
}

TEST_F(JudgeTest, TakesAllWithAKeyWithoutAVerdict) {
  run_with();
  relay.fault = [](Emissions& out) {
    if (!out.empty() && !is_barrier(out[0].message)) out = {out[0], out[0], {out[0].message, downlink}};
  };
  ask({.key = 5});
  ask({.key = 6});
  EXPECT_THAT(judge.take(Segment::uplink, 5, anything), SizeIs(2));
  EXPECT_THAT(judge.take(Segment::uplink, 5, anything), IsEmpty());
  EXPECT_THAT(judge.findings(), IsEmpty());
  relay.dies_of = is_of_case;
  ask({.key = 7});
  EXPECT_THROW(judge.take(Segment::uplink, 7, anything), EndOfJudging);
}

}  // namespace
}  // namespace relayspec
