// SPDX-License-Identifier: Apache-2.0
// The command `run`: from the options to the report and the exit status.
#pragma once

#include <functional>

#include "harness/cli/options.h"
#include "harness/cli/workers.h"

namespace relayspec {

/// Runs cases over a relay, as run_jobs() does.
using RunCases = std::function<Outcome(const Profile&, Dialect, const std::vector<std::string>& ids,
                                       unsigned jobs, const Progress&)>;

/// Throws InputError for a relay that cannot be held to the dialect `proxy`.
void require_rewriting(const Profile&);

/// Prints the report and returns the exit status. Throws InputError and LabError.
int run(const RunOptions&, const RunCases&);

}  // namespace relayspec
