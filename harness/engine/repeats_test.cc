// SPDX-License-Identifier: Apache-2.0
// Over links that lose and double frames: what is lost once is sent again, what comes twice is no finding.
#include "harness/engine/testing_judge.h"

namespace relayspec::fake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RepeatsTest : public JudgeFixture {
 protected:
  /// The link loses so many of the messages that the relay puts out; no barriers.
  static std::function<void(Emissions&)> losing_first(int count) {
    return [left = count](Emissions& out) mutable {
      if (!out.empty() && is_of_case(out[0].message) && left-- > 0) out.clear();
    };
  }
};

TEST_F(RepeatsTest, AMessageOfWhichNothingComesIsSentAgain) {
  device.others_send = true;
  run_with(losing_first(1));
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
}

TEST_F(RepeatsTest, SoIsAReply) {
  device.others_send = true;
  run_with(losing_first(3));
  EXPECT_THAT(judged(of(answer({.key = 5}))), IsEmpty());
}

TEST_F(RepeatsTest, WhatNeverComesIsLost) {
  device.others_send = true;
  run_with(losing_first(1'000));
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("relay-requests"));
}

TEST_F(RepeatsTest, OnALinkOfTheRelaysOwnOneLossIsALoss) {
  run_with(losing_first(1));
  judged(of(ask({.key = 5})));
  EXPECT_THAT(rules(), ElementsAre("relay-requests"));
}

TEST_F(RepeatsTest, WhatComesTwiceIsTakenOnce) {
  device.others_send = true;
  run_with(doubling(is_of_case));
  EXPECT_THAT(judged(of(ask({.key = 5}))), IsEmpty());
}

TEST_F(RepeatsTest, AsManyAsWereSentAreTaken) {
  device.others_send = true;
  run_with();
  ask({.key = 5});
  ask({.key = 5});
  EXPECT_THAT(judge.take(Segment::uplink, 5, anything), ::testing::SizeIs(2));
}

TEST_F(RepeatsTest, OnALinkOfTheRelaysOwnItIsExcess) {
  run_with(doubling(is_of_case));
  EXPECT_THAT(judged(of(ask({.key = 5}))), ::testing::SizeIs(1));
}

TEST_F(RepeatsTest, AnotherMessageIsNoRepeat) {
  device.others_send = true;
  run_with([](Emissions& out) {
    if (out.empty() || !is_of_case(out[0].message)) return;
    out.push_back(out[0]);
    out.back().message.hops += 1;
  });
  EXPECT_THAT(judged(of(ask({.key = 5}))), ::testing::SizeIs(1));
}

}  // namespace
}  // namespace relayspec::fake
