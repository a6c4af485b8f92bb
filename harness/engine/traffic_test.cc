// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/traffic.h"

#include <gmock/gmock.h>

#include "harness/engine/testing_toy.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TrafficTest : public ::testing::Test {
 protected:
  FakeLink link;
  ToyProtocol protocol;
  Traffic traffic{link, protocol};

  void relay_sends(const Toy& m, Segment s = Segment::uplink) { link.put_from_relay(s, encode(m)); }
  bool pump() { return traffic.pump(link.now() + 10ms); }
  std::vector<std::uint16_t> keys() const {
    std::vector<std::uint16_t> all;
    for (const Sighting& s : traffic.sightings) all.push_back(static_cast<std::uint16_t>(s.key.value_or(0)));
    return all;
  }
};

TEST_F(TrafficTest, ASightingKnowsItsSegmentAndItsPlaceInTheRecord) {
  traffic.inject(Segment::downlink0, encode({.key = 5}), "request");
  relay_sends({.key = 5}, Segment::downlink1);
  EXPECT_TRUE(pump());
  ASSERT_THAT(traffic.record, SizeIs(2));
  ASSERT_THAT(traffic.sightings, SizeIs(1)) << "what the harness has sent is none";
  EXPECT_EQ(traffic.sightings[0].segment, Segment::downlink1);
  EXPECT_EQ(traffic.sightings[0].frame, 1U);
}

TEST_F(TrafficTest, NothingComesUntilTheDeadline) {
  const auto deadline = link.now() + 10ms;
  EXPECT_FALSE(traffic.pump(deadline));
  EXPECT_GE(link.now(), deadline);
}

TEST_F(TrafficTest, EachSentFrameGetsItsComment) {
  traffic.inject(Segment::downlink0, encode({.key = 5}), "first");
  traffic.inject(Segment::downlink1, encode({.key = 5}), "other side");
  traffic.inject(Segment::downlink0, encode({.key = 5}), "second");
  traffic.inject(Segment::downlink0, encode({.key = 6}), "");
  pump();
  ASSERT_THAT(traffic.record, SizeIs(4));
  EXPECT_THAT(traffic.record[0].comments, ElementsAre("first"));
  EXPECT_THAT(traffic.record[1].comments, ElementsAre("other side"));
  EXPECT_THAT(traffic.record[2].comments, ElementsAre("second"));
  EXPECT_THAT(traffic.record[3].comments, IsEmpty());
}

// A link that keeps back the first frame that it gets.
class LosesTheFirst : public Link {
 public:
  explicit LosesTheFirst(Link& inner) : inner_(inner) {}
  void inject(std::span<const Outgoing> frames) override {
    if (std::exchange(first_, false)) return;
    inner_.inject(frames);
  }
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
    return inner_.receive(deadline, wake);
  }
  Clock::time_point now() const override { return inner_.now(); }

 private:
  Link& inner_;
  bool first_ = true;
};

TEST_F(TrafficTest, TheCommentOfALostFrameIsNotGivenToTheNext) {
  LosesTheFirst lossy(link);
  Traffic through(lossy, protocol);
  through.inject(Segment::downlink0, encode({.key = 1}), "lost");
  through.inject(Segment::downlink0, encode({.key = 2}), "second");
  through.inject(Segment::downlink0, encode({.key = 1}), "third");
  through.pump(link.now());
  ASSERT_THAT(through.record, SizeIs(2));
  EXPECT_THAT(through.record[0].comments, ElementsAre("second"));
  EXPECT_THAT(through.record[1].comments, ElementsAre("third"));
}

TEST_F(TrafficTest, AFrameThatNobodyHasSentHereHasNoComment) {
  traffic.inject(Segment::downlink0, encode({.key = 1}), "mine");
  link.put({.segment = Segment::downlink1, .origin = Origin::harness, .bytes = encode({.key = 9})});
  pump();
  EXPECT_THAT(traffic.record[1].comments, IsEmpty());
}

TEST_F(TrafficTest, HostsAnswer) {
  relay_sends({.kind = Toy::who_has, .key = 4});
  pump();
  ASSERT_THAT(link.injected, SizeIs(1));
  EXPECT_EQ(link.injected[0].segment, Segment::uplink);
  EXPECT_EQ(decode(link.injected[0].frame).kind, Toy::i_have);
  pump();
  EXPECT_THAT(traffic.record[1].comments, ElementsAre("address"));
  EXPECT_THAT(traffic.sightings, IsEmpty());
}

TEST_F(TrafficTest, OtherProtocolsCountOnlyWhereEverythingDoes) {
  relay_sends({.kind = Toy::foreign});
  relay_sends({.kind = Toy::uninteresting});
  pump();
  EXPECT_THAT(traffic.sightings, IsEmpty());
  EXPECT_THAT(traffic.record, SizeIs(2));
  traffic.everything_counts = true;
  relay_sends({.kind = Toy::foreign});
  relay_sends({.kind = Toy::uninteresting});
  pump();
  EXPECT_THAT(traffic.sightings, SizeIs(1));
}

TEST_F(TrafficTest, WhatIsInterceptedIsRecordedOnly) {
  traffic.intercept = [](const Sighting& s, Frame& f) {
    f.comments.emplace_back("taken");
    return s.key == 2U;
  };
  relay_sends({.key = 1});
  relay_sends({.key = 2});
  pump();
  EXPECT_THAT(keys(), ElementsAre(1));
  EXPECT_THAT(traffic.record[1].comments, ElementsAre("taken"));
}

