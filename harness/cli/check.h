// SPDX-License-Identifier: Apache-2.0
// What `run --check` does.
#pragma once

#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

/// Makes one exchange with the relay, prints what came of it and returns the exit status. Throws LabError.
int check(const Profile&, Dialect);

}  // namespace relayspec
