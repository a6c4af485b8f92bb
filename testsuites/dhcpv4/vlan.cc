// SPDX-License-Identifier: Apache-2.0
// Frames with a VLAN tag on a link that has no VLANs (IEEE 802.1Q).
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Vlan : public Case {};

// IEEE 802.1Q: an identifier has 12 bits; the other 4 say nothing of which VLAN it is. Those that are
// zero in their lower or upper octet, in their highest bits, or all ones.
TEST_F(Vlan, TaggedRequestsAreNotRelayed) {
  covers({"MALF-vlan-priority-tag"});

  goes_up(client.discover());
  for (const int tag : {0x0001, 0x0008, 0x000f, 0x0010, 0x00ff, 0x0100, 0x0200, 0x0400, 0x0800, 0x0f00,
                        0x0ff0, 0x0ffe, 0x0fff, 0x1100, 0x2001, 0xe001, 0xe100, 0xe800, 0xf0ff, 0xffff}) {
    const auto id = static_cast<std::uint16_t>(tag);
    const Client one = client.another();
    one.sends_frames({with_vlan_tag(one.frame_of(one.discover()), id)},
                     "a DISCOVER in VLAN " + std::to_string(id & 0x0fff));
  }

  nothing_comes_out();
  control_goes_up(client.discover());
}

// Every priority, and the bit beside it.
TEST_F(Vlan, PriorityTaggedRequestsAreRelayedOrDropped) {
  covers({"MALF-vlan-priority-tag"});

  for (std::uint32_t tag = 0; tag <= 0xf000; tag += 0x1000) {
    const Client one = client.another();
    const auto discover = one.discover();
    one.sends_frames({with_vlan_tag(one.frame_of(discover), static_cast<std::uint16_t>(tag))},
                     "a DISCOVER with a priority tag");
    server.may_get(relayed(discover));
  }
}

}  // namespace
}  // namespace relayspec
