#include "harness/cli/features.h"

#include <fmt/format.h>

#include <charconv>

#include "relayspec/harness/plan.h"

namespace relayspec {
namespace {

unsigned number(const std::string& feature, const std::string& value, unsigned most) {
  unsigned n = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (problem != std::errc() || end != value.data() + value.size() || n > most) {
    throw InputError(
        fmt::format("--feature {}={}: a number from 0 to {} belongs behind '='", feature, value, most));
  }
  return n;
}

void apply(RelayConfig& c, const std::string& name, const std::string& value) {
  if (name == "option82")
    c.option82 = true;
  else if (name.starts_with("option82-"))
    c.option82 = true, c.option82_policy = name.substr(9);
  else if (name == "circuit-id")
    c.circuit_id = value.empty() ? "circuit" : value;
  else if (name == "remote-id")
    c.remote_id = value.empty() ? "remote" : value;
  else if (name == "trusted")
    c.trusted_downlinks = value.empty() ? "downlink0" : value;
  else if (name == "max-hops")
    c.max_hops = number(name, value, 255);
  else if (name == "min-secs")
    c.min_secs = number(name, value, 65535);
  else if (name == "max-size")
    c.max_size = number(name, value, 65535);
  else if (name == "multi-server")
    c.servers = value.empty() ? 2 : number(name, value, 4);
  else if (name == "multi-downlink")
    c.downlinks = 2;
  else if (name == "server-id-rewrite" || name == "server-id-override")
    c.server_id = name.substr(std::string("server-id-").size());
  else if (name == "link-selection")
    c.link_selection = c.option82 = true;
  else if (name == "giaddr")
    c.giaddr = value.empty() ? relay_address(Segment::uplink).to_string() : value;
  else if (name == "flags-suboption")
    c.flags_suboption = c.option82 = true;
  else if (name == "source-port")
    c.source_port = value.empty() ? 50067 : number(name, value, 65535), c.option82 = true;
  else if (name == "subscriber-id")
    c.subscriber_id = value.empty() ? "subscriber" : value, c.option82 = true;
  else if (name == "relay-id")
    c.relay_id = value.empty() ? "relay" : value, c.option82 = true;
  else if (name == "vss")
    c.vss = value.empty() ? "vpn" : value, c.option82 = true;
  else
    throw InputError(fmt::format(
        "--feature {}: there is no such feature; 'relayspec relays' lists those of each relay", name));
}

}  // namespace

RelayConfig config_from_features(const Profile& profile, const std::vector<std::string>& features) {
  RelayConfig config;
  if (!profile.features.contains("multi-downlink")) config.downlinks = 1;
  for (const std::string& feature : features) {
    const std::size_t equals = feature.find('=');
    const std::string name = feature.substr(0, equals);
    apply(config, name, equals == std::string::npos ? "" : feature.substr(equals + 1));
  }
  for (const std::string& needed : features_needed(config)) {
    if (!profile.features.contains(needed)) {
      throw InputError(
          fmt::format("{}: the profile does not list the feature {}, so the relay cannot be started with it",
                      profile.path, needed));
    }
  }
  return config;
}

}  // namespace relayspec
