// SPDX-License-Identifier: Apache-2.0
// Where the program finds what is shipped beside it.
#pragma once

#include <filesystem>
#include <string>

namespace relayspec {

/// ../share/relayspec beside the running program; the same in the build tree and under an installation
/// prefix.
std::filesystem::path data_directory();

/// The folder of the running program: the shipped programs stand beside each other, in the build tree and
/// under a prefix alike.
std::filesystem::path program_directory();

/// PATH for relays and their version commands: the folder of the running program, then what this process has,
/// then the system's sbin folders, which an ordinary user's PATH may lack.
std::string search_path();

}  // namespace relayspec
