// SPDX-License-Identifier: Apache-2.0
// What a user must get for a file that is wrong: one line that a terminal shows as it is, and that begins
// with the file's name.
#pragma once

#include <algorithm>
#include <string>

#include "fuzz/claim.h"
#include "harness/text.h"

namespace relayspec::fuzz {

inline constexpr const char* file_name = "input";

/// Valid UTF-8 in one line, without control characters.
inline bool is_one_clean_line(const std::string& text) {
  const bool controls =
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return !text.empty() && !controls && clean(text) == text;
}

/// "FILE: what", or "FILE:LINE: what".
inline bool is_complaint(const std::string& text) {
  return is_one_clean_line(text) && text.starts_with(std::string(file_name) + ":");
}

/// "FILE:LINE: what"
inline bool is_complaint_with_line(const std::string& text) {
  const std::size_t number = std::string(file_name).size() + 1;
  const std::size_t behind = std::min(text.find_first_not_of("0123456789", number), text.size());
  return is_complaint(text) && behind > number && text[number] != '0' && text.compare(behind, 2, ": ") == 0 &&
         text.size() > behind + 2;
}

}  // namespace relayspec::fuzz
