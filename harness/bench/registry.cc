// SPDX-License-Identifier: Apache-2.0
// The cases that are linked into the program.
#include <algorithm>
#include <string_view>
#include <tuple>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

// Filled while the program is loaded, and not changed after that.
std::vector<CaseEntry>& entries() {
  static std::vector<CaseEntry> all;
  return all;
}

}  // namespace

bool register_case(const CaseEntry& entry) {
  entries().push_back(entry);
  return true;
}

const std::vector<CaseEntry>& registered_cases() {
  static const std::vector<CaseEntry> in_order = [] {
    std::vector<CaseEntry> all = entries();
    const auto place = [](const CaseEntry& e) { return std::tuple(std::string_view(e.file), e.line); };
    std::sort(all.begin(), all.end(),
              [&](const CaseEntry& a, const CaseEntry& b) { return place(a) < place(b); });
    return all;
  }();
  return in_order;
}

}  // namespace relayspec
