// SPDX-License-Identifier: Apache-2.0
#include "harness/icmp.h"

#include <gtest/gtest.h>
#include <tins/tins.h>

#include <algorithm>
#include <optional>

namespace relayspec {
namespace {

TEST(Icmp, PortUnreachableQuotesTheDatagramAndGoesBackToItsSender) {
  const Envelope e{.eth_dst = Mac("02:00:5e:0c:00:0b"),
                   .eth_src = Mac("02:00:5e:0c:00:0a"),
                   .ip_dst = Ipv4("198.51.100.2"),
                   .ip_src = Ipv4("198.51.100.1"),
                   .sport = std::uint16_t{67},
                   .dport = std::uint16_t{67}};
  const Bytes frame = encode_udp(e, Bytes(20, 0x5a));
  const Bytes error = port_unreachable(frame);

  const Tins::EthernetII eth(error.data(), static_cast<std::uint32_t>(error.size()));
  EXPECT_EQ(eth.dst_addr(), *e.eth_src);
  EXPECT_EQ(eth.src_addr(), *e.eth_dst);
  EXPECT_EQ(eth.rfind_pdu<Tins::IP>().dst_addr(), *e.ip_src);
  EXPECT_EQ(eth.rfind_pdu<Tins::IP>().src_addr(), *e.ip_dst);
  EXPECT_EQ(eth.rfind_pdu<Tins::ICMP>().type(), Tins::ICMP::DEST_UNREACHABLE);
  EXPECT_EQ(eth.rfind_pdu<Tins::ICMP>().code(), 3);
  constexpr std::size_t quotation = 14 + 20 + 8;
  EXPECT_TRUE(std::equal(frame.begin() + 14, frame.begin() + 42, error.begin() + quotation));
}

TEST(Icmp, PortUnreachableIsNotMadeOfAFragment) {
  EXPECT_THROW(port_unreachable(Bytes(35, 0)), std::bad_optional_access);
}

}  // namespace
}  // namespace relayspec
