#include "harness/dhcp4/addressing.h"

namespace relayspec {

Ipv4 giaddr_set_by(const RelaySettings& settings, Segment downlink) {
  if (settings.giaddr) return *settings.giaddr;
  // RFC 3527, section 3: with link selection giaddr is free to be where the servers reach the relay best.
  return relay_address(settings.link_selection ? Segment::uplink : downlink);
}

// RFC 8357, section 3.1: the relay sends from another port than 67, and is answered there.
std::uint16_t port_towards_servers(const RelaySettings& settings) {
  return static_cast<std::uint16_t>(settings.source_port.value_or(67));
}

}  // namespace relayspec
