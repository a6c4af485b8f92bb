// SPDX-License-Identifier: Apache-2.0
// A relay that the tool does not start: interfaces of this machine lead to it, and the tool plays the clients
// and servers there. The table [attach] of a profile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/topology.h"

namespace relayspec {

struct Attach {
  /// An interface of this machine, and the relay's address on the network that it leads to.
  struct Interface {
    std::string name;
    Ipv4 address;
    unsigned prefix_length = 24;
  };
  std::vector<Interface> downlinks;  ///< one or two
  Interface uplink;
  std::vector<Ipv4>
      servers;        ///< whom the relay is set up to relay to, on the uplink's network; 1 to server_count
  std::string netns;  ///< where the interfaces are: a name, a path, "pid:N"; empty: where the tool runs
  /// Shell, empty where there is none: sets the relay to RELAY_* variables; starts it again; prints
  /// "memory OCTETS" and "descriptors N".
  std::string configure, restart, inspect;
};

/// The networks around the relay. Link addresses of the relay are not known before it has been asked for
/// them.
Topology topology_of(const Attach&);

}  // namespace relayspec
