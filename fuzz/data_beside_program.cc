// SPDX-License-Identifier: Apache-2.0
// In place of harness/data.cc where the fuzz targets are all that there is (ci/ossfuzz): data stands beside
// them.
#include <cstdlib>

#include "harness/data.h"

namespace relayspec {

std::filesystem::path program_directory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path data_directory() { return program_directory() / "share" / "relayspec"; }

std::string search_path() {
  const char* inherited = std::getenv("PATH");
  return inherited ? inherited : "/usr/bin:/bin";
}

}  // namespace relayspec
