// SPDX-License-Identifier: Apache-2.0
// UDP over IPv4 over Ethernet, to be read and to be written, right or wrong on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "relayspec/harness/topology.h"

namespace relayspec {

/// The checksum field of a received datagram, judged against its content (RFC 768, RFC 1122 section 4.1.3.4).
enum class Checksum : std::uint8_t { good, absent, bad };

/// A whole, unfragmented UDP datagram over IPv4 over Ethernet.
struct Datagram {
  Mac eth_dst, eth_src;
  Ipv4 ip_dst, ip_src;
  std::uint8_t ttl = 64;
  std::uint16_t sport = 0, dport = 0;
  bool ip_checksum_good = true;
  Checksum udp_checksum = Checksum::good;
  Bytes payload;  ///< as long as the UDP length says
};

/// Nothing for other protocols, fragments, and frames whose lengths contradict one another.
std::optional<Datagram> decode_udp(std::span<const std::uint8_t> frame);

/// How a datagram is put together when a case wants it wrong on purpose; what is not set is made right.
struct Envelope {
  std::optional<Mac> eth_dst, eth_src;
  std::optional<Ipv4> ip_dst, ip_src;
  std::optional<std::uint8_t> ttl;
  std::optional<std::uint16_t> sport, dport;
  std::optional<std::uint16_t> udp_checksum;  ///< as written to the wire; 0: none
  std::optional<std::uint16_t> udp_length;
  std::optional<std::uint16_t> ip_checksum;
  Bytes slack;    ///< octets of the IP packet behind the UDP datagram
  Bytes trailer;  ///< octets of the frame behind the IP packet
};

/// An Ethernet frame with an IPv4 UDP datagram; every address and port must be set.
Bytes encode_udp(const Envelope&, std::span<const std::uint8_t> payload);

/// The frame's IP packet in fragments of at most so many octets behind the IP header (a multiple of 8).
std::vector<Bytes> fragments(const Bytes& frame, std::size_t octets);
/// With IP options (a multiple of 4 octets), lengths and checksum made right.
Bytes with_ip_options(Bytes frame, const Bytes& options);
/// With another total length in the IP header, and the header's checksum made right for it.
Bytes with_ip_total_length(Bytes frame, std::uint16_t octets);
/// With another value in an octet of the IP header, and the header's checksum made right for it.
Bytes with_ip_octet(Bytes frame, std::size_t at, std::uint8_t value);
/// With an IEEE 802.1Q tag.
Bytes with_vlan_tag(Bytes frame, std::uint16_t vlan);

}  // namespace relayspec
