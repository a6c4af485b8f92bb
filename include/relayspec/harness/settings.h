// SPDX-License-Identifier: Apache-2.0
// What a relay is set to in one start: a profile lists the names in `features`, its start script gets the
// values in RELAY_* variables, and the command line takes them behind --feature.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/topology.h"

namespace relayspec {

struct Profile;

/// What the relay does with a request that already carries option 82.
enum class AgentOptionPolicy : std::uint8_t {
  rfc,      ///< as RFC 3046, section 2.1.1, has it
  append,   ///< adds its own sub-options to it
  replace,  ///< puts its own option in its place
  forward,  ///< relays it as it is
  discard,  ///< drops the request
};

/// Which Server Identifier the clients of the relay see.
enum class ServerIdMode : std::uint8_t {
  transparent,         ///< the server's
  rewrite,             ///< the relay's: it writes option 54 itself (dialect `proxy`)
  override_suboption,  ///< the relay's: it asks the server for it by sub-option 11 (RFC 5107)
};

/// Each member but `downlinks`, `servers` and `server_list` is a row of the table in settings_table.cc.
struct RelaySettings {
  bool option82 = false;
  AgentOptionPolicy option82_policy = AgentOptionPolicy::rfc;
  std::string circuit_id, remote_id;
  std::set<Segment> trusted_downlinks;
  ServerIdMode server_id = ServerIdMode::transparent;
  std::optional<unsigned> max_hops, min_secs, max_size;
  unsigned downlinks = 2;         ///< 1 or 2
  unsigned servers = 1;           ///< 1 to 4
  std::vector<Ipv4> server_list;  ///< addresses in place of the first `servers` of the topology
  bool link_selection = false, flags_suboption = false;
  std::optional<Ipv4> giaddr;
  std::string subscriber_id, relay_id, vss;
  std::optional<unsigned> source_port;

  friend bool operator==(const RelaySettings&, const RelaySettings&) = default;
};

/// The names that a profile can list in `features`.
const std::vector<std::string>& known_features();
bool is_feature(std::string_view name);

/// The features that a profile must list for a relay to be started with these settings.
std::set<std::string> features_needed(const RelaySettings&);

/// The environment of the start script, RELAY_DOWNLINKS to RELAY_VSS. What is not set is empty.
std::map<std::string, std::string> environment(const RelaySettings&,
                                               const Topology& = Topology::documentation());

/// "option82, max-hops=4", as --feature takes them; "plain" when nothing is set.
std::string describe(const RelaySettings&);

/// The settings that --feature NAME[=VALUE]… ask for. Throws InputError for a name that is none, a value that
/// does not fit, or a feature that the profile does not list.
RelaySettings settings_from_features(const Profile&, const std::vector<std::string>& features);

/// A line per feature with its value and meaning, for --help.
std::string features_help();

}  // namespace relayspec
