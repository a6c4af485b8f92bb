// SPDX-License-Identifier: Apache-2.0
#include "harness/settings_table.h"

#include <fmt/format.h>
#include <tins/exceptions.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>

#include "harness/suggest.h"
#include "harness/text.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

// What a member holds, by its type: whether it is set, as text, and from text.
bool is_set(bool on) { return on; }
bool is_set(const std::string& text) { return !text.empty(); }
bool is_set(const std::set<Segment>& segments) { return !segments.empty(); }
template <class T>
bool is_set(const std::optional<T>& value) {
  return value.has_value();
}

std::string text_of(bool on) { return on ? "on" : ""; }
std::string text_of(const std::string& text) { return text; }
std::string text_of(const std::optional<unsigned>& n) { return n ? std::to_string(*n) : ""; }
std::string text_of(const std::optional<Ipv4>& address) { return address ? address->to_string() : ""; }
std::string text_of(const std::set<Segment>& segments) {
  std::vector<std::string> names;
  for (const Segment s : segments) names.emplace_back(interface_name(s));
  return join(names, " ");
}
std::string text_of(AgentOptionPolicy policy) {
  constexpr const char* words[] = {"", "append", "replace", "forward", "discard"};
  return words[static_cast<std::size_t>(policy)];
}
std::string text_of(ServerIdMode mode) {
  constexpr const char* words[] = {"transparent", "rewrite", "override"};
  return words[static_cast<std::size_t>(mode)];
}

unsigned parsed_number(const Setting& setting, const std::string& value) {
  const auto [name, otherwise, least, most] = setting.argument;
  unsigned n = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (problem != std::errc() || end != value.data() + value.size() || n < least || n > most)
    refuse_value(setting, value, fmt::format("a number from {} to {} belongs behind '='", least, most));
  return n;
}

void parse_into(bool& into, const Setting&, const std::string&) { into = true; }
void parse_into(std::string& into, const Setting&, const std::string& value) { into = value; }
void parse_into(std::optional<unsigned>& into, const Setting& setting, const std::string& value) {
  into = parsed_number(setting, value);
}

std::optional<Segment> segment_named(std::string_view name) {
  for (const Segment s : all_segments) {
    if (name == interface_name(s)) return s;
  }
  return std::nullopt;
}

void parse_into(std::optional<Ipv4>& into, const Setting& setting, const std::string& value) {
  if (const auto segment = segment_named(value)) {
    into = Topology::documentation()[*segment].relay.ipv4;
    return;
  }
  try {
    into = Ipv4(value);
  } catch (const Tins::invalid_address&) {
    refuse_value(setting, value, "an IPv4 address or one of the relay's interfaces belongs behind '='");
  }
}

void parse_into(std::set<Segment>& into, const Setting& setting, const std::string& value) {
  std::istringstream names(value);
  for (std::string name; names >> name;) {
    const auto segment = segment_named(name);
    if (!segment || *segment == Segment::uplink)
      refuse_value(setting, value, "downlink0, downlink1 or both belong behind '='");
    into.insert(*segment);
  }
}

// A member of its own.
template <auto member>
constexpr Access member_access = {
    .is_set = [](const RelaySettings& s) { return is_set(s.*member); },
    .value = [](const RelaySettings& s, const Topology&) { return text_of(s.*member); },
    .shown = [](const RelaySettings& s) { return text_of(s.*member); },
    .set = [](RelaySettings& s, const Setting& row,
              const std::string& value) { parse_into(s.*member, row, value); }};

// One of the values of a member.
template <auto member, auto choice>
constexpr Access choice_access = {
    .is_set = [](const RelaySettings& s) { return s.*member == choice; },
    .value = [](const RelaySettings& s, const Topology&) { return text_of(s.*member); },
    .set = [](RelaySettings& s, const Setting&, const std::string&) { s.*member = choice; }};

// RELAY_OPTION82 is the one variable that says "off".
constexpr Access option82_access = {
    .is_set = member_access<&RelaySettings::option82>.is_set,
    .value = [](const RelaySettings& s, const Topology&) { return std::string(s.option82 ? "on" : "off"); },
    .set = member_access<&RelaySettings::option82>.set};

constexpr Access downlinks_access = {
    .is_set = [](const RelaySettings& s) { return s.downlinks > 1; },
    .value =
        [](const RelaySettings& s, const Topology&) {
          return text_of(std::set<Segment>(all_segments, all_segments + s.downlinks));
        },
    .set = [](RelaySettings& s, const Setting&, const std::string&) { s.downlinks = 2; }};

std::string server_addresses(const RelaySettings& s, const Topology& topology) {
  std::vector<std::string> addresses;
  for (const Ipv4 a : s.server_list) addresses.push_back(a.to_string());
  for (std::size_t n = 0; s.server_list.empty() && n < s.servers; ++n)
    addresses.push_back(topology.servers[n].ipv4.to_string());
  return join(addresses, " ");
}

