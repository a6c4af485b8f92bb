#include <fmt/format.h>

#include <algorithm>

#include "harness/features.h"
#include "harness/suggest.h"
#include "relayspec/harness/plan.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

namespace {

std::string text_of(const std::optional<unsigned>& value) { return value ? std::to_string(*value) : ""; }

/// Space-separated: `part(0)` to `part(count - 1)`.
template <typename Part>
std::string list(std::size_t count, Part part) {
  std::vector<std::string> parts;
  for (std::size_t n = 0; n < count; ++n) parts.push_back(part(n));
  return join(parts, " ");
}

}  // namespace

const std::vector<std::string>& known_features() {
  static const std::vector<std::string> names = {"multi-downlink",
                                                 "multi-server",
                                                 "option82",
                                                 "option82-append",
                                                 "option82-replace",
                                                 "option82-forward",
                                                 "option82-discard",
                                                 "circuit-id",
                                                 "remote-id",
                                                 "trusted",
                                                 "max-hops",
                                                 "min-secs",
                                                 "max-size",
                                                 "server-id-rewrite",
                                                 "server-id-override",
                                                 "link-selection",
                                                 "giaddr",
                                                 "flags-suboption",
                                                 "source-port",
                                                 "subscriber-id",
                                                 "relay-id",
                                                 "vss"};
  return names;
}

bool is_feature(std::string_view name) {
  const auto& names = known_features();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::set<std::string> features_needed(const RelayConfig& config) {
  std::set<std::string> needed;
  const auto need = [&](bool asked, const std::string& feature) {
    if (asked) needed.insert(feature);
  };
  need(config.downlinks > 1, "multi-downlink");
  need(config.servers > 1, "multi-server");
  need(config.option82, "option82");
  need(!config.option82_policy.empty(), "option82-" + config.option82_policy);
  need(!config.circuit_id.empty(), "circuit-id");
  need(!config.remote_id.empty(), "remote-id");
  need(!config.trusted_downlinks.empty(), "trusted");
  need(config.max_hops.has_value(), "max-hops");
  need(config.min_secs.has_value(), "min-secs");
  need(config.max_size.has_value(), "max-size");
  need(config.link_selection, "link-selection");
  need(!config.giaddr.empty(), "giaddr");
  need(config.flags_suboption, "flags-suboption");
  need(config.source_port.has_value(), "source-port");
  need(!config.subscriber_id.empty(), "subscriber-id");
  need(!config.relay_id.empty(), "relay-id");
  need(!config.vss.empty(), "vss");
  need(config.server_list.find(' ') != std::string::npos, "multi-server");
  need(!config.server_id.empty() && config.server_id != "transparent", "server-id-" + config.server_id);
  return needed;
}

Ipv4 giaddr_set_by(const RelayConfig& config, Segment downlink) {
  if (!config.giaddr.empty()) return Ipv4(config.giaddr);
  // RFC 3527, section 3: with link selection giaddr is free to be where the servers reach the relay best.
  return relay_address(config.link_selection ? Segment::uplink : downlink);
}

std::uint16_t port_towards_servers(const RelayConfig& config) {
  return static_cast<std::uint16_t>(config.source_port.value_or(67));
}

std::map<std::string, std::string> environment(const RelayConfig& config) {
  const auto downlink = [](std::size_t n) { return all_segments[n]; };
  return {
      {"RELAY_DOWNLINKS", list(config.downlinks, [&](auto n) { return interface_name(downlink(n)); })},
      {"RELAY_DOWNLINK_ADDRESSES",
       list(config.downlinks, [&](auto n) { return relay_address(downlink(n)).to_string(); })},
      {"RELAY_UPLINK", interface_name(Segment::uplink)},
      {"RELAY_UPLINK_ADDRESS", relay_address(Segment::uplink).to_string()},
      {"RELAY_SERVERS", config.server_list.empty()
                            ? list(config.servers, [](auto n) { return server_address(n).to_string(); })
                            : config.server_list},
      {"RELAY_OPTION82", config.option82 ? "on" : "off"},
      {"RELAY_OPTION82_POLICY", config.option82_policy},
      {"RELAY_CIRCUIT_ID", config.circuit_id},
      {"RELAY_REMOTE_ID", config.remote_id},
      {"RELAY_TRUSTED_DOWNLINKS", config.trusted_downlinks},
      {"RELAY_MAX_HOPS", text_of(config.max_hops)},
      {"RELAY_MIN_SECS", text_of(config.min_secs)},
      {"RELAY_MAX_SIZE", text_of(config.max_size)},
      {"RELAY_SERVER_ID", config.server_id},
      {"RELAY_LINK_SELECTION", config.link_selection ? "on" : ""},
      {"RELAY_GIADDR", config.giaddr},
      {"RELAY_FLAGS_SUBOPTION", config.flags_suboption ? "on" : ""},
      {"RELAY_SOURCE_PORT", text_of(config.source_port)},
      {"RELAY_SUBSCRIBER_ID", config.subscriber_id},
      {"RELAY_RELAY_ID", config.relay_id},
      {"RELAY_VSS", config.vss},
  };
}

std::string describe(const RelayConfig& config) {
  std::vector<std::string> parts;
  const RelayConfig plain;
  const auto tell = [&](const char* what, const std::string& value) {
    if (!value.empty()) parts.push_back(fmt::format("{}={}", what, value));
  };
  if (config.downlinks != plain.downlinks) tell("downlinks", std::to_string(config.downlinks));
  if (config.servers != plain.servers) tell("servers", std::to_string(config.servers));
  tell("servers", config.server_list);
  if (config.option82) parts.emplace_back("option82");
  tell("option82-policy", config.option82_policy);
  tell("circuit-id", config.circuit_id);
  tell("remote-id", config.remote_id);
  tell("trusted", config.trusted_downlinks);
  tell("max-hops", text_of(config.max_hops));
  tell("min-secs", text_of(config.min_secs));
  tell("max-size", text_of(config.max_size));
  if (config.server_id != plain.server_id) tell("server-id", config.server_id);
  if (config.link_selection) parts.emplace_back("link-selection");
  tell("giaddr", config.giaddr);
  if (config.flags_suboption) parts.emplace_back("flags-suboption");
  tell("source-port", text_of(config.source_port));
  tell("subscriber-id", config.subscriber_id);
  tell("relay-id", config.relay_id);
  tell("vss", config.vss);
  return parts.empty() ? "plain" : join(parts);
}

}  // namespace relayspec
