// SPDX-License-Identifier: Apache-2.0
// The relay in the servers' place: the Server Identifier (option 54) names the relay towards clients and the
// chosen server towards servers.
#pragma once

#include <optional>

#include "relayspec/relay/config.h"
#include "relayspec/relay/core.h"
#include "relayspec/relay/message.h"
#include "relayspec/relay/server_memory.h"

namespace relayspec::relay {

/// OFFER, ACK, NAK: the relay's address in place of the server's, which is remembered for the lease.
void hide_server(const Config&, ServerMemory&, std::size_t downlink, Message&, Notes&);

/// REQUEST, DECLINE, RELEASE that name the relay: the server's address in its place. Drops those that name a
/// server which the relay does not know.
std::optional<Drop> restore_server(const Config&, ServerMemory&, std::size_t downlink, Message&, Notes&);

}  // namespace relayspec::relay
