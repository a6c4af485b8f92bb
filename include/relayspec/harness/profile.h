// SPDX-License-Identifier: Apache-2.0
// A relay profile: how a relay is started and which settings it has (a TOML file).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/attach.h"

namespace relayspec {

/// Bad input by the user: what() is one line that says what, where and how to fix it. The program exits
/// with 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Profile {
  std::string name, title, homepage, package;
  std::string version_command;     ///< shell; the first line it prints is the version
  std::set<std::string> features;  ///< "multi-downlink", "option82", … as the contract lists them
  std::string start;               ///< shell script that ends by exec'ing the relay; empty: see attach
  std::optional<Attach> attach;    ///< where the relay is that is not started
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

}  // namespace relayspec
