// Features named on the command line, `--feature option82 --feature max-hops=4`.
#pragma once

#include <string>
#include <vector>

#include "relayspec/harness/profile.h"

namespace relayspec {

/// Throws InputError for a name that is none, a value that does not fit, or a feature that the profile does
/// not list.
RelayConfig config_from_features(const Profile&, const std::vector<std::string>& features);

}  // namespace relayspec
