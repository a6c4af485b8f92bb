// SPDX-License-Identifier: Apache-2.0
// The command `fuzz`: generated messages through the wire, every answer judged.
#pragma once

#include <functional>

#include "harness/cli/options.h"
#include "harness/live/fuzz.h"

namespace relayspec {

/// As fuzz() does it.
using FuzzRelay = std::function<FuzzResult(const Profile&, const FuzzOptions&, const FuzzWatch&)>;

/// Prints the findings and returns the exit status. Throws InputError and LabError.
int fuzz_command(const FuzzCommandOptions&, const FuzzRelay&);

}  // namespace relayspec
