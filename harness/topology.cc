// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/topology.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace relayspec {
namespace {

// Ipv4 compares and masks in network order; counting needs numbers.
std::uint32_t number(Ipv4 a) { return ntohl(a); }

Ipv4 address(std::uint32_t n) { return Ipv4(htonl(n)); }

Host host(const char* mac, const char* ipv4, const char* ipv6) { return {Mac(mac), Ipv4(ipv4), Ipv6(ipv6)}; }

Topology make_documentation() {
  return {.networks = {{{.relay = host("02:00:5e:01:00:01", "192.0.2.1", "2001:db8:0::1")},
                        {.relay = host("02:00:5e:01:01:01", "203.0.113.1", "2001:db8:1::1")},
                        {.relay = host("02:00:5e:01:02:01", "198.51.100.1", "2001:db8:2::1")}}},
          .servers = {{host("02:00:5e:02:02:02", "198.51.100.2", "2001:db8:2::2"),
                       host("02:00:5e:02:02:03", "198.51.100.3", "2001:db8:2::3"),
                       host("02:00:5e:02:02:04", "198.51.100.4", "2001:db8:2::4"),
                       host("02:00:5e:02:02:05", "198.51.100.5", "2001:db8:2::5")}}};
}

std::string with_role(const std::string& role, const std::string& address) {
  return fmt::format("{} ({})", role, address);
}

}  // namespace

const char* interface_name(Segment s) {
  constexpr const char* names[] = {"downlink0", "downlink1", "uplink0"};
  return names[index(s)];
}

Ipv4 Network::netmask() const {
  return address(prefix_length == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix_length));
}
Ipv4 Network::subnet() const { return relay.ipv4 & netmask(); }
Ipv4 Network::broadcast() const { return address(number(subnet()) | ~number(netmask())); }
bool Network::contains(Ipv4 a) const { return (a & netmask()) == subnet(); }

const Topology& Topology::documentation() {
  static const Topology lab = make_documentation();
  return lab;
}

Ipv4 Topology::host(Segment s, std::uint8_t n) const {
  const std::uint32_t base = number((*this)[s].subnet());
  std::vector<std::uint32_t> taken{number((*this)[s].relay.ipv4)};
  if (s == Segment::uplink) {
    for (const Host& server : servers) taken.push_back(number(server.ipv4));
  }
  const auto is_taken = [&](std::uint32_t a) {
    return std::find(taken.begin(), taken.end(), a) != taken.end();
  };
  const auto at = std::find(taken.begin(), taken.end(), base + n);
  if (at == taken.end()) return address(base + n);
  std::uint32_t free = base;
  for (auto rank = at - taken.begin() + 1; rank > 0; --rank) {
    do ++free;
    while (is_taken(free));
  }
  return address(free);
}

std::optional<Segment> Topology::owner_of(Ipv4 a) const {
  for (const Segment s : all_segments) {
    if ((*this)[s].relay.ipv4 == a) return s;
  }
  return std::nullopt;
}

std::optional<std::size_t> Topology::server_at(Ipv4 a) const {
  for (std::size_t n = 0; n < servers.size(); ++n) {
    if (servers[n].ipv4 == a) return n;
  }
  return std::nullopt;
}

bool Topology::is_directed_broadcast(Ipv4 a) const {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& n) { return n.broadcast() == a; });
}

std::string Topology::role_of(Ipv4 a) const {
  std::string text = a.to_string();
  if (const auto s = owner_of(a)) {
    return with_role(*s == Segment::uplink ? "the relay's uplink address"
                                           : fmt::format("the relay's address on {}", interface_name(*s)),
                     text);
  }
  if (const auto n = server_at(a)) return with_role(fmt::format("server {}", *n + 1), text);
  return text;
}

std::string Topology::role_of(const Mac& m) const {
  std::string text = m.to_string();
  if (m.is_broadcast()) return with_role("link broadcast", text);
  for (const Segment s : all_segments) {
    if ((*this)[s].relay.mac == m) return with_role(fmt::format("the relay's {}", interface_name(s)), text);
  }
  for (std::size_t n = 0; n < servers.size(); ++n) {
    if (servers[n].mac == m) return with_role(fmt::format("server {}", n + 1), text);
  }
  return text;
}

}  // namespace relayspec
