// SPDX-License-Identifier: Apache-2.0
// Fuzzes a live relay, under one feature set after the other.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/fuzzing.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

struct FuzzOptions {
  Dialect dialect = Dialect::rfc;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> packets, seconds;  ///< ends with what is reached first
  std::size_t at_once = 8;                        ///< stimuli in front of a barrier
  bool coverage = false;                          ///< the relay counts where it has been
  std::vector<RelaySettings> settings;            ///< in turn; empty: those that the profile offers
};

/// Called now and then with what has been found so far; false ends the run.
using FuzzWatch = std::function<bool(const FuzzResult&)>;

/// Throws LabError.
FuzzResult fuzz(const Profile&, const FuzzOptions&, const FuzzWatch&);

}  // namespace relayspec
