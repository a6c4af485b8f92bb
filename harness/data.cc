// SPDX-License-Identifier: Apache-2.0
#include "harness/data.h"

#include <cstdlib>

namespace relayspec {

std::filesystem::path program_directory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path data_directory() { return program_directory().parent_path() / "share" / "relayspec"; }

std::string search_path() {
  const char* inherited = std::getenv("PATH");
  return program_directory().string() + ":" + (inherited ? inherited : "/usr/local/bin:/usr/bin:/bin") +
         ":/usr/local/sbin:/usr/sbin:/sbin";
}

}  // namespace relayspec