constexpr Access servers_access = {
    .is_set = [](const RelaySettings& s) { return s.servers > 1 || s.server_list.size() > 1; },
    .value = server_addresses,
    .shown =
        [](const RelaySettings& s) {
          return s.server_list.empty() ? std::to_string(s.servers)
                                       : server_addresses(s, Topology::documentation());
        },
    .set = [](RelaySettings& s, const Setting& row,
              const std::string& value) { s.servers = parsed_number(row, value); }};

using S = RelaySettings;
template <AgentOptionPolicy policy>
constexpr Access policy_access = choice_access<&S::option82_policy, policy>;
template <ServerIdMode mode>
constexpr Access server_id_access = choice_access<&S::server_id, mode>;
constexpr Argument none{};
constexpr bool in_option82 = true, apart = false;

// clang-format off
constexpr Setting all_settings[] = {
    {"multi-downlink", "RELAY_DOWNLINKS", downlinks_access, none, apart, "serves two client-side interfaces"},
    {"multi-server", "RELAY_SERVERS", servers_access, {"N", "2", 1, server_count}, apart, "relays to N servers"},
    {"option82", "RELAY_OPTION82", option82_access, none, apart, "adds option 82 (RFC 3046)"},
    {"option82-append", "RELAY_OPTION82_POLICY", policy_access<AgentOptionPolicy::append>, none, in_option82,
     "adds its own behind an option 82 that is there"},
    {"option82-replace", "RELAY_OPTION82_POLICY", policy_access<AgentOptionPolicy::replace>, none, in_option82,
     "puts its own in place of an option 82 that is there"},
    {"option82-forward", "RELAY_OPTION82_POLICY", policy_access<AgentOptionPolicy::forward>, none, in_option82,
     "relays an option 82 that is there as it is"},
    {"option82-discard", "RELAY_OPTION82_POLICY", policy_access<AgentOptionPolicy::discard>, none, in_option82,
     "drops a request that has an option 82"},
    {"circuit-id", "RELAY_CIRCUIT_ID", member_access<&S::circuit_id>, {"TEXT", "circuit"}, in_option82,
     "the Circuit ID"},
    {"remote-id", "RELAY_REMOTE_ID", member_access<&S::remote_id>, {"TEXT", "remote"}, in_option82,
     "the Remote ID"},
    {"trusted", "RELAY_TRUSTED_DOWNLINKS", member_access<&S::trusted_downlinks>, {"INTERFACES", "downlink0"},
     in_option82, "clients on these interfaces may send option 82"},
    {"max-hops", "RELAY_MAX_HOPS", member_access<&S::max_hops>, {"N", "", 0, 255}, apart,
     "drops requests with more hops"},
    {"min-secs", "RELAY_MIN_SECS", member_access<&S::min_secs>, {"N", "", 0, 65535}, apart,
     "drops requests with fewer secs"},
    {"max-size", "RELAY_MAX_SIZE", member_access<&S::max_size>, {"N", "", 0, 65535}, in_option82,
     "the largest message with option 82 in it, octets"},
    {"server-id-rewrite", "RELAY_SERVER_ID", server_id_access<ServerIdMode::rewrite>, none, apart,
     "stands in for the server (dialect proxy)"},
    {"server-id-override", "RELAY_SERVER_ID", server_id_access<ServerIdMode::override_suboption>, none,
     in_option82, "adds the Server Identifier Override sub-option (RFC 5107)"},
    {"link-selection", "RELAY_LINK_SELECTION", member_access<&S::link_selection>, none, in_option82,
     "adds the Link Selection sub-option (RFC 3527)"},
    {"giaddr", "RELAY_GIADDR", member_access<&S::giaddr>, {"ADDRESS", "uplink0"}, apart,
     "one of the relay's addresses as giaddr"},
    {"flags-suboption", "RELAY_FLAGS_SUBOPTION", member_access<&S::flags_suboption>, none, in_option82,
     "adds the Relay Agent Flags sub-option (RFC 5010)"},
    {"source-port", "RELAY_SOURCE_PORT", member_access<&S::source_port>, {"PORT", "50067", 1, 65535}, in_option82,
     "sends to servers from this port (RFC 8357)"},
    {"subscriber-id", "RELAY_SUBSCRIBER_ID", member_access<&S::subscriber_id>, {"TEXT", "subscriber"}, in_option82,
     "the Subscriber-ID (RFC 3993)"},
    {"relay-id", "RELAY_RELAY_ID", member_access<&S::relay_id>, {"TEXT", "relay"}, in_option82,
     "the Relay-ID (RFC 6925)"},
    {"vss", "RELAY_VSS", member_access<&S::vss>, {"NAME", "vpn"}, in_option82,
     "the name of the clients' VPN (RFC 6607)"},
};
// clang-format on

}  // namespace

std::span<const Setting> settings_table() { return all_settings; }

const Setting* find_setting(std::string_view feature) {
  const auto* row = std::find_if(std::begin(all_settings), std::end(all_settings),
                                 [&](const Setting& s) { return s.feature == feature; });
  return row == std::end(all_settings) ? nullptr : row;
}

void refuse_value(const Setting& setting, const std::string& value, const std::string& reason) {
  throw InputError(one_line(fmt::format("--feature {}={}: {}", setting.feature, value, reason)));
}

}  // namespace relayspec
