// SPDX-License-Identifier: Apache-2.0
// A first profile from the command line that starts a relay.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "relayspec/harness/profile.h"

namespace relayspec {

struct ProfileDraft {
  std::string toml;
  std::vector<std::string> open;  ///< what the words do not show, a sentence each, with what to do about it
};

/// Interfaces and addresses among the words become RELAY_* variables, what is there for each of them a loop.
/// `known` are profiles of which one may be for the same program. Throws InputError where the words start no
/// program.
ProfileDraft draft_profile(const std::vector<std::string>& words, std::span<const Profile> known);

}  // namespace relayspec
