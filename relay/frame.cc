// SPDX-License-Identifier: Apache-2.0
#include "relay/frame.h"

#include <algorithm>

#include "relay/checksum.h"

namespace relayspec::relay {
namespace {

void put16(std::span<std::uint8_t> where, std::size_t value) {
  where[0] = static_cast<std::uint8_t>(value >> 8);
  where[1] = static_cast<std::uint8_t>(value);
}

void put32(std::span<std::uint8_t> where, Ipv4 address) {
  put16(where, address.value >> 16);
  put16(where.subspan(2), address.value & 0xffff);
}

}  // namespace

FrameHeaders frame_headers(const FrameAddresses& addresses, std::uint16_t identification,
                           std::span<const std::uint8_t> payload) {
  static constexpr std::uint8_t protocol_udp = 17, ttl = 64;
  FrameHeaders headers{};
  const std::span<std::uint8_t> all(headers);
  const auto ethernet = all.first(14), ip = all.subspan(14, 20), udp = all.subspan(34, 8);
  const auto udp_length = udp.size() + payload.size();

  std::copy(addresses.link_destination.begin(), addresses.link_destination.end(), ethernet.begin());
  std::copy(addresses.link_source.begin(), addresses.link_source.end(), ethernet.begin() + 6);
  put16(ethernet.subspan(12), 0x0800);

  ip[0] = 0x45;
  put16(ip.subspan(2), ip.size() + udp_length);
  put16(ip.subspan(4), identification);
  ip[8] = ttl;
  ip[9] = protocol_udp;
  put32(ip.subspan(12), addresses.source);
  put32(ip.subspan(16), addresses.destination);
  put16(ip.subspan(10), checksum(sum(ip)));

  put16(udp, 67);
  put16(udp.subspan(2), 68);
  put16(udp.subspan(4), udp_length);
  // RFC 768: over the addresses, the protocol and the length as well; a sum of zero is sent as all ones,
  // since zero says that there is none.
  const auto pseudo_header = sum(ip.subspan(12, 8)) + protocol_udp + udp_length;
  const auto udp_checksum = checksum(pseudo_header + sum(udp) + sum(payload));
  put16(udp.subspan(6), udp_checksum == 0 ? 0xffff : udp_checksum);
  return headers;
}

}  // namespace relayspec::relay
