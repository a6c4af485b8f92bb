// SPDX-License-Identifier: Apache-2.0
// Colours for a terminal, or none, and the table that is printed with them.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>

#include "harness/reports/digest.h"

namespace relayspec {

struct Paint {
  bool colour = false;

  std::string bold(const std::string& s) const { return with("1", s); }
  std::string dim(const std::string& s) const { return with("2", s); }
  std::string verdict(Verdict v, const std::string& s) const {
    constexpr std::array<const char*, verdict_count> codes = {"32", "1;31", "33", "36", "2", "1;35"};
    return with(codes[index(v)], s);
  }

 private:
  std::string with(const char* code, const std::string& s) const {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, s) : s;
  }
};

/// How many cases of each suite fail, are in error, and warn: only the suites that have any, side by side as
/// far as the width allows, to be read downwards. Empty when there is no such suite.
std::string suite_columns(const RunResult&, const Paint&, std::size_t width);

}  // namespace relayspec
