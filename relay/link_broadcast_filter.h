// SPDX-License-Identifier: Apache-2.0
// The socket filter against unicast that came by link broadcast.
#pragma once

#include <linux/filter.h>

#include <vector>

#include "relay/configure.h"

namespace relayspec::relay {

/// Lets a datagram through unless it came by link broadcast or multicast and is for one address of this host
/// (RFC 1122, section 3.3.6).
std::vector<sock_filter> link_broadcast_filter(const std::vector<Interface>&);

}  // namespace relayspec::relay
