// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "harness/reports/testing.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Files, AreAllWrittenAndOldEvidenceGoes) {
  const fs::path dir = fresh_directory();
  fs::create_directories(dir / "evidence");
  std::ofstream(dir / "evidence" / "old.pcapng") << pcapng(made_up_run().cases[1]);
  std::ofstream(dir / "evidence" / "other.pcapng") << "x";
  std::ofstream(dir / "evidence" / "mine.txt") << "x";
  prepare_report_directory(dir);
  EXPECT_FALSE(fs::exists(dir / "evidence" / "old.pcapng"));
  EXPECT_TRUE(fs::exists(dir / "evidence" / "mine.txt"));
  EXPECT_TRUE(fs::exists(dir / "evidence" / "other.pcapng"));
  write_reports(made_up_run(), dir);
  for (const char* file : {"results.json", "junit.xml", "summary.md", "report.html"}) {
    EXPECT_GT(fs::file_size(dir / file), 0U) << file;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(dir), {}), 5);  // nothing half-written
  fs::remove_all(dir);
}

std::string complaint(const fs::path& dir) {
  try {
    prepare_report_directory(dir);
    write_reports(made_up_run(), dir);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Files, OwnCapturesAreKnownByTheirHeader) {
  const std::string own = pcapng(made_up_run().cases[1]);
  EXPECT_TRUE(is_own_capture(own));
  for (std::size_t n = 0; n < 40; ++n) EXPECT_FALSE(is_own_capture(own.substr(0, n))) << n;
  std::string other = own;
  other[other.find("relayspec ")] = 'x';
  EXPECT_FALSE(is_own_capture(other));
}

TEST(Files, NoLinkIsFollowed) {
  const fs::path dir = fresh_directory(), target = dir / "target";
  fs::create_directories(target);
  fs::create_directory(dir / "out");
  fs::create_directory_symlink(target, dir / "link");
  EXPECT_THROW(prepare_report_directory(dir / "link"), InputError);
  EXPECT_THROW(prepare_report_directory(dir / "link" / ""), InputError);
  fs::create_directory_symlink(target, dir / "out" / "evidence");
  EXPECT_THROW(prepare_report_directory(dir / "out"), InputError);
  EXPECT_TRUE(fs::is_empty(target));
  fs::remove_all(dir);
}

TEST(Files, WhatCannotBeWrittenIsOneLineThatSaysWhatToDo) {
  const fs::path file = fresh_directory();
  std::ofstream(file) << "in the way";
  EXPECT_THAT(complaint(file), AllOf(StartsWith(file.string()), HasSubstr("--out"), Not(HasSubstr("\n"))));
  fs::remove(file);
  EXPECT_THAT(complaint("/proc/relayspec"), StartsWith("/proc/relayspec: cannot be written"));
}

}  // namespace
}  // namespace relayspec
