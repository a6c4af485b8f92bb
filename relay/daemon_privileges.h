// SPDX-License-Identifier: Apache-2.0
// The privileges that the relay gives up when its sockets are open.
#pragma once

#include "relay/log.h"

namespace relayspec::relay {

/// Gives up for good what the relay no longer needs: user, groups, capabilities and nearly all system calls.
/// What it cannot give up (a user namespace may have no other user) is logged and kept; throws StartError
/// where capabilities stay.
void drop_privileges(const Log&);

}  // namespace relayspec::relay
