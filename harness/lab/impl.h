// What a Lab consists of.
#pragma once

#include <array>
#include <optional>

#include "harness/lab/namespace.h"
#include "harness/lab/netlink.h"
#include "harness/lab/tap.h"

namespace relayspec {

/// The relay's end of a segment; lo is 1. The harness's end is the second link of its own namespace.
inline int relay_index(Segment s) { return 2 + static_cast<int>(index(s)); }
inline constexpr int side_index = 2;
inline constexpr const char* side_interface = "eth0";

struct Lab::Impl {
  Topology topology;
  Namespace relay;
  std::array<Namespace, segment_count> sides;
  std::optional<Netlink> relay_netlink;
  std::vector<Tap> taps;  // by index(Segment)
};

}  // namespace relayspec
