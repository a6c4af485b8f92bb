// SPDX-License-Identifier: Apache-2.0
// Starts that fail, or take long.
#include "harness/engine/testing_session.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

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

TEST_F(SessionTest, ARelayThatWasReadyBeforeIsGivenUpAfterThreeFailures) {
  session.prepare({});
  for (int i = 0; i < 2; ++i) {
    session.stop_relay();
    relay.fault = losing(is_request);
    EXPECT_NE(failure(), "");
    EXPECT_NE(failure(), "");
    relay.fault = {};
    EXPECT_EQ(failure(), "") << "it is tried again";
  }
  session.stop_relay();
  relay.fault = losing(is_request);
  for (int i = 0; i < 3; ++i) EXPECT_NE(failure(), "");
  relay.fault = {};
  EXPECT_NE(failure(), "");
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

}  // namespace
}  // namespace relayspec
