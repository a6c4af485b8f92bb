// SPDX-License-Identifier: Apache-2.0
// One Ethernet frame as it was on a link.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "relayspec/harness/segment.h"

namespace relayspec {

/// Who put a frame on the link.
enum class Origin : std::uint8_t { relay, harness };

struct Frame {
  Segment segment = Segment::uplink;
  Origin origin = Origin::relay;
  std::chrono::nanoseconds time{};  ///< since 1970 (CLOCK_REALTIME), stamped by the kernel
  Bytes bytes;                      ///< from the Ethernet destination on, without FCS
  bool checksum_completed = false;  ///< the kernel had left the L4 checksum half-filled, and we completed it
  std::vector<std::string> comments;  ///< packet comments for the capture, in order

  bool operator==(const Frame&) const = default;
};

}  // namespace relayspec
