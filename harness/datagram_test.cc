// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/datagram.h"

#include <gmock/gmock.h>
#include <tins/tins.h>

#include <numeric>

namespace relayspec {
namespace {

using ::testing::SizeIs;

const Envelope to_everyone{.eth_dst = Mac::broadcast,
                           .eth_src = Mac("02:00:5e:0c:00:0a"),
                           .ip_dst = Ipv4("255.255.255.255"),
                           .ip_src = Ipv4("0.0.0.0"),
                           .sport = std::uint16_t{68},
                           .dport = std::uint16_t{67}};

Bytes counting(std::size_t n) {
  Bytes octets(n);
  std::iota(octets.begin(), octets.end(), std::uint8_t{1});
  return octets;
}

Bytes frame_with(const Bytes& payload, const Envelope& over = to_everyone) {
  return encode_udp(over, payload);
}

TEST(Frame, WhatIsEncodedIsDecodedAgain) {
  for (const std::size_t size : {0, 1, 299, 300, 1472}) {
    const auto d = decode_udp(frame_with(counting(size)));
    ASSERT_TRUE(d) << size;
    EXPECT_EQ(d->payload, counting(size));
    EXPECT_EQ(d->sport, 68);
    EXPECT_EQ(d->dport, 67);
    EXPECT_TRUE(d->ip_checksum_good);
    EXPECT_EQ(d->udp_checksum, Checksum::good);
  }
}

TEST(Frame, WrongLengthsAndChecksumsGoToTheWire) {
  auto over = to_everyone;
  over.udp_checksum = 0x1234;
  EXPECT_EQ(decode_udp(frame_with(counting(20), over))->udp_checksum, Checksum::bad);
  over.udp_checksum = 0;
  EXPECT_EQ(decode_udp(frame_with(counting(20), over))->udp_checksum, Checksum::absent);
  over = to_everyone;
  over.ip_checksum = 0x1234;
  EXPECT_FALSE(decode_udp(frame_with(counting(20), over))->ip_checksum_good);
  over = to_everyone;
  over.udp_length = 29;  // one more than there is
  EXPECT_FALSE(decode_udp(frame_with(counting(20), over)));
}

TEST(Frame, OctetsBehindTheDatagramAreNoPayload) {
  auto over = to_everyone;
  over.slack = Bytes(10, 0xdd);
  over.trailer = Bytes(6, 0xee);
  const Bytes frame = frame_with(counting(20), over);
  EXPECT_EQ(frame.size(), 14U + 20 + 8 + 20 + 10 + 6);
  const auto d = decode_udp(frame);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->payload, counting(20));
  EXPECT_TRUE(d->ip_checksum_good) << "the total length has grown with the slack";
}

// libtins puts together what we cut.
TEST(Frame, FragmentsJoinToWhatTheyWere) {
  for (const std::size_t octets : {8, 256, 512, 1000}) {
    const auto parts = fragments(frame_with(counting(1000)), octets);
    EXPECT_THAT(parts, SizeIs((1008 + octets - 1) / octets));
    Tins::IPv4Reassembler reassembler;
    Bytes joined;
    for (const Bytes& part : parts) {
      EXPECT_FALSE(decode_udp(part)) << "no fragment is a datagram";
      Tins::EthernetII eth(part.data(), static_cast<std::uint32_t>(part.size()));
      if (reassembler.process(eth) == Tins::IPv4Reassembler::REASSEMBLED)
        joined = eth.rfind_pdu<Tins::RawPDU>().payload();
    }
    EXPECT_EQ(joined, counting(1000)) << octets;
  }
}

TEST(Frame, IpOptionsStandBetweenHeaderAndDatagram) {
  for (const std::size_t n : {4, 40}) {
    const auto d = decode_udp(with_ip_options(frame_with(counting(20)), Bytes(n, 1)));
    ASSERT_TRUE(d) << n;
    EXPECT_EQ(d->payload, counting(20));
    EXPECT_TRUE(d->ip_checksum_good);
  }
}

TEST(Frame, AnotherTotalLengthHasARightChecksum) {
  const Bytes frame = with_ip_total_length(frame_with(counting(20)), 40);
  EXPECT_EQ(frame.size(), frame_with(counting(20)).size());
  const Tins::IP ip(frame.data() + 14, static_cast<std::uint32_t>(frame.size() - 14));
  EXPECT_EQ(ip.tot_len(), 40);
  EXPECT_FALSE(decode_udp(frame)) << "the datagram does not fit any more";
}

TEST(Frame, AnotherOctetOfTheHeaderHasARightChecksum) {
  const auto d = decode_udp(with_ip_octet(frame_with(counting(20)), 8, 3));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->ttl, 3);
  EXPECT_TRUE(d->ip_checksum_good);
}

TEST(Frame, ATagStandsBehindTheAddresses) {
  const Bytes frame = with_vlan_tag(frame_with(counting(20)), 0x6063);
  EXPECT_EQ(frame.size(), frame_with(counting(20)).size() + 4);
  const Tins::EthernetII eth(frame.data(), static_cast<std::uint32_t>(frame.size()));
  EXPECT_EQ(eth.rfind_pdu<Tins::Dot1Q>().id(), 0x063);
  EXPECT_EQ(eth.rfind_pdu<Tins::Dot1Q>().priority(), 3);
}

}  // namespace
}  // namespace relayspec
