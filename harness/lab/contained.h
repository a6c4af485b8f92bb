// SPDX-License-Identifier: Apache-2.0
// A short command of a profile, contained as a relay is.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "harness/shell.h"

namespace relayspec {

/// Runs `sh -c SCRIPT` with the surroundings of a relay, in a network without links. `env` is added to PATH,
/// LANG and HOME; nothing else is inherited. What is left of it is killed when the shell ends or `limit` has
/// passed. Throws LabError.
ShellResult run_contained(const std::string& script, const std::map<std::string, std::string>& env,
                          std::chrono::milliseconds limit);

}  // namespace relayspec
