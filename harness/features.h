// The names of what a relay can be told, as profiles list them in `features`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relayspec {

const std::vector<std::string>& known_features();
bool is_feature(std::string_view name);

}  // namespace relayspec
