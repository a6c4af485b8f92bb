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
  std::ofstream(dir / "evidence" / "old.pcapng") << "x";
  std::ofstream(dir / "evidence" / "mine.txt") << "x";
  prepare_report_directory(dir);
  EXPECT_FALSE(fs::exists(dir / "evidence" / "old.pcapng"));
  EXPECT_TRUE(fs::exists(dir / "evidence" / "mine.txt"));
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

TEST(Files, WhatCannotBeWrittenIsOneLineThatSaysWhatToDo) {
  const fs::path file = fresh_directory();
  std::ofstream(file) << "in the way";
  EXPECT_THAT(complaint(file), AllOf(StartsWith(file.string()), HasSubstr("--out"), Not(HasSubstr("\n"))));
  fs::remove(file);
  EXPECT_THAT(complaint("/proc/relayspec"), StartsWith("/proc/relayspec: cannot be written"));
}

}  // namespace
}  // namespace relayspec
