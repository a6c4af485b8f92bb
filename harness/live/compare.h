// SPDX-License-Identifier: Apache-2.0
// Relays side by side under the same generated stimuli: where one answers otherwise than the reference, by
// cause, each with the smallest stimulus that shows it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/comparison.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// A relay, and how it is started for the stimuli.
struct Contender {
  std::string name;  ///< no other has it
  Profile profile;
  RelaySettings settings;
};

struct StimuliOptions {
  Dialect dialect = Dialect::rfc;
  std::uint64_t seed = 1;
  std::size_t stimuli = 5000;  ///< for each relay
  unsigned jobs = 1;           ///< pairs of relays at a time
};

/// So many stimuli are sent at once, and so many make one step of the progress.
inline constexpr std::size_t stimuli_at_once = 32;

struct Differences {
  std::vector<DifferenceGroup> groups;  ///< by relay; what breaks a rule first, and then by how many show it
  std::vector<std::string> trouble;     ///< relays that could not be compared, and why
};

/// `progress` gets the name of the relay at each step; it may be empty. Throws LabError.
Differences find_differences(const Contender& reference, std::span<const Contender> others,
                             const StimuliOptions&, const std::function<void(const std::string&)>& progress);

}  // namespace relayspec
