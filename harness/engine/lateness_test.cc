// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/patience.h"
#include "harness/engine/testing_judge.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LatenessTest : public JudgeFixture {
 protected:
  std::vector<Sighting> take(std::uint16_t key, bool due) {
    return judge.take(Segment::uplink, key, anything, due);
  }
  /// Requests of cases come out so much later, and let barriers pass.
  void be_late(Clock::duration by) { relay.fault = delaying(is_of_case, by); }
};

TEST_F(LatenessTest, ARelayThatKeepsTheOrderIsNotWaitedFor) {
  run_with();
  EXPECT_LT(time_of([&] { judged(of(ask({.key = 5}))); }), 1ms);
  EXPECT_EQ(session.lag(), 0ms);
}

TEST_F(LatenessTest, WhatIsDueIsWaitedForBehindTheBarrier) {
  run_with();
  be_late(30ms);
  ask({.key = 5});
  EXPECT_THAT(take(5, true), SizeIs(1));
  EXPECT_GE(session.lag(), 29ms);
  EXPECT_LE(session.lag(), 31ms);
}

TEST_F(LatenessTest, WhatNeedNotComeIsNotWaitedFor) {
  run_with();
  be_late(30ms);
  ask({.key = 5});
  EXPECT_LT(time_of([&] { EXPECT_THAT(take(5, false), IsEmpty()); }), 1ms);
}

TEST_F(LatenessTest, WhatARelayWasLateByIsWaitedForFromThenOn) {
  run_with();
  be_late(30ms);
  ask({.key = 5});
  take(5, true);
  ask({.key = 6});
  EXPECT_THAT(take(6, false), SizeIs(1));
}

TEST_F(LatenessTest, WhatIsDueAndLostIsWaitedForOnceForAllThatWasSent) {
  run_with();
  relay.fault = losing(is_of_case);
  ask({.key = 5});
  ask({.key = 6});
  EXPECT_GE(time_of([&] { take(5, true); }), 50ms);
  EXPECT_LT(time_of([&] { take(6, true); }), 1ms);
  ask({.key = 7});
  EXPECT_GE(time_of([&] { take(7, true); }), 50ms);
  EXPECT_EQ(session.lag(), 0ms);
}

// It takes one message of the case after the other, 40 ms for each, and barriers between them.
TEST_F(LatenessTest, ARelayThatStillPutsSomethingOutIsWaitedForLonger) {
  run_with();
  Clock::duration free{};
  relay.fault = [&](Emissions& out) {
    for (Emission& e : out) {
      if (is_of_case(e.message)) e.in = free += 40ms;
    }
  };
  for (std::uint16_t key = 1; key <= 5; ++key) ask({.key = key});
  EXPECT_THAT(take(5, true), SizeIs(1));
}

TEST_F(LatenessTest, AnExpectedMessageBehindTheBarrierTeachesTheSame) {
  run_with();
  be_late(60ms);
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
  EXPECT_GE(session.lag(), 19ms) << "a barrier was sent after 40 ms";
}

TEST_F(LatenessTest, WhatWaitsForAnAddressIsNotLate) {
  run_with();
  be_late(30ms);
  device.wire.put_from_relay(downlink, encode({.kind = Toy::who_has}));
  ask({.key = 5});
  EXPECT_THAT(take(5, true), SizeIs(1));
  EXPECT_EQ(session.lag(), 0ms);
}

TEST_F(LatenessTest, ACopyTeachesNoLag) {
  run_with();
  relay.fault = doubling(is_of_case);
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("request-once"));
  EXPECT_EQ(session.lag(), 0ms);
}

TEST_F(LatenessTest, WhatMustNotComeTeachesNoLag) {
  run_with();
  ask({.key = 5});
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("request-once"));
  EXPECT_EQ(session.lag(), 0ms);
}

TEST_F(LatenessTest, StragglersAreAwaitedOnce) {
  run_with();
  be_late(30ms);
  ask({.key = 5});
  judge.settle();
  EXPECT_GE(time_of([&] { judge.await_stragglers(); }), 50ms);
  EXPECT_GE(session.lag(), 29ms);
  EXPECT_LT(time_of([&] { judge.await_stragglers(); }), 1ms);
}

// It comes while the barrier at the end of the case is on its way.
TEST_F(LatenessTest, WhatComesBehindABarrierLeavesADoubt) {
  run_with();
  be_late(3ms);
  ask({.key = 5});
  take(5, false);
  relay.fault = delaying([](const Toy& m) { return !is_of_case(m); }, 5ms);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("request-once"));
  EXPECT_EQ(session.doubts(), 1U);
}

TEST_F(LatenessTest, OneMoreThanWasSentLastLeavesADoubt) {
  run_with();
  be_late(3ms);
  ask({.key = 5});
  EXPECT_THAT(take(5, false), IsEmpty());
  ask({.key = 5, .payload = {1}});
  relay.fault = delaying([](const Toy& m) { return !is_of_case(m); }, 5ms);
  EXPECT_THAT(take(5, false), SizeIs(2));
  EXPECT_GE(session.doubts(), 1U);
}

