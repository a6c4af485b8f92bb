// SPDX-License-Identifier: Apache-2.0
// A case runs again where what it has found may have come about by chance, or by a relay that is late or has
// little room, and not by what the case is about.
#pragma once

#include <functional>

#include "harness/bench/testbed.h"

namespace relayspec {

/// `once` runs the case over the bed and adds its result there; of several runs one result is left.
void run_with_repetitions(TestBed&, const std::function<void()>& once);

}  // namespace relayspec
