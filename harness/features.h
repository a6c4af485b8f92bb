// The names of what a relay can be told, as profiles list them in `features`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/plan.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

const std::vector<std::string>& known_features();
bool is_feature(std::string_view name);

/// What the relay has to put into giaddr of a downlink's requests.
Ipv4 giaddr_set_by(const RelayConfig&, Segment downlink);
/// Its UDP port towards the servers, 67 but for RFC 8357.
std::uint16_t port_towards_servers(const RelayConfig&);

}  // namespace relayspec
