// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/senders.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::IsEmpty;

constexpr std::uint32_t kXid = 7;

Message request(std::uint32_t xid, std::uint16_t secs) { return {.xid = xid, .secs = secs}; }
Message reply(std::uint32_t xid) { return {.op = boot_reply, .xid = xid}; }

Bytes frame_of(const Message& m) {
  const Mac mac("02:00:5e:00:00:01");
  const Ipv4 address("192.0.2.9");
  return encode_udp(
      {.eth_dst = mac, .eth_src = mac, .ip_dst = address, .ip_src = address, .sport = 68, .dport = 67},
      encode(m));
}

TestBed::Sender sent(Segment from, const Message& m) { return {0, from, frame_of(m)}; }

// As the relay has put it on that segment.
Sighting came(Segment to, const Message& m) {
  Sighting s{.segment = to, .key = m.xid};
  s.packet = Datagram{.payload = encode(m)};
  return s;
}

TEST(Senders, MessageIsWhatTheHeadersLeave) {
  const Message m = request(kXid, 3);
  EXPECT_EQ(xid_of(message_in(frame_of(m))), kXid);
  EXPECT_THAT(message_in(Bytes(41, 0x45)), IsEmpty());
}

TEST(Senders, OpTellsRequestsAndWhereThereIsNoneTheSide) {
  EXPECT_TRUE(is_request(sent(Segment::uplink, request(kXid, 0))));
  EXPECT_FALSE(is_request(sent(Segment::downlink0, reply(kXid))));
  EXPECT_TRUE(is_request(sent(Segment::downlink0, {.op = std::uint8_t{9}, .xid = kXid})));
  EXPECT_FALSE(is_request(sent(Segment::uplink, {.op = std::uint8_t{9}, .xid = kXid})));
}

TEST(Senders, LastIsByXidAndDirection) {
  const std::vector all{sent(Segment::downlink0, request(kXid, 1)),
                        sent(Segment::downlink1, request(kXid, 2)), sent(Segment::uplink, reply(kXid)),
                        sent(Segment::downlink0, request(8, 3))};
  EXPECT_EQ(last_sent(all, kXid, true), &all[1]);
  EXPECT_EQ(last_sent(all, kXid, false), &all[2]);
  EXPECT_EQ(last_sent(all, 9, true), nullptr);
}

// The requests differ in secs. The relay adds 1 to hops.
TEST(Senders, WhatHasComeIsOfTheOneWithMostOctetsInCommon) {
  const std::vector all{sent(Segment::downlink0, request(kXid, 0x0101)),
                        sent(Segment::downlink1, request(kXid, 0x0202)), sent(Segment::uplink, reply(kXid)),
                        sent(Segment::downlink0, request(8, 0x0101))};
  EXPECT_EQ(most_alike(all, came(Segment::uplink, request(kXid, 0x0101).with({.hops = 1}))), &all[0]);
  EXPECT_EQ(most_alike(all, came(Segment::downlink1, request(kXid, 0x0202))), &all[1]);
  EXPECT_EQ(most_alike(all, came(Segment::downlink0, reply(kXid))), &all[2]);
  EXPECT_EQ(most_alike(all, came(Segment::uplink, request(9, 1))), nullptr);
}

TEST(Senders, OfEqualOnesItIsOfTheLatest) {
  const std::vector all{sent(Segment::downlink0, request(kXid, 1)),
                        sent(Segment::downlink1, request(kXid, 1))};
  EXPECT_EQ(most_alike(all, came(Segment::uplink, request(kXid, 1))), &all[1]);
}

}  // namespace
}  // namespace relayspec
