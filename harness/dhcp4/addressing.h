// Where a relay with these settings has its requests answered (RFC 1542, RFC 3527 and RFC 8357).
#pragma once

#include <cstdint>

#include "relayspec/harness/plan.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// What the relay has to put into giaddr of a downlink's requests.
Ipv4 giaddr_set_by(const RelaySettings&, Segment downlink);
/// Its UDP port towards the servers, 67 but for RFC 8357.
std::uint16_t port_towards_servers(const RelaySettings&);

}  // namespace relayspec
