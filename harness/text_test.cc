// SPDX-License-Identifier: Apache-2.0
#include "harness/text.h"

#include <gtest/gtest.h>

namespace relayspec {
namespace {

using namespace std::string_literals;

TEST(Text, KeepsWhatIsFitToPrint) { EXPECT_EQ(clean("a\tb\nä€😀"), "a\tb\nä€😀"); }

TEST(Text, ControlCharactersBecomeVisible) {
  EXPECT_EQ(clean("\x1b[31m\r\0\x7f"s), "\\x1b[31m\\x0d\\x00\\x7f");
  EXPECT_EQ(clean("\xC2\x9B"), "\\x9b");  // the one-octet CSI of ISO 6429
}

TEST(Text, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(clean("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(clean("\xC0\x80"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(clean("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // surrogate
  EXPECT_EQ(clean("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
  EXPECT_EQ(clean("\xE2\x82"), "\uFFFD\uFFFD");                      // cut short
  EXPECT_EQ(clean("\xEF\xBF\xBF"), "\uFFFD");                        // not an XML character
}

TEST(Text, MarkupIsEscaped) {
  EXPECT_EQ(escape_markup("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
}

TEST(Text, LinesAreJoinedOrIndented) {
  EXPECT_EQ(one_line("a\nb"), "a b");
  EXPECT_EQ(indent_rest("a\nb\n\n", 2), "a\n  b");
}

TEST(Text, ColumnsAreCharactersWithoutColours) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("ä€😀"), 3U);
  EXPECT_EQ(columns("\x1b[1;31mfail\x1b[0m"), 4U);
}

TEST(Text, LinesAreWrappedAtSpaces) {
  EXPECT_EQ(wrap("aaa bbb ccc", 7, 2), "aaa bbb\n  ccc");
  EXPECT_EQ(wrap("aaa bbb ccc", 6, 2), "aaa\n  bbb\n  ccc");
  EXPECT_EQ(wrap("aaa bbb", 80, 2), "aaa bbb");
  EXPECT_EQ(wrap("ääää €€€", 8, 0), "ääää €€€");
  EXPECT_EQ(wrap("", 80, 2), "");
}

TEST(Text, SpacesStayWithinALineAndGoAtItsEnd) {
  EXPECT_EQ(wrap("a   bb", 80, 2), "a   bb");
  EXPECT_EQ(wrap("  aaa  bbb", 6, 2), "  aaa\n  bbb");
}

TEST(Text, AWordThatIsTooWideIsLeftWhole) {
  EXPECT_EQ(wrap("abc evidence/long.pcapng b", 8, 2), "abc\n  evidence/long.pcapng\n  b");
  EXPECT_EQ(wrap("a evidence/long.pcapng", 8, 2), "a evidence/long.pcapng");  // a break gains no room
}

TEST(Text, AMessageIsOneLineOfBoundedLength) {
  EXPECT_EQ(message_line("a\nb \x1b[31m"), "a b \\x1b[31m");
  EXPECT_EQ(columns(message_line("a " + std::string(100'000, 'x') + " b")), 2U + 120U + 2U);
  std::string words;
  for (int i = 0; i < 10'000; ++i) words += "word ";
  const std::string cut = message_line("front " + words + "end");
  EXPECT_LT(cut.size(), 1010U);
  EXPECT_TRUE(cut.starts_with("front word") && cut.ends_with("word end")) << cut;
}

TEST(Text, WhatDoesNotFitIsCut) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdef", 5), "abcd…");
  EXPECT_EQ(shortened("ab cdef", 4), "ab…");
  EXPECT_EQ(shortened("äöüßäöü", 4), "äöü…");
}

}  // namespace
}  // namespace relayspec
