// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/ladder.h"

#include <gmock/gmock.h>

#include <vector>

#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Topology& topology = Topology::documentation();

Frame frame(Segment s, Origin o, const Message& m, const Envelope& e = {}) {
  Envelope whole{.eth_dst = Mac::broadcast,
                 .eth_src = Mac("02:00:5e:0c:00:0a"),
                 .ip_dst = Ipv4("255.255.255.255"),
                 .ip_src = Ipv4("0.0.0.0"),
                 .sport = std::uint16_t{68},
                 .dport = std::uint16_t{67}};
  if (e.ip_dst) whole.ip_dst = e.ip_dst;
  if (e.eth_dst) whole.eth_dst = e.eth_dst;
  return {.segment = s, .origin = o, .bytes = encode_udp(whole, encode(m))};
}

Message discover(std::uint32_t xid) {
  return {.op = boot_request, .xid = xid, .options = {{option::type(Type::discover)}}};
}

TEST(Ladder, ShowsEachSideOfTheRelay) {
  const auto offer = Message{
      .op = boot_reply,
      .hops = std::uint8_t{1},
      .xid = 7,
      .flags = broadcast_flag,
      .yiaddr = Ipv4("192.0.2.9"),
      .options = {{option::type(Type::offer), option::address(code::server_id, Ipv4("198.51.100.2"))}}};
  const std::vector<Frame> frames = {
      frame(Segment::downlink0, Origin::harness, discover(7)),
      frame(Segment::uplink, Origin::relay, discover(7), {.eth_dst = Mac("02:00:5e:02:02:02")}),
      frame(Segment::uplink, Origin::harness, offer),
  };
  EXPECT_EQ(ladder(frames, topology),
            "   client on downlink0            relay                        server\n"
            "                              192.0.2.1 │ 198.51.100.1            198.51.100.2\n"
            " 1 DISCOVER ──────────────────────────► │\n"
            "     0.0.0.0:68 to 255.255.255.255:67   │\n"
            "     link destination broadcast         │\n"
            "     giaddr 0.0.0.0, hops 0             │\n"
            " 2                                      │ DISCOVER ──────────────────────────►\n"
            "                                        │   0.0.0.0:68 to 255.255.255.255:67\n"
            "                                        │   link destination 02:00:5e:02:02:02\n"
            "                                        │   giaddr 0.0.0.0, hops 0\n"
            " 3                                      │ ◄───────────────────────────── OFFER\n"
            "                                        │   0.0.0.0:68 to 255.255.255.255:67\n"
            "                                        │   link destination broadcast\n"
            "                                        │   giaddr 0.0.0.0, hops 1\n"
            "                                        │   yiaddr 192.0.2.9\n"
            "                                        │   BROADCAST flag\n"
            "                                        │   option 54 (server) 198.51.100.2\n");
}

TEST(Ladder, LeavesOtherExchangesOut) {
  const std::vector<Frame> frames = {frame(Segment::downlink0, Origin::relay, discover(5)),
                                     frame(Segment::downlink0, Origin::harness, discover(7)),
                                     frame(Segment::uplink, Origin::relay, discover(8))};
  EXPECT_THAT(ladder(frames, topology), AllOf(HasSubstr("\n 1 "), Not(HasSubstr("\n 2 "))));
}

}  // namespace
}  // namespace relayspec
