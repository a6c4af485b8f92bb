// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/decorators.h"

#include <gmock/gmock.h>

#include "harness/engine/testing.h"

namespace relayspec {
namespace {

using fake::FakeLink;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

// The first octets of what receive() returns; those of the harness come as negative numbers.
std::vector<int> numbers(const std::vector<Frame>& frames) {
  std::vector<int> all;
  for (const Frame& f : frames) all.push_back(f.origin == Origin::harness ? -f.bytes[0] : f.bytes[0]);
  return all;
}

std::vector<int> drain(Link& link) {
  std::vector<int> all;
  while (true) {
    const auto some = numbers(link.receive(link.now() + 1s, -1));
    if (some.empty()) return all;
    all.insert(all.end(), some.begin(), some.end());
  }
}

void inject(Link& link, std::initializer_list<std::uint8_t> octets) {
  std::vector<Outgoing> frames;
  for (const std::uint8_t octet : octets) frames.push_back({Segment::downlink0, {octet}});
  link.inject(frames);
}

class Decorators : public ::testing::Test {
 protected:
  void relay_sends(int first, int last, Clock::duration in = {}) {
    for (int i = first; i <= last; ++i)
      inner.put_from_relay(Segment::uplink, {static_cast<std::uint8_t>(i)}, in);
  }
  FakeLink inner;
  static constexpr int wake = 3;  // any descriptor: the link has a wake of its own
};

class RecordingLinkTest : public Decorators {};
class RunningTimeLinkTest : public Decorators {};
class LossyLinkTest : public Decorators {};
class DuplicatingLinkTest : public Decorators {};
class DelayedLinkTest : public Decorators {};
class ReorderingLinkTest : public Decorators {};

TEST_F(RunningTimeLinkTest, IsTheTimeOfTheLinkWhileTheProgramRuns) {
  RunningTimeLink link(inner);
  const auto begin = link.now();
  inner.pass(200ms);
  EXPECT_EQ(link.now() - begin, 200ms);
  EXPECT_THAT(link.receive(link.now() + 5s, -1), IsEmpty());
  EXPECT_GE(link.now() - begin, 5s);
}

TEST_F(RunningTimeLinkTest, APauseBetweenTwoLooksDoesNotCount) {
  RunningTimeLink link(inner);
  const auto deadline = link.now() + 4s;
  inner.pass(10s);
  EXPECT_LT(link.now(), deadline);
  relay_sends(1, 1, 3s);
  EXPECT_THAT(numbers(link.receive(deadline, -1)), ElementsAre(1)) << "the whole wait is left";
}

TEST_F(RunningTimeLinkTest, APauseDuringAWaitDoesNotCount) {
  RunningTimeLink link(inner);
  const auto begin = link.now(), deadline = begin + 4s;
  inner.stall(7s);
  EXPECT_THAT(link.receive(begin + 1s, -1), IsEmpty());
  EXPECT_LT(link.now() - begin, 1100ms);
  relay_sends(1, 1, 2s);
  EXPECT_THAT(numbers(link.receive(deadline, -1)), ElementsAre(1));
}

TEST_F(RunningTimeLinkTest, CountsLongPauses) {
  RunningTimeLink link(inner);
  inner.pass(900ms);
  link.now();
  EXPECT_EQ(link.pauses(), 0U);
  inner.pass(1s);
  link.now();
  EXPECT_EQ(link.pauses(), 1U);
  inner.stall(3s);
  link.receive(link.now() + 1s, -1);
  EXPECT_EQ(link.pauses(), 2U);
}

TEST_F(RunningTimeLinkTest, SeveralPausesAddUp) {
  RunningTimeLink link(inner);
  const auto begin = link.now();
  for (int i = 0; i < 5; ++i) {
    inner.pass(1s);
    link.now();
  }
  EXPECT_EQ(link.now(), begin);
}

TEST_F(RecordingLinkTest, RecordsBothSidesAndChangesNothing) {
  std::vector<Frame> recorded;
  RecordingLink link(inner, [&](const Frame& f) { recorded.push_back(f); });
  inject(link, {1});
  relay_sends(2, 3);
  EXPECT_THAT(numbers(link.receive(link.now() + 1s, wake)), ElementsAre(-1, 2, 3));
  EXPECT_THAT(numbers(recorded), ElementsAre(-1, 2, 3));
}

TEST_F(LossyLinkTest, LosesTheFractionInBothDirections) {
  LossyLink link(inner, {0.25, 1});
  for (int i = 0; i < 100; ++i) inject(link, {1});
  const auto sent = inner.injected.size();
  EXPECT_THAT(sent, ::testing::AllOf(::testing::Gt(60U), ::testing::Lt(90U)));
  EXPECT_THAT(drain(link), SizeIs(sent)) << "what reached the wire comes back, whatever the chances";
  relay_sends(1, 100);
  EXPECT_THAT(drain(link).size(), ::testing::AllOf(::testing::Gt(60U), ::testing::Lt(90U)));
}

TEST_F(LossyLinkTest, TheSeedDecidesWhatIsLost) {
  const auto seen_with = [&](unsigned seed) {
    LossyLink link(inner, {0.5, seed});
    relay_sends(1, 60);
    return drain(link);
  };
  EXPECT_EQ(seen_with(7), seen_with(7));
  EXPECT_NE(seen_with(7), seen_with(8));
}

TEST_F(LossyLinkTest, ALostFrameDoesNotLookLikeTheDeadline) {
  LossyLink link(inner, {1, 1});
  const auto deadline = link.now() + 1s;
  relay_sends(1, 1, 100ms);
  EXPECT_THAT(link.receive(deadline, wake), IsEmpty());
  EXPECT_GE(link.now(), deadline);
}

TEST_F(LossyLinkTest, WakesUp) {
  LossyLink link(inner, {1, 1});
  inner.wake_in(1ms);
  EXPECT_THAT(link.receive(link.now() + 1s, wake), IsEmpty());
  EXPECT_LT(link.now() - Clock::time_point{}, 1h + 500ms);
}

TEST_F(DuplicatingLinkTest, DoublesInBothDirections) {
  DuplicatingLink link(inner, {1, 1});
  inject(link, {1, 2});
  EXPECT_THAT(inner.injected, SizeIs(4));
  EXPECT_THAT(drain(link), ElementsAre(-1, -1, -2, -2)) << "each as often as it was sent";
  relay_sends(3, 4);
  EXPECT_THAT(drain(link), ElementsAre(3, 3, 4, 4));
}

TEST_F(DuplicatingLinkTest, DoublesNothingWithoutAChance) {
  DuplicatingLink link(inner, {0, 1});
  inject(link, {1});
  relay_sends(2, 3);
  EXPECT_THAT(drain(link), ElementsAre(-1, 2, 3));
}

TEST_F(DelayedLinkTest, DeliversLater) {
  DelayedLink link(inner, 10ms);
  relay_sends(1, 2);
  const auto begin = link.now();
  EXPECT_THAT(link.receive(begin + 9ms, wake), IsEmpty()) << "the deadline comes first";
  EXPECT_LT(link.now(), begin + 10ms);
  const auto frames = link.receive(begin + 1s, wake);
  EXPECT_THAT(numbers(frames), ElementsAre(1, 2));
  EXPECT_GE(link.now(), begin + 10ms);
  EXPECT_LT(link.now(), begin + 11ms);
  EXPECT_EQ(frames[0].time, (begin + 10ms).time_since_epoch());
}

TEST_F(DelayedLinkTest, SendsLaterAndInOrder) {
  DelayedLink link(inner, 10ms);
  const auto begin = link.now();
  inject(link, {1});
  inner.pass(2ms);
  inject(link, {2});
  EXPECT_THAT(inner.injected, IsEmpty());
  EXPECT_THAT(numbers(link.receive(begin + 1s, wake)), ElementsAre(-1));
  EXPECT_GE(link.now(), begin + 10ms);
  EXPECT_THAT(numbers(link.receive(begin + 1s, wake)), ElementsAre(-2)) << "comes back without another delay";
  EXPECT_LT(link.now(), begin + 13ms);
}

TEST_F(DelayedLinkTest, ReturnsWhatIsDueWhenTheDeadlineHasPassed) {
  DelayedLink link(inner, 10ms);
  relay_sends(1, 1);
  EXPECT_THAT(link.receive(link.now(), wake), IsEmpty());
  inner.pass(20ms);
  EXPECT_THAT(numbers(link.receive(link.now() - 1s, wake)), ElementsAre(1));
}

TEST_F(DelayedLinkTest, WakesUpAndLosesNothing) {
  DelayedLink link(inner, 10ms);
  relay_sends(1, 1);
  inner.wake_in(2ms);
  const auto begin = link.now();
  EXPECT_THAT(link.receive(begin + 1s, wake), IsEmpty());
  EXPECT_LT(link.now(), begin + 3ms);
  EXPECT_THAT(numbers(link.receive(begin + 1s, -1)), ElementsAre(1));
}

TEST_F(DelayedLinkTest, OwnFramesOvertakeInTheOrderOfTheirTimes) {
  DelayedLink link(inner, 10ms);
  inject(link, {1});
  relay_sends(2, 2, 1ms);
  std::vector<Frame> all;
  for (auto some = link.receive(link.now() + 1s, wake); !some.empty();
       some = link.receive(link.now() + 1s, wake))
    all.insert(all.end(), some.begin(), some.end());
  EXPECT_THAT(numbers(all), ElementsAre(-1, 2));
  EXPECT_LE(all[0].time, all[1].time);
}

TEST_F(ReorderingLinkTest, SwapsNeighboursThatTheRelaySends) {
  ReorderingLink link(inner, {1, 1});
  for (int i = 1; i <= 4; ++i) {
    relay_sends(i, i);
    inner.pass(1ms);
  }
  const auto frames = link.receive(link.now() + 1s, wake);
  EXPECT_THAT(numbers(frames), ElementsAre(2, 1, 4, 3));
  EXPECT_TRUE(std::is_sorted(frames.begin(), frames.end(),
                             [](const Frame& a, const Frame& b) { return a.time < b.time; }));
}

TEST_F(ReorderingLinkTest, SwapsAcrossCalls) {
  ReorderingLink link(inner, {1, 1});
  relay_sends(1, 1);
  relay_sends(2, 2, 5ms);
  EXPECT_THAT(numbers(link.receive(link.now() + 1s, wake)), ElementsAre(2, 1));
}

TEST_F(ReorderingLinkTest, WhatIsHeldComesAtTheDeadline) {
  ReorderingLink link(inner, {1, 1});
  relay_sends(1, 1);
  const auto begin = link.now();
  EXPECT_THAT(numbers(link.receive(begin + 50ms, wake)), ElementsAre(1));
  EXPECT_GE(link.now(), begin + 50ms);
}

TEST_F(ReorderingLinkTest, WhatIsHeldComesWithTheWake) {
  ReorderingLink link(inner, {1, 1});
  relay_sends(1, 1);
  inner.wake_in(5ms);
  const auto begin = link.now();
  EXPECT_THAT(numbers(link.receive(begin + 1s, wake)), ElementsAre(1));
  EXPECT_LT(link.now(), begin + 10ms);
}

TEST_F(ReorderingLinkTest, HeldFrameIsNotOlderThanWhatWasDelivered) {
  ReorderingLink link(inner, {1, 1});
  relay_sends(1, 1);
  inner.pass(1ms);
  inject(link, {9});  // held, and sent by receive()
  const auto own = link.receive(link.now() + 1s, wake);
  EXPECT_THAT(numbers(own), ElementsAre(-9));
  const auto held = link.receive(link.now() + 50ms, wake);
  ASSERT_THAT(numbers(held), ElementsAre(1));
  EXPECT_GE(held[0].time, own[0].time);
}

TEST_F(ReorderingLinkTest, SwapsWhatIsInjectedBeforeTheNextReceive) {
  ReorderingLink link(inner, {1, 1});
  inject(link, {1});
  EXPECT_THAT(inner.injected, IsEmpty());
  inject(link, {2, 3});
  EXPECT_THAT(inner.injected, SizeIs(2));
  EXPECT_THAT(drain(link), ElementsAre(-2, -1, -3)) << "as they were on the wire";
}

TEST_F(ReorderingLinkTest, KeepsTheOrderWithoutAChance) {
  ReorderingLink link(inner, {0, 1});
  inject(link, {1, 2});
  relay_sends(3, 4);
  EXPECT_THAT(drain(link), ElementsAre(-1, -2, 3, 4));
}

TEST_F(Decorators, CanBeLaidOverOneAnother) {
  DelayedLink slow(inner, 10ms);
  DuplicatingLink twice(slow, {1, 1});
  std::size_t recorded = 0;
  RecordingLink link(twice, [&](const Frame&) { ++recorded; });
  relay_sends(1, 1);
  EXPECT_THAT(drain(link), ElementsAre(1, 1));
  EXPECT_EQ(recorded, 2U);
}

}  // namespace
}  // namespace relayspec
