// SPDX-License-Identifier: Apache-2.0
// What the relay gives up once its sockets are open.
#pragma once

#include "relay/log.h"

namespace relayspec::relay {

/// Gives up for good what the relay needs no more: user, groups, capabilities and nearly all system calls.
/// What the surroundings do not let it give up (a user namespace may have no other user) is logged and kept;
/// throws StartError where capabilities stay.
void drop_privileges(const Log&);

}  // namespace relayspec::relay
