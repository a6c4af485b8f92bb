// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over every file of a folder: the seeds, and every finding that was added to them, as a
// test of any build. A program with all targets takes the one that the folder is named after.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/claim.h"

#ifdef RELAYSPEC_ALL_TARGETS
#include "all_targets.h"  // all_targets[]: name and function, with an empty row at the end
#endif

namespace {

using Target = int (*)(const std::uint8_t*, std::size_t);

Target target_for([[maybe_unused]] const std::filesystem::path& folder) {
#ifdef RELAYSPEC_ALL_TARGETS
  for (const auto* row = all_targets; row->name; ++row) {
    if (folder.filename() == row->name) return row->function;
  }
  return nullptr;
#else
  return LLVMFuzzerTestOneInput;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const Target target = target_for(argv[1]);
  if (!target) {
    std::fprintf(stderr, "%s: no target has the name of the folder %s\n", argv[0], argv[1]);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::vector<char> octets(std::istreambuf_iterator<char>(stream), {});
    const std::vector<std::uint8_t> input(octets.begin(), octets.end());
    std::printf("%s\n", file.filename().c_str());
    std::fflush(stdout);  // the last line names the file that a claim fails on
    target(input.data(), input.size());
  }
  std::printf("%zu inputs\n", files.size());
  if (files.empty()) std::fprintf(stderr, "%s: no seeds in %s\n", argv[0], argv[1]);
  return files.empty() ? 1 : 0;
}
