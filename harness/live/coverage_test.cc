// SPDX-License-Identifier: Apache-2.0
#include "harness/live/coverage.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "relayspec/harness/frame.h"
#include "relayspec/harness/link.h"

namespace relayspec::live {
namespace {

namespace fs = std::filesystem;

TEST(Places, TellsRangesOfCountsApart) {
  Places places;
  Bytes counters(Coverage::size);
  EXPECT_FALSE(places.note(counters));
  std::vector<unsigned> new_ones;
  for (unsigned count = 1; count < 256; ++count) {
    counters[7] = static_cast<std::uint8_t>(count);
    if (places.note(counters)) new_ones.push_back(count);
  }
  EXPECT_THAT(new_ones, testing::ElementsAre(1, 2, 3, 4, 8, 16, 32, 128));
  EXPECT_EQ(places.count(), 1U);
  counters[8] = 1;
  EXPECT_TRUE(places.note(counters));
  EXPECT_EQ(places.count(), 2U);
}

/// Stands for a relay's root directory.
class CoverageTest : public testing::Test {
 protected:
  CoverageTest() { fs::create_directories(root_ + "/run"); }
  ~CoverageTest() override { fs::remove_all(root_); }
  void write(const std::string& counters) const { std::ofstream(root_ + Coverage::file) << counters; }

  std::string root_ = testing::TempDir() + "coverage-" + std::to_string(::getpid());
};

TEST_F(CoverageTest, ReadsTheCountersAndStartsThemAgain) {
  write(std::string("\0\1\0\5", 4));
  Coverage c;
  c.follow(root_);
  EXPECT_TRUE(c.look());
  EXPECT_EQ(c.places(), 2U);
  std::ifstream in(root_ + Coverage::file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), std::string(4, '\0'));
  EXPECT_FALSE(c.look());
}

TEST_F(CoverageTest, ARelayWithoutTheFileIsNamed) {
  Coverage c;
  EXPECT_THROW(c.follow(root_), LabError);
}

TEST_F(CoverageTest, DoesNotFollowALinkOutOfTheRelay) {
  const std::string other = root_ + "/other";
  std::ofstream(other) << "\1\1";
  fs::create_symlink(other, root_ + Coverage::file);
  Coverage c;
  EXPECT_THROW(c.follow(root_), LabError);
}

TEST_F(CoverageTest, AFileThatWasCutCountsNothing) {
  write("");
  Coverage c;
  c.follow(root_);
  EXPECT_FALSE(c.look());
}

}  // namespace
}  // namespace relayspec::live
