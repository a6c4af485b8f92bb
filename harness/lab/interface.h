// SPDX-License-Identifier: Apache-2.0
// Interfaces of the machine that lead to a relay.
#pragma once

#include <string>
#include <vector>

#include "harness/lab/fd.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

/// The network namespace of that name ("lab7", a path, "pid:1234"; empty: the calling thread's). Throws
/// LabError.
Fd open_network(const std::string& netns);

/// The index of an Ethernet interface of the calling thread's namespace that is up. Throws LabError.
int usable_interface(const std::string& name);

/// Throws LabError where the calling thread's namespace has one of these addresses itself: its kernel would
/// answer beside the hosts that the harness plays.
void refuse_own_addresses(const std::vector<Ipv4>& played);

}  // namespace relayspec
