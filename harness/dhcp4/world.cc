// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/world.h"

namespace relayspec::dhcp4 {

World world_of(const Profile& profile, Dialect dialect, const Device& device) {
  const Topology& topology = device.topology();
  const bool giaddr = profile.proxy_server_id == "giaddr";
  const auto id = [&](Segment downlink) { return topology[giaddr ? downlink : Segment::uplink].relay.ipv4; };
  return {.topology = topology,
          .dialect = dialect,
          .proxy_ids = {id(Segment::downlink0), id(Segment::downlink1)},
          .shares_links = device.shares_links()};
}

}  // namespace relayspec::dhcp4
