// SPDX-License-Identifier: Apache-2.0
// Which of the shipped relays can run on this machine.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/profile.h"

namespace relayspec {

/// The first line that a profile's version command prints; nothing when the relay is missing, or when the
/// profile has no such command. The command is contained as the relay is. Waits 10 s at most; throws
/// LabError.
std::optional<std::string> relay_version(const Profile&);

/// What a profile adds to the environment of its version command and of its start script, PATH included: both
/// find the same programs.
std::map<std::string, std::string> relay_environment(const Profile&);

struct RelayStatus {
  Profile profile;
  std::string version;  ///< when it can run
  std::string missing;  ///< why it cannot, with the remedy, in one line; empty when it can
};

RelayStatus relay_status(const Profile&);

/// Throws LabError where the profile says that its relay needs root, and this process is not.
void require_privilege(const Profile&);

/// All shipped profiles, by name.
std::vector<RelayStatus> survey_relays();

/// What `relayspec relays` prints: a line per relay, and what to do about those that are missing.
std::string relays_table(const std::vector<RelayStatus>&);

}  // namespace relayspec
