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

}  // namespace
}  // namespace relayspec
