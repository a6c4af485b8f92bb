// SPDX-License-Identifier: Apache-2.0
// The ways in which a profile's relay can be set up, one after the other.
#pragma once

#include <vector>

#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"

namespace relayspec::live {

/// Plain, then with each feature that the profile lists, then with all parts of option 82 that it can have.
std::vector<RelaySettings> feature_sets(const Profile&, Dialect);

}  // namespace relayspec::live
