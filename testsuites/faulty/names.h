// SPDX-License-Identifier: Apache-2.0
// The names of all faults and variants.
#pragma once

#include <string_view>

namespace relayspec::faulty {

bool is_fault(std::string_view name);
bool is_variant(std::string_view name);
/// One a line, as on the command line.
void list_all();

}  // namespace relayspec::faulty
