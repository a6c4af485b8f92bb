// SPDX-License-Identifier: Apache-2.0
// The headers in front of a reply that is put onto the client's link without the help of the kernel's IP
// layer, which would ask by ARP for an address that the client does not answer for yet.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "relayspec/relay/address.h"

namespace relayspec::relay {

/// Ethernet, IPv4 without options, UDP.
inline constexpr std::size_t ip_and_udp_headers = 20 + 8;
using FrameHeaders = std::array<std::uint8_t, 14 + ip_and_udp_headers>;

struct FrameAddresses {
  Mac link_source, link_destination;
  Ipv4 source, destination;
};

/// From port 67 to port 68, TTL 64, both checksums set. `identification` tells datagrams apart (RFC 791).
FrameHeaders frame_headers(const FrameAddresses&, std::uint16_t identification,
                           std::span<const std::uint8_t> payload);

}  // namespace relayspec::relay
