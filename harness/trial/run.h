// SPDX-License-Identifier: Apache-2.0
// The runs of the trial: all wanted cases over the faulty relay with some faults, several labs side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/trial/outcome.h"
#include "relayspec/harness/profile.h"

namespace relayspec::trial {

/// One run, and what has to hold of it.
struct Attempt {
  std::string name;
  std::vector<std::string> faults;  ///< that the relay has at once
  std::string dialect;
  std::vector<std::string> cases;
  bool takes_long = false;  ///< starts before the others
  std::function<std::vector<std::string>(const Outcome&)> complaints;
};

/// The names that `relayspec-faulty --list` prints as faults.
std::vector<std::string> faults_of_the_relay();

/// The profile whose relay starts with these faults. Throws InputError for a profile that does not start the
/// faulty relay.
Profile with_faults(Profile, const std::vector<std::string>& faults);

/// The outcome of every attempt, in their order. One that brings complaints is tried once more, and that is
/// printed: what a faulty relay does can depend on earlier messages and on time.
std::vector<Outcome> run_all(const std::vector<Attempt>&, const Profile&, unsigned jobs);

}  // namespace relayspec::trial
