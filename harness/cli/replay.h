// SPDX-License-Identifier: Apache-2.0
// The command `replay`: the packets of a capture once more, judged.
#pragma once

#include <functional>

#include "harness/cli/options.h"
#include "harness/live/replay.h"

namespace relayspec {

/// As replay() does it.
using ReplayCapture = std::function<ReplayResult(const Profile&, const Capture&, const ReplayOptions&)>;

/// Prints what deviates and returns the exit status. Throws InputError and LabError.
int replay_command(const ReplayCommandOptions&, const ReplayCapture&);

}  // namespace relayspec
