// SPDX-License-Identifier: Apache-2.0
#include "harness/attach.h"

#include <fmt/format.h>
#include <net/if.h>
#include <tins/exceptions.h>

#include <algorithm>
#include <charconv>

#include "harness/shell.h"

namespace relayspec {
namespace {

// The hosts that the tool plays have numbers up to 254.
constexpr unsigned shortest_prefix = 8, longest_prefix = 24;

std::optional<Ipv4> address_in(const std::string& text) {
  try {
    const Ipv4 a(text);
    return a.to_string() == text ? std::optional(a) : std::nullopt;
  } catch (const Tins::exception_base&) {
    return std::nullopt;
  }
}

std::optional<unsigned> number_in(std::string_view text) {
  unsigned n = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
  return problem == std::errc() && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::string checked_name(const TomlTable& table, std::string_view key, const std::string& name) {
  const bool odd =
      std::any_of(name.begin(), name.end(), [](unsigned char c) { return c <= 0x20 || c == '/'; });
  if (name.empty() || name.size() >= IFNAMSIZ || odd)
    table.complain(key, fmt::format("'{}' in '{}' is no name of an interface", name, key));
  return name;
}

Attach::Interface interface_of(const TomlTable& table, std::string_view name_key, const std::string& name,
                               std::string_view address_key, const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto address = address_in(text.substr(0, slash));
  const auto length =
      slash == std::string::npos ? std::nullopt : number_in(std::string_view(text).substr(slash + 1));
  if (!address || !length) {
    table.complain(
        address_key,
        fmt::format("'{}' in '{}' must be an address with its prefix, like 10.1.0.1/24", text, address_key));
  }
  if (*length < shortest_prefix || *length > longest_prefix) {
    table.complain(
        address_key,
        fmt::format("'{}' in '{}': the prefix must be from /{} to /{}, since the tool plays several "
                    "hosts there",
                    text, address_key, shortest_prefix, longest_prefix));
  }
  return {checked_name(table, name_key, name), *address, *length};
}

std::vector<Attach::Interface> read_downlinks(const TomlTable& table) {
  const auto names = table.texts("downlinks"), addresses = table.texts("downlink_addresses");
  if (names.empty() || names.size() > std::size(all_downlinks))
    table.complain("downlinks",
                   "'downlinks' must list one or two interfaces that lead to the relay's client side");
  if (names.size() != addresses.size()) {
    table.complain(
        "downlink_addresses",
        fmt::format("'downlink_addresses' must list the relay's address on each of the {} 'downlinks', "
                    "in their order",
                    names.size()));
  }
  std::vector<Attach::Interface> downlinks;
  for (std::size_t n = 0; n < names.size(); ++n)
    downlinks.push_back(interface_of(table, "downlinks", names[n], "downlink_addresses", addresses[n]));
  return downlinks;
}

std::vector<Ipv4> read_servers(const TomlTable& table, const Network& uplink) {
  std::vector<Ipv4> servers;
  for (const std::string& text : table.texts("servers")) {
    const auto address = address_in(text);
    if (!address) table.complain("servers", fmt::format("'{}' in 'servers' is no IPv4 address", text));
    if (!uplink.contains(*address) || *address == uplink.relay.ipv4) {
      table.complain("servers",
                     fmt::format("{} in 'servers' must be another address of the uplink's network, {}/{}",
                                 text, uplink.subnet().to_string(), uplink.prefix_length));
    }
    if (std::find(servers.begin(), servers.end(), *address) != servers.end())
      table.complain("servers", fmt::format("'servers' lists {} twice", text));
    servers.push_back(*address);
  }
  if (servers.empty() || servers.size() > server_count) {
    table.complain("servers", fmt::format("'servers' must list the 1 to {} servers that the relay relays to",
                                          server_count));
  }
  return servers;
}

void refuse_shared_networks(const TomlTable& table, const Topology& topology, std::size_t downlinks) {
  for (const Segment s : all_segments) {
    for (const Segment other : all_segments) {
      if (s >= other || (downlinks == 1 && (s == Segment::downlink1 || other == Segment::downlink1)))
        continue;
      if (topology[s].contains(topology[other].relay.ipv4) ||
          topology[other].contains(topology[s].relay.ipv4)) {
        table.complain(
            "", fmt::format("{} and {} must be addresses of different networks",
                            topology[s].relay.ipv4.to_string(), topology[other].relay.ipv4.to_string()));
      }
    }
  }
}

std::string optional_script(const TomlTable& table, std::string_view key) {
  return table.has(key) ? table.script(key) : "";
}

}  // namespace

Attach read_attach(const TomlTable& table) {
  table.allow_only({"downlinks", "uplink", "netns", "downlink_addresses", "uplink_address", "servers",
                    "configure", "restart", "inspect"});
  Attach a{.downlinks = read_downlinks(table),
           .uplink = interface_of(table, "uplink", table.text("uplink"), "uplink_address",
                                  table.text("uplink_address")),
           .servers = {},
           .netns = table.text_or("netns", ""),
           .configure = optional_script(table, "configure"),
           .restart = optional_script(table, "restart"),
           .inspect = optional_script(table, "inspect")};
  a.servers = read_servers(table, topology_of(a)[Segment::uplink]);
  std::vector<std::string> names{a.uplink.name};
  for (const Attach::Interface& i : a.downlinks) {
    if (std::find(names.begin(), names.end(), i.name) != names.end())
      table.complain("downlinks", fmt::format("the interface {} is named twice", i.name));
    names.push_back(i.name);
  }
  refuse_shared_networks(table, topology_of(a), a.downlinks.size());
  return a;
}

Topology topology_of(const Attach& a) {
  Topology t = Topology::documentation();
  const auto set = [&](Segment s, const Attach::Interface& i) {
    t.networks[index(s)].relay = {.mac = {}, .ipv4 = i.address, .ipv6 = {}};
    t.networks[index(s)].prefix_length = i.prefix_length;
  };
  for (std::size_t n = 0; n < a.downlinks.size(); ++n) set(all_downlinks[n], a.downlinks[n]);
  set(Segment::uplink, a.uplink);
  // Cases that need more servers than the relay has are skipped. The topology still needs distinct addresses.
  for (std::size_t n = 0; n < server_count; ++n)
    t.servers[n].ipv4 = n < a.servers.size() ? a.servers[n] : Ipv4("0.0.0.0");
  for (std::size_t n = a.servers.size(); n < server_count; ++n)
    t.servers[n].ipv4 = t.host(Segment::uplink, static_cast<std::uint8_t>(10 + n));
  return t;
}

}  // namespace relayspec
