// A relay profile: how a relay is started and what it can be told (the TOML file of the contract).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace relayspec {

/// Bad input by the user: what() is one line that says what, where and how to mend it. The program exits
/// with 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Profile {
  std::string name, title, homepage, package;
  std::string version_command;               ///< shell; the first line it prints is the version
  std::set<std::string> features;            ///< "multi-downlink", "option82", … as the contract lists them
  std::string start;                         ///< shell script that ends by exec'ing the relay
  std::map<std::string, std::string> files;  ///< absolute path → text, laid over the relay's private mounts
  std::map<std::string, std::string> env;    ///< further variables
  std::chrono::milliseconds start_timeout{10'000};
  std::string proxy_server_id =
      "uplink";  ///< "uplink" or "giaddr": what dialect `proxy` expects in option 54
  std::optional<unsigned> max_hops_default;
  bool unprivileged = true;  ///< runs inside a user namespace
  std::string path;          ///< the file it was read from
};

/// `name_or_path` is the name of a shipped profile or the path of a file (anything with a '/' or ending in
/// ".toml"). Throws InputError, with file and line where there is one.
Profile load_profile(const std::string& name_or_path);

/// Parses the text of a profile; `path` is for the messages.
Profile parse_profile(std::string_view text, const std::string& path);

/// All shipped profiles, by name.
std::vector<Profile> shipped_profiles();

/// What the relay is told in one start: the RELAY_* variables of the contract, without the prefix that all
/// share. An unset field leaves its variable empty. Names that count as features are in `features_needed`.
struct RelayConfig {
  bool option82 = false;
  std::string option82_policy, circuit_id, remote_id, trusted_downlinks, server_id = "transparent";
  std::optional<unsigned> max_hops, min_secs, max_size;
  unsigned downlinks = 2;   ///< 1 or 2
  unsigned servers = 1;     ///< 1 to 4
  std::string server_list;  ///< addresses in place of the first `servers` of the plan
  bool link_selection = false, flags_suboption = false;
  std::string giaddr, subscriber_id, relay_id, vss;
  std::optional<unsigned> source_port;

  friend bool operator==(const RelayConfig&, const RelayConfig&) = default;
};

/// The features that a profile must list for a relay to be started so.
std::set<std::string> features_needed(const RelayConfig&);

/// The environment of the start script, RELAY_DOWNLINKS to RELAY_VSS.
std::map<std::string, std::string> environment(const RelayConfig&);

/// "option82, max-hops=4" for people; "plain" when nothing is set.
std::string describe(const RelayConfig&);

}  // namespace relayspec
