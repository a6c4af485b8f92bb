// SPDX-License-Identifier: Apache-2.0
// Octets written down for people, for tests and for the seeds of the fuzzers: "63 82", "00*64" for 64 times
// the octet, a semicolon and what follows it up to the end of the line for a remark.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace relayspec::relay {

using Octets = std::vector<std::uint8_t>;

inline Octets hex(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  Octets octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ';') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (text[i] == '*') {
      std::size_t times = 0;
      while (i + 1 < text.size() && digit(text[i + 1]) >= 0)
        times = times * 10 + static_cast<std::size_t>(digit(text[++i]));
      octets.insert(octets.end(), times - 1, octets.back());
    } else if (digit(text[i]) >= 0 && i + 1 < text.size()) {
      octets.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
      ++i;
    }
  }
  return octets;
}

}  // namespace relayspec::relay
