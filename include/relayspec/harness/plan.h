// The lab's plan: who sits where. Documentation prefixes only (RFC 5737, RFC 2544), so nothing that leaks
// could reach anybody.
#pragma once

#include <tins/hw_address.h>
#include <tins/ip_address.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace relayspec {

using Ipv4 = Tins::IPv4Address;
using Mac = Tins::HWAddress<6>;
using Bytes = std::vector<std::uint8_t>;

/// A link of the lab: one veth pair, the relay at one end, the harness at the other.
enum class Segment : std::uint8_t { downlink0, downlink1, uplink };
inline constexpr std::size_t segment_count = 3;
inline constexpr Segment all_segments[segment_count] = {Segment::downlink0, Segment::downlink1,
                                                        Segment::uplink};
inline constexpr std::size_t index(Segment s) { return static_cast<std::size_t>(s); }

/// The interface's name inside the relay's namespace: "downlink0", "downlink1", "uplink0".
const char* interface_name(Segment);

/// The relay's end of a segment. 192.0.2.1, 203.0.113.1 and 198.51.100.1, each /24.
Ipv4 relay_address(Segment);
Mac relay_mac(Segment);

/// The n-th server (0 to 3): 198.51.100.2 to .5.
inline constexpr std::size_t server_count = 4;
Ipv4 server_address(std::size_t n);
Mac server_mac(std::size_t n);

/// The n-th host (n from 10 to 250) of a downlink's network, for leases and for further relays: 192.0.2.n,
/// 203.0.113.n.
Ipv4 host_address(Segment downlink, std::uint8_t n);

/// "the relay's uplink address (198.51.100.1)" for an address that has a part in the plan, else the bare
/// address.
std::string role_of(Ipv4);
std::string role_of(Mac);

}  // namespace relayspec
