// SPDX-License-Identifier: Apache-2.0
// What a Lab consists of.
#pragma once

#include <array>
#include <optional>

#include "harness/lab/namespace.h"
#include "harness/lab/netlink.h"
#include "harness/lab/tap.h"
#include "harness/lab/tunnel.h"

namespace relayspec {

/// The harness's end of a segment is the second link of its own namespace, behind lo.
inline constexpr int side_index = 2;
inline constexpr const char* side_interface = "eth0";

struct Lab::Impl {
  Topology topology;
  OwnedNamespace relay;
  std::array<Namespace, segment_count> sides;
  std::optional<Netlink> relay_netlink;
  std::vector<Tap> taps;                        // by index(Segment)
  std::array<int, segment_count> relay_ends{};  ///< their indices in the relay's namespace, by index(Segment)
  std::array<std::optional<int>, segment_count> ports{};  ///< where the relay's end is a bridge or a tunnel
  std::optional<Tunnel> tunnel;
  RelayEnds ends;
  bool is_alone =
      false;  ///< no other program sends at the harness's ends: the taps need not hear what is sent
  std::vector<Frame> sent;  ///< then, what receive() has not given back yet
  int next_index = 2;       ///< behind lo

  int relay_end(Segment s) const { return relay_ends[index(s)]; }
  std::string name_of(Segment s) const {
    return ends[index(s)].name.empty() ? interface_name(s) : ends[index(s)].name;
  }
  Tap make_link(Segment);
  void make_bridge(Segment);
  void make_tunnel(Segment);
  void settle_relay(Segment);
  /// From here on the taps hear what is sent as well.
  void let_others_send();
  void await_forwarding(Segment bridge);
};

}  // namespace relayspec
