// SPDX-License-Identifier: Apache-2.0
// The lab's topology in few words, for unit tests.
#pragma once

#include "relayspec/harness/topology.h"

namespace relayspec {

inline const Topology& lab_topology() { return Topology::documentation(); }
inline Ipv4 relay_address(Segment s) { return lab_topology()[s].relay.ipv4; }
inline Mac relay_mac(Segment s) { return lab_topology()[s].relay.mac; }
inline Ipv4 server_address(std::size_t n) { return lab_topology().servers[n].ipv4; }
inline Mac server_mac(std::size_t n) { return lab_topology().servers[n].mac; }
inline Ipv4 host_address(Segment s, std::uint8_t n) { return lab_topology().host(s, n); }

}  // namespace relayspec
