// SPDX-License-Identifier: Apache-2.0
// Datagrams from a client that has no address yet to one address of the relay, or to its subnet. RFC 1542,
// section 4.1: a relay accepts them; the kernel's UDP takes from 0.0.0.0 only what is for 255.255.255.255.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "relayspec/relay/address.h"

namespace relayspec::relay {

/// For a packet socket without link headers: lets through what is from 0.0.0.0 for UDP port 67 and what the
/// kernel keeps from the UDP socket, so that nothing is taken twice. Fragments are left out.
std::vector<sock_filter> zero_source_filter();

struct Datagram {
  Ipv4 destination;
  std::size_t begin = 0, size = 0;  ///< of the payload in the packet
};

/// The datagram in an IPv4 packet that has passed the filter; nothing where a length or a checksum is wrong
/// (RFC 1122, sections 3.2.1.2 and 4.1.3.4). A link with offload has not filled in the UDP checksum yet:
/// `checksum_pending`.
std::optional<Datagram> read_datagram(std::span<const std::uint8_t> packet, bool checksum_pending);

}  // namespace relayspec::relay
