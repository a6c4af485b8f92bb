// SPDX-License-Identifier: Apache-2.0
// Who is where around the relay: a value, so that the same suites judge the lab's relay and a device that has
// addresses of its own.
#pragma once

#include <tins/hw_address.h>
#include <tins/ip_address.h>
#include <tins/ipv6_address.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "relayspec/harness/segment.h"

namespace relayspec {

using Ipv4 = Tins::IPv4Address;
using Ipv6 = Tins::IPv6Address;
using Mac = Tins::HWAddress<6>;

/// A host's interface.
struct Host {
  Mac mac;
  Ipv4 ipv4;
  Ipv6 ipv6;
};

/// A segment: the relay's own end of it, and the prefixes of its hosts.
struct Network {
  Host relay;
  unsigned prefix_length = 24, ipv6_prefix_length = 64;

  Ipv4 netmask() const;
  Ipv4 subnet() const;
  /// The directed broadcast address.
  Ipv4 broadcast() const;
  bool contains(Ipv4) const;
};

inline constexpr std::size_t server_count = 4;

struct Topology {
  std::array<Network, segment_count> networks;  ///< by index(Segment)
  std::array<Host, server_count> servers;       ///< on the uplink

  /// The lab's own: documentation prefixes (RFC 5737, RFC 3849), so that nothing that leaks could reach
  /// anyone. Link addresses are locally administered.
  static const Topology& documentation();

  const Network& operator[](Segment s) const { return networks[index(s)]; }

  /// An address for a further host: the n-th of the segment's subnet. Where the relay or a server has that,
  /// it is one of the first that neither has. `n` from 9 to 254, and of the downlinks from 2.
  Ipv4 host(Segment s, std::uint8_t n) const;

  /// The segment on which the relay has this address.
  std::optional<Segment> owner_of(Ipv4) const;
  std::optional<std::size_t> server_at(Ipv4) const;
  /// Of the relay's networks one has this directed broadcast address.
  bool is_directed_broadcast(Ipv4) const;

  /// "the relay's uplink address (198.51.100.1)" for an address that has a part here, else the bare address.
  std::string role_of(Ipv4) const;
  std::string role_of(const Mac&) const;
};

}  // namespace relayspec
