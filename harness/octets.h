// SPDX-License-Identifier: Apache-2.0
// Numbers and sums over octets in network order, as headers of all layers need them.
#pragma once

#include <cstdint>
#include <span>

namespace relayspec {

/// The two octets at this place; the caller has checked that they are there.
inline std::uint16_t read16(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

/// RFC 1071: the one's complement sum of 16-bit words, onto `start`.
inline std::uint32_t ones_complement_sum(std::span<const std::uint8_t> octets, std::uint32_t start = 0) {
  std::uint32_t sum = start;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) sum += read16(octets, i);
  if (octets.size() % 2 != 0) sum += static_cast<std::uint32_t>(octets.back() << 8);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

}  // namespace relayspec
