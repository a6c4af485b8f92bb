#include "relayspec/harness/plan.h"

namespace relayspec {

const char* interface_name(Segment s) {
  constexpr const char* names[] = {"downlink0", "downlink1", "uplink0"};
  return names[index(s)];
}

Ipv4 relay_address(Segment s) {
  constexpr const char* addresses[] = {"192.0.2.1", "203.0.113.1", "198.51.100.1"};
  return Ipv4(addresses[index(s)]);
}

// Locally administered: 02:00:5e:<kind>:<segment>:<n>.
Mac relay_mac(Segment s) { return Mac("02:00:5e:01:0" + std::to_string(index(s)) + ":01"); }

Ipv4 server_address(std::size_t n) { return Ipv4("198.51.100." + std::to_string(2 + n)); }

Mac server_mac(std::size_t n) { return Mac("02:00:5e:02:02:0" + std::to_string(2 + n)); }

Ipv4 host_address(Segment downlink, std::uint8_t n) {
  return Ipv4((downlink == Segment::downlink0 ? "192.0.2." : "203.0.113.") + std::to_string(n));
}

std::string role_of(Ipv4 a) {
  const auto with = [&](const std::string& role) { return role + " (" + a.to_string() + ")"; };
  if (a == relay_address(Segment::downlink0)) return with("the relay's address on downlink0");
  if (a == relay_address(Segment::downlink1)) return with("the relay's address on downlink1");
  if (a == relay_address(Segment::uplink)) return with("the relay's uplink address");
  for (std::size_t n = 0; n < server_count; ++n) {
    if (a == server_address(n)) return with("server " + std::to_string(n + 1));
  }
  return a.to_string();
}

std::string role_of(Mac m) {
  const auto with = [&](const std::string& role) { return role + " (" + m.to_string() + ")"; };
  if (m.is_broadcast()) return with("link broadcast");
  for (const Segment s : all_segments) {
    if (m == relay_mac(s)) return with(std::string("the relay's ") + interface_name(s));
  }
  for (std::size_t n = 0; n < server_count; ++n) {
    if (m == server_mac(n)) return with("server " + std::to_string(n + 1));
  }
  return m.to_string();
}

}  // namespace relayspec
