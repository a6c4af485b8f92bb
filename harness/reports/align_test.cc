// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/align.h"

#include <gtest/gtest.h>

#include <random>

#include "relayspec/harness/frame.h"

namespace relayspec {
namespace {

/// Each pair as two characters, "." for a gap: "aa b." is an octet of both, and one that was lost.
std::string shown(const std::string& expected, const std::string& observed) {
  const auto octets = [](const std::string& s) { return Bytes(s.begin(), s.end()); };
  std::string text;
  const auto side = [](const std::optional<std::uint8_t>& o) { return o ? static_cast<char>(*o) : '.'; };
  for (const OctetPair& p : aligned(octets(expected), octets(observed))) {
    text += (text.empty() ? "" : " ") + std::string(1, side(p.expected)) + side(p.observed);
    EXPECT_EQ(p.differs(), p.expected != p.observed);
  }
  return text;
}

TEST(Aligned, PutsEqualOctetsSideBySide) {
  EXPECT_EQ(shown("abc", "abc"), "aa bb cc");
  EXPECT_EQ(shown("abc", "axc"), "aa bx cc");
  EXPECT_EQ(shown("abcd", "acd"), "aa b. cc dd");
  EXPECT_EQ(shown("acd", "abcd"), "aa .b cc dd");
  EXPECT_EQ(shown("abcdef", "axcef"), "aa bx cc d. ee ff");
  EXPECT_EQ(shown("", "ab"), ".a .b");
  EXPECT_EQ(shown("ab", ""), "a. b.");
  EXPECT_EQ(shown("", ""), "");
}

TEST(Aligned, LosesNoOctetOfEither) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Bytes a(random() % 40), b(random() % 40);
    for (Bytes* side : {&a, &b}) {
      for (std::uint8_t& o : *side) o = static_cast<std::uint8_t>(random() % 3);
    }
    Bytes left, right;
    for (const OctetPair& p : aligned(a, b)) {
      EXPECT_TRUE(p.expected || p.observed);
      if (p.expected) left.push_back(*p.expected);
      if (p.observed) right.push_back(*p.observed);
    }
    EXPECT_EQ(left, a);
    EXPECT_EQ(right, b);
  }
}

TEST(Aligned, OfLongMessagesStaysAtTheSamePlace) {
  Bytes a(9000, 1), b(9000, 2);
  a.front() = b.front() = 0;
  const auto pairs = aligned(a, b);
  ASSERT_EQ(pairs.size(), 9000U);
  EXPECT_FALSE(pairs[0].differs());
  EXPECT_EQ(pairs[8999].expected, 1);
  EXPECT_EQ(pairs[8999].observed, 2);
}

}  // namespace
}  // namespace relayspec
