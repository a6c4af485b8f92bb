// SPDX-License-Identifier: Apache-2.0
// The command `compare`: the suites and generated stimuli over several relays.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "harness/cli/options.h"
#include "harness/cli/run.h"
#include "harness/live/compare.h"

namespace relayspec {

/// As run_all() does.
using RunAll = std::function<std::vector<Outcome>(const std::vector<Profile>&, Dialect,
                                                  const std::vector<std::string>& ids, unsigned jobs,
                                                  const ProgressOf&)>;

/// As find_differences() does.
using FindDifferences = std::function<Differences(
    const Contender& reference, std::span<const Contender> others, const StimuliOptions&, const Progress&)>;

/// Prints the matrix and the differences and returns the exit status. Throws InputError and LabError.
int compare(const CompareOptions&, const RunAll&, const FindDifferences&);

}  // namespace relayspec
