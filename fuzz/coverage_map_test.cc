// SPDX-License-Identifier: Apache-2.0
// This program is built as a relay is for `relayspec fuzz --coverage`: it starts itself with and without an
// argument, and looks at what has been counted.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr std::size_t size = 65536;

std::string file() { return testing::TempDir() + "coverage_map_test"; }

[[gnu::noinline]] bool goes_one_way() { return std::getenv("PATH") != nullptr; }
[[gnu::noinline]] bool goes_another_way() { return std::getenv("PATH") != nullptr; }

std::string counters_of(const std::string& word) {
  std::ofstream(file()) << std::string(size, '\0');
  const std::string self = "/proc/" + std::to_string(::getpid()) + "/exe";
  EXPECT_EQ(std::system(("RELAYSPEC_COVERAGE='" + file() + "' " + self + " --way=" + word).c_str()), 0);
  std::ifstream in(file());
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(CoverageMap, CountsWhereAProgramHasBeenAlikeInEachProcess) {
  const std::string one = counters_of("one"), again = counters_of("one"), other = counters_of("two");
  ASSERT_EQ(one.size(), size);
  EXPECT_LT(std::ranges::count(one, '\0'), static_cast<std::ptrdiff_t>(size)) << "nothing was counted";
  EXPECT_TRUE(one == again);
  EXPECT_TRUE(one != other);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string last = argv[argc - 1], option = "--way=";
  if (last.starts_with(option)) return (last == option + "one" ? goes_one_way() : goes_another_way()) ? 0 : 1;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
