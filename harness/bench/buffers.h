// SPDX-License-Identifier: Apache-2.0
// The octets behind a message in the buffer of a relay that reads every message into the same buffer.
#pragma once

#include <array>
#include <span>

#include "harness/dhcp4/compare.h"
#include "relayspec/harness/segment.h"

namespace relayspec {

/// A relay may have a buffer for each way, or one for both. Each holds the latest message, and behind it what
/// is left of longer ones.
struct Buffers {
  std::array<Bytes, 2> by_way;
  Bytes of_both_ways;  ///< without option 82, whose octets a relay sends for other reasons too

  const Bytes& of(Direction d) const { return by_way[d == Direction::request ? 1 : 0]; }
  void read_by_way(Direction, std::span<const std::uint8_t> message);
  void read(Direction, std::span<const std::uint8_t> message);
};

}  // namespace relayspec
