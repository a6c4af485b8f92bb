// SPDX-License-Identifier: Apache-2.0
// A relay that is started again so that something reaches it before any exchange.
#include "harness/engine/testing_session.h"

namespace relayspec {
namespace {

using namespace fake;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A restart in which something is sent before any exchange.
class RestartBefore : public SessionTest {
 protected:
  using Sockets = std::optional<std::vector<std::string>>;
  RestartBefore() {
    device.look_at_sockets = [this] { return sockets; };
    session.prepare({});
  }
  /// How many barriers have been answered when it is called.
  std::optional<std::size_t> exchanges_before() {
    std::optional<std::size_t> n;
    protocol.barriers_answered.clear();
    session.restart_before([&] { n = protocol.barriers_answered.size(); });
    return n;
  }
  Sockets sockets = {{"udp 00000000:0043"}};
};

TEST_F(RestartBefore, ComesBeforeAnyExchange) {
  EXPECT_EQ(exchanges_before(), 0U);
  EXPECT_THAT(device.starts, SizeIs(2));
  EXPECT_EQ(session.starts(), 2U);
  EXPECT_THAT(protocol.barriers_answered, testing::Not(IsEmpty())) << "and the relay is ready afterwards";
}

TEST_F(RestartBefore, WaitsForTheSockets) {
  auto opened = session.now();
  device.on_start = [&](const RelaySettings&) { opened = session.now() + 40ms; };
  device.look_at_sockets = [&] { return session.now() < opened ? Sockets{{"none"}} : sockets; };
  auto called = session.now();
  EXPECT_TRUE(session.restart_before([&] { called = session.now(); }));
  EXPECT_GE(called, opened);
  EXPECT_LT(called, opened + 5ms);
}

TEST_F(RestartBefore, WaitsUntilItIsRead) {
  std::optional<Clock::time_point> sent;
  device.look_at_sockets = [&] {
    return sent && session.now() < *sent + 30ms ? Sockets{{"udp 00000000:0043, unread"}} : sockets;
  };
  std::optional<Clock::time_point> asked;
  relay.fault = [&](Emissions&) {
    if (sent && !asked) asked = session.now();
  };
  session.restart_before([&] { sent = session.now(); });
  EXPECT_GE(asked, *sent + 30ms) << "no exchange before that";
}

TEST_F(RestartBefore, DoesNotWaitForEver) {
  device.on_start = [&](const RelaySettings&) { sockets = {{"another one each time"}}; };
  EXPECT_LT(time_of([&] { EXPECT_EQ(exchanges_before(), 0U); }), 2s);
}

TEST_F(RestartBefore, KeepsTheFrames) {
  session.restart_before([&] { device.wire.put_from_relay(Segment::uplink, encode({.key = 79})); });
  EXPECT_THAT(session.traffic().sightings, SizeIs(1));
}

TEST_F(RestartBefore, DoesNothingWhereNothingShowsTheSockets) {
  sockets.reset();
  EXPECT_EQ(exchanges_before(), std::nullopt);
  EXPECT_THAT(device.starts, SizeIs(1));
}

}  // namespace
}  // namespace relayspec