TEST_F(LatenessTest, OneOfEachLeavesNoDoubt) {
  run_with();
  ask({.key = 5});
  EXPECT_THAT(take(5, false), SizeIs(1));
  ask({.key = 5, .payload = {1}});
  EXPECT_THAT(take(5, false), SizeIs(1));
  EXPECT_EQ(session.doubts(), 0U);
}

// It comes behind the barrier, when the next message has been sent already.
TEST_F(LatenessTest, WhatComesBehindTheNextMessageLeavesADoubt) {
  run_with();
  be_late(30ms);
  ask({.key = 5});
  take(5, false);
  ask({.key = 6});
  judge.listen(40ms);
  judge.settle();
  EXPECT_THAT(rules(), ElementsAre("request-once", "request-once"));
  EXPECT_EQ(session.doubts(), 1U);
}

// Both have the same key, so the judge cannot tell which of them the relay has answered late.
TEST_F(LatenessTest, SeveralMessagesOfOneKeyLeaveADoubt) {
  run_with();
  ask({.key = 5, .hops = 1});
  judge.settle();
  EXPECT_EQ(session.doubts(), 0U);
  ask({.key = 5, .hops = 2});
  judge.settle();
  EXPECT_EQ(session.doubts(), 1U);
  EXPECT_EQ(session.lag(), 0ms);
}

TEST_F(LatenessTest, CopiesForSeveralServersLeaveNoDoubt) {
  run_with();
  protocol.copies = 2;
  relay.fault = [](Emissions& out) {
    if (!out.empty() && is_of_case(out[0].message)) out.push_back(out[0]);
  };
  ask({.key = 5});
  EXPECT_THAT(take(5, false), SizeIs(2));
  ask({.key = 5, .payload = {1}});
  EXPECT_THAT(take(5, false), SizeIs(2));
  EXPECT_EQ(session.doubts(), 0U);
}

// All have come in front of the barrier behind them.
TEST_F(LatenessTest, SeveralMessagesOfOneKeyAtOnceLeaveNoDoubt) {
  run_with();
  for (std::uint8_t n = 1; n <= 3; ++n) ask({.key = 5, .payload = {n}});
  EXPECT_THAT(take(5, false), SizeIs(3));
  EXPECT_EQ(session.doubts(), 0U);
}

TEST_F(LatenessTest, ALateCopyOfWhatHasComeLeavesNoDoubt) {
  run_with();
  relay.fault = [](Emissions& out) {
    for (std::size_t i = 0, n = out.size(); i < n; ++i) {
      if (!is_of_case(out[i].message)) continue;
      out.push_back(out[i]);
      out.back().in = 30ms;
    }
  };
  ask({.key = 5});
  take(5, false);
  ask({.key = 6});
  judge.listen(40ms);
  judge.settle();
  EXPECT_EQ(session.doubts(), 0U);
}

TEST_F(LatenessTest, ALagIsBounded) {
  session.note_lag(10s);
  session.note_lag(1ms);
  EXPECT_EQ(session.lag(), 250ms);
}

// It has room for as many messages as any relay, and reads them every millisecond.
class SmallBufferTest : public LatenessTest {
 protected:
  SmallBufferTest() {
    run_with();
    relay.fault = [this](Emissions& out) {
      if (session.now() >= read_at_ + 1ms) {
        read_at_ = session.now();
        unread_ = 0;
      }
      if (++unread_ > fewest_unread) out.clear();
    };
  }
  std::size_t lost_of(std::uint16_t messages) {
    for (std::uint16_t key = 1; key <= messages; ++key) ask({.key = key});
    std::size_t lost = 0;
    for (std::uint16_t key = 1; key <= messages; ++key) lost += take(key, true).empty() ? 1 : 0;
    return lost;
  }

 private:
  Clock::time_point read_at_{};
  std::size_t unread_ = 0;
};

TEST_F(SmallBufferTest, LosesWhatIsSentAtOnce) {
  EXPECT_EQ(lost_of(10), 6);
  EXPECT_EQ(session.take_longest_burst(), 10);
  EXPECT_EQ(session.take_longest_burst(), 0);
}

TEST_F(SmallBufferTest, HasRoomForAFewAtATime) {
  session.send_few_at_a_time(true);
  EXPECT_EQ(lost_of(10), 0);
  EXPECT_EQ(session.take_longest_burst(), fewest_unread);
}

TEST_F(LatenessTest, WhatHasComeOutHasBeenRead) {
  run_with();
  for (std::uint16_t key = 1; key <= 10; ++key) judge.expect(of(ask({.key = key})));
  EXPECT_EQ(session.take_longest_burst(), 1);
}

}  // namespace
}  // namespace relayspec
