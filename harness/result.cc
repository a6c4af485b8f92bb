// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/result.h"

namespace relayspec {

std::string_view name(Verdict v) {
  constexpr std::array<std::string_view, verdict_count> names = {"pass", "fail", "warn",
                                                                 "note", "skip", "error"};
  return names[static_cast<std::size_t>(v)];
}

std::array<std::size_t, verdict_count> RunResult::counts() const {
  std::array<std::size_t, verdict_count> counts{};
  for (const CaseResult& c : cases) ++counts[static_cast<std::size_t>(c.verdict)];
  return counts;
}

}  // namespace relayspec
