// SPDX-License-Identifier: Apache-2.0
// Files of a report. Each appears whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace relayspec {

/// Throws InputError where it cannot be written.
void write_file(const std::filesystem::path&, std::string_view content);

/// Makes the directory and the one for captures in it, and removes the captures of an earlier run. Throws
/// InputError where `report` could not be written there.
void prepare_directory(const std::filesystem::path&, const char* captures, const char* report);

}  // namespace relayspec
