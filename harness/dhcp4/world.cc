// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/world.h"

namespace relayspec::dhcp4 {

World world_of(const Profile& profile, Dialect dialect, const Device& device) {
  return {.topology = device.topology(),
          .dialect = dialect,
          .proxy_is_giaddr = profile.proxy_server_id == "giaddr",
          .shares_links = device.shares_links()};
}

}  // namespace relayspec::dhcp4
