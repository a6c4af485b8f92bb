// SPDX-License-Identifier: Apache-2.0
// The addresses a relay handles, as values. IPv4 addresses are kept in host byte order; the wire's order is
// met at the edges only.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace relayspec::relay {

struct Ipv4 {
  std::uint32_t value = 0;  ///< host byte order: 192.0.2.1 is 0xc0000201

  constexpr bool is_zero() const { return value == 0; }
  friend constexpr auto operator<=>(Ipv4, Ipv4) = default;
};

inline constexpr Ipv4 limited_broadcast{0xffffffff};

/// Whether an interface of some host can own the address: not "this network" (0/8), not loopback (127/8), not
/// a group (224/4), not the reserved block with the limited broadcast in it (240/4). RFC 1122,
/// section 3.2.1.3.
constexpr bool can_be_a_host(Ipv4 address) {
  const auto first = address.value >> 24;
  return first != 0 && first != 127 && first < 224;
}

/// Dotted quad.
std::string to_string(Ipv4);

using Mac = std::array<std::uint8_t, 6>;

inline constexpr Mac link_broadcast{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/// Whether one host answers to the address: neither all zero nor a group (lowest bit of the first octet).
constexpr bool is_one_host(const Mac& mac) {
  return (mac[0] & 1) == 0 && std::any_of(mac.begin(), mac.end(), [](auto octet) { return octet != 0; });
}

}  // namespace relayspec::relay
