// SPDX-License-Identifier: Apache-2.0
// What a relay does to every message is held against it once, whichever cases have been run.
#pragma once

#include <vector>

#include "harness/bench/testbed.h"

namespace relayspec {

/// Adds each quirk that no case has found to the first case of the results that ran over it.
void hold_against(std::vector<CaseResult>&, const std::vector<QuirkSeen>&);

}  // namespace relayspec