std::vector<Toy> in_fragments(const Toy& m, std::uint16_t datagram) {
  const Bytes whole = encode(m);
  std::vector<Toy> parts;
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    parts.push_back({.kind = Toy::fragment,
                     .key = datagram,
                     .hops = 2,
                     .payload = {whole.begin() + static_cast<std::ptrdiff_t>(at),
                                 whole.begin() + static_cast<std::ptrdiff_t>(at + 3)}});
  }
  return parts;
}

TEST_F(TrafficTest, FragmentsAreOneSightingWhenTheDatagramIsWhole) {
  const auto one = in_fragments({.key = 1}, 100), two = in_fragments({.key = 2}, 200);
  relay_sends(one[0]);
  relay_sends(two[0]);
  relay_sends(two[0], Segment::downlink0);
  pump();
  EXPECT_THAT(traffic.sightings, SizeIs(3)) << "each counts until it is put together";
  traffic.clear();
  relay_sends(one[0]);
  relay_sends(two[0]);
  relay_sends(one[1]);
  pump();
  ASSERT_THAT(traffic.sightings, SizeIs(2));
  EXPECT_FALSE(traffic.sightings[0].whole());
  EXPECT_EQ(traffic.sightings[0].fragments_of, 200U);
  EXPECT_TRUE(traffic.sightings[1].whole());
  EXPECT_EQ(traffic.sightings[1].key, 1U);
}

TEST_F(TrafficTest, WhatOthersSendIsRecordedAndNotAnswered) {
  protocol.others = Bytes{Toy::who_has, 0, 9};
  relay_sends({.kind = Toy::who_has, .key = 9});
  relay_sends({.kind = Toy::who_has, .key = 8});
  pump();
  pump();
  EXPECT_THAT(traffic.record, SizeIs(3)) << "one answer";
  EXPECT_THAT(traffic.sightings, IsEmpty());
}

TEST_F(TrafficTest, AFloodIsStopped) {
  for (int i = 0; i < 4'000; ++i) relay_sends({.kind = Toy::uninteresting});
  EXPECT_TRUE(pump()) << "4,000 frames are none";
  relay_sends({});
  EXPECT_THROW(pump(), Flood);
  traffic.clear();
  relay_sends({});
  EXPECT_TRUE(pump()) << "it is over";
}

TEST_F(TrafficTest, EightFramesForEachInjectedAreNoFlood) {
  for (int i = 0; i < 1'000; ++i) traffic.inject(Segment::uplink, {'-', 0, 0, 0, 0, 0}, "");
  for (int i = 0; i < 12'000; ++i) relay_sends({.kind = Toy::uninteresting});
  EXPECT_TRUE(pump());
  relay_sends({});
  EXPECT_THROW(pump(), Flood);
}

TEST_F(TrafficTest, AFloodOfQuestionsIsStopped) {
  for (int i = 0; i < 4'001; ++i) relay_sends({.kind = Toy::who_has});
  EXPECT_THROW(pump(), Flood) << "the answers to them do not count as injected";
}

TEST_F(TrafficTest, TheHarnessDoesNotFlood) {
  for (int i = 0; i < 31'000; ++i) traffic.inject(Segment::uplink, {'-', 0, 0, 0, 0, 0}, "");
  EXPECT_NO_THROW(pump());
}

TEST_F(TrafficTest, ARecordWithAHoleIsAFloodUntilItIsForgotten) {
  link.overflow(Segment::uplink);
  EXPECT_THROW(pump(), Flood);
  relay_sends({});
  EXPECT_THROW(pump(), Flood);
  traffic.clear();
  EXPECT_FALSE(pump());
}

TEST_F(TrafficTest, DiscardForgetsEvenAFlood) {
  for (int i = 0; i < 31'000; ++i) relay_sends({});
  link.overflow(Segment::uplink);
  const auto begin = link.now();
  traffic.discard();
  EXPECT_LT(link.now(), begin + 1ms) << "waits for nothing";
  EXPECT_THAT(traffic.record, IsEmpty());
  EXPECT_FALSE(pump());
}

TEST_F(TrafficTest, DiscardHandsOverWhatWasNotExpected) {
  relay_sends({});
  relay_sends({.kind = Toy::who_has});
  std::vector<Bytes> left_over;
  traffic.discard([&](const Sighting& s, const Frame& f) {
    EXPECT_FALSE(s.claimed);
    left_over.push_back(f.bytes);
  });
  EXPECT_THAT(left_over, SizeIs(1));
  EXPECT_THAT(traffic.sightings, IsEmpty());
}

TEST_F(TrafficTest, WhatWasExpectedIsNotLeftOver) {
  relay_sends({});
  pump();
  traffic.sightings.front().claimed = true;
  traffic.hand_over([](const Sighting&, const Frame&) { FAIL() << "it was expected"; });
}

TEST_F(TrafficTest, ClearForgetsAll) {
  traffic.everything_counts = true;
  relay_sends({.kind = Toy::who_has});
  relay_sends({});
  pump();
  EXPECT_TRUE(protocol.is_resolving());
  traffic.clear();
  EXPECT_THAT(traffic.record, IsEmpty());
  EXPECT_THAT(traffic.sightings, IsEmpty());
  EXPECT_FALSE(traffic.everything_counts);
  EXPECT_FALSE(protocol.is_resolving());
}

}  // namespace
}  // namespace relayspec
