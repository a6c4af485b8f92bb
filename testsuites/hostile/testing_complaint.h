// SPDX-License-Identifier: Apache-2.0
// What the tests of wrong input share: one clean line that says what is wrong, where, and what to do about
// it, and status 2.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "testsuites/hostile/toolkit.h"

namespace relayspec {

using Words = std::vector<std::string>;

inline const std::string long_word(100'000, 'x');
inline const std::string long_text = [] {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "word ";
  return text;
}();
/// No name of anything.
inline const Words not_words = {"frob",     " ",        "*",    "RFC",     "rfc ",   "rfc,strict",
                                "\x1b[31m", "\xff\xfe", "a\nb", long_word, long_text};

/// Runs the toolkit with these arguments and expects a complaint that names the place (its first 60 octets).
inline void expect_complaint(const Words& arguments, const std::string& where) {
  std::string shown;
  for (const std::string& a : arguments) shown += " " + a.substr(0, 100);
  SCOPED_TRACE(shown);
  const Ended ended = relayspec_in_a_copy(arguments);
  EXPECT_EQ(ended.status, 2) << ended.err.substr(0, 500);
  EXPECT_EQ(ended.out, "");
  EXPECT_TRUE(ended.err.starts_with("relayspec: ") && ended.err.ends_with("\n")) << ended.err.substr(0, 500);
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err.substr(0, 500);
  EXPECT_LT(ended.err.size(), 1200U) << "what is long is cut";
  const auto is_control = [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; };
  EXPECT_TRUE(std::none_of(ended.err.begin(), ended.err.end(), is_control)) << ended.err;
  EXPECT_NE(ended.err.find(where.substr(0, 60)), std::string::npos)
      << where.substr(0, 60) << " in " << ended.err;
  // The remedy: another value, a command that shows what there is, what has to be there instead.
  EXPECT_TRUE(std::regex_search(
      ended.err,
      std::regex("; |known features|shows them all|not valid TOML: |must |did you mean|there are|takes no "
                 "value|belongs? behind|expected|give a|not in ")))
      << ended.err;
}

}  // namespace relayspec
