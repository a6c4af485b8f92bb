// SPDX-License-Identifier: Apache-2.0
// The checksum of IPv4 and UDP (RFC 1071).
#pragma once

#include <cstdint>
#include <span>

namespace relayspec::relay {

/// The sum of octet pairs in network order, an odd last octet filled up with zero. Sums of parts of even
/// length add up.
inline std::uint64_t sum(std::span<const std::uint8_t> octets) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
    total += static_cast<unsigned>(octets[i] << 8 | octets[i + 1]);
  if (octets.size() % 2 != 0) total += static_cast<unsigned>(octets.back() << 8);
  return total;
}

/// The one's complement of a one's complement sum; zero over octets that hold their own checksum.
inline std::uint16_t checksum(std::uint64_t total) {
  while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}

}  // namespace relayspec::relay
