// SPDX-License-Identifier: Apache-2.0
// The suites on trial. Every fault of the faulty relay is tried on all of them: the case that is there to
// find it has to find it, by the rule that the fault breaks; what else changes needs a cause; and every case
// has to be the one that finds some fault. Then the pairs: two faults at once have to be two deviations.
// Prints both tables, and exits with 1 when that does not hold.
#pragma once

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace relayspec::trial {

struct Options {
  std::string faults, pairs, profile;  ///< files: two tables and the profile of the faulty relay
  std::string out;                     ///< a file for what changes, a JSON object for each run; may be empty
  std::vector<std::string> only_faults, only_pairs;
  unsigned jobs = 6 * std::max(1U, std::thread::hardware_concurrency());
  unsigned every = 1;  ///< of so many faults one is tried on all cases
  bool finders_only = false, pairs_only = false, faults_only = false;

  bool wants_faults() const { return !pairs_only && (only_pairs.empty() || !only_faults.empty()); }
  bool wants_pairs() const {
    return !faults_only && !finders_only && (only_faults.empty() || !only_pairs.empty());
  }
};

/// Returns the exit status: 0 when all holds, else 1. Throws InputError.
int run(const Options&);

}  // namespace relayspec::trial
