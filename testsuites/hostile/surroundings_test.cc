// SPDX-License-Identifier: Apache-2.0
// The toolkit where something is missing that programs normally have: one line and the right status.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "testsuites/hostile/toolkit.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class OddSurroundings : public testing::Test {
 protected:
  OddSurroundings() {
    fs::create_directory(folder_);
    fs::permissions(folder_, fs::perms::all);
  }
  ~OddSurroundings() override { fs::remove_all(folder_); }

  /// What a shell script with the toolkit in $R, and this folder in use, prints, and its status.
  Ended shell(const std::string& script) const {
    Ended ended{.status = -1, .out = "", .err = ""};
    const std::string all = "cd " + folder_.string() + "; R=" RELAYSPEC "\n" + script;
    FILE* pipe = ::popen(all.c_str(), "r");
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) ended.out += static_cast<char>(c);
    ended.status = WEXITSTATUS(::pclose(pipe));
    return ended;
  }
  int status_of(const std::string& script) const { return shell(script).status; }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const fs::path folder_ = fs::temp_directory_path() / ("relayspec-around-" + std::to_string(::getpid()));
};

TEST_F(OddSurroundings, WithoutStderrTheStatusIsTheSame) {
  for (const char* stderr_is : {"2>&-", "2>/dev/full", "2>/dev/null"}) {
    SCOPED_TRACE(stderr_is);
    const std::string at_end = std::string(" ") + stderr_is;
    EXPECT_EQ(status_of("$R frob" + at_end), 2);
    EXPECT_EQ(status_of("$R run --relay ./missing.toml" + at_end), 2);
    EXPECT_EQ(status_of("$R list --suite hops >/dev/full" + at_end), 3);
    EXPECT_EQ(status_of("$R run --case hops/is-incremented-by-1 --out report >/dev/null" + at_end), 0);
    EXPECT_EQ(status_of("$R lab -- true" + at_end), 0);
    EXPECT_THAT(read("report/results.json"), StartsWith("{"));
  }
  EXPECT_THAT(shell("{ $R frob; echo $? >status; } 2>&1 | true; cat status").out, "2\n") << "nobody reads it";
}

TEST_F(OddSurroundings, WithoutStdoutOneLineSaysSo) {
  for (const char* command :
       {"list", "requirements", "relays", "explain hops/is-incremented-by-1", "list --format json"}) {
    const Ended ended = shell("exec 2>&1; $R " + std::string(command) + " >&-");
    EXPECT_EQ(ended.status, 3) << command;
    EXPECT_THAT(ended.out, MatchesRegex("relayspec: [^\n]*Bad file descriptor\n")) << command;
  }
}

TEST_F(OddSurroundings, WithoutAnyStreamNothingElseGetsTheWords) {
  EXPECT_EQ(status_of("$R run --case hops/is-incremented-by-1 --out report <&- >&- 2>&-"), 3);
  EXPECT_THAT(read("report/results.json"), AllOf(StartsWith("{"), EndsWith("}\n")));
}

TEST_F(OddSurroundings, WithoutAFurtherProcessOneLineSaysSo) {
  // A build with ASan looks for leaks in a further process.
  const std::string without_leaks = "exec 2>&1; ASAN_OPTIONS=detect_leaks=0 ";
  const std::string limited =
      without_leaks + (::geteuid() == 0
                           ? "setpriv --reuid 65533 --regid 65533 --clear-groups prlimit --nproc=1 $R "
                           : "prlimit --nproc=1 $R ");
  for (const char* command : {"run --case hops/is-incremented-by-1",
                              "run --case hops/is-incremented-by-1 --jobs 1", "lab -- true"}) {
    const Ended ended = shell(limited + command);
    EXPECT_EQ(ended.status, 3) << ended.out;
    EXPECT_THAT(ended.out, MatchesRegex("relayspec: [^\n]*Resource temporarily unavailable[^\n]*\n"));
  }
}

TEST_F(OddSurroundings, InARemovedFolderItWorks) {
  const std::string gone = "mkdir gone; cd gone; rmdir ../gone; exec 2>&1; $R ";
  EXPECT_EQ(status_of(gone + "list >/dev/null"), 0);
  EXPECT_EQ(status_of(gone + "run --case hops/is-incremented-by-1"), 0);
  for (const char* command : {"run --relay ./x.toml", "run --baseline x.toml", "run --out report"}) {
    const Ended ended = shell(gone + command);
    EXPECT_EQ(ended.status, 2) << ended.out;
    EXPECT_THAT(ended.out, MatchesRegex("relayspec: [^\n]*o such file[^\n]*\n"));
  }
}

TEST_F(OddSurroundings, ALimitOfFileSizesIsAnError) {
  const std::string limited = "exec 2>&1; prlimit --fsize=0 $R ";
  const Ended report = shell(limited + "run --case hops/is-incremented-by-1 --out report");
  EXPECT_NE(report.status, 0);
  EXPECT_THAT(report.out, AllOf(HasSubstr("relayspec: "), HasSubstr("File too large")));
  const Ended list = shell("prlimit --fsize=10 $R list 2>&1 >x");
  EXPECT_EQ(list.status, 3);
  EXPECT_THAT(list.out, MatchesRegex("relayspec: [^\n]*File too large\n"));
}

TEST_F(OddSurroundings, WhatARelaySaysIsCleanedOnStderrToo) {
  const std::string path = write("x.toml",
                                 "name = \"x\"\nversion = \"printf '\\\\033[31mred'\"\n"
                                 "start = \"printf '\\\\033[31mred\\\\007\\\\302\\\\233'; exit 3\"\n");
  const Ended ended = shell("$R run --case hops/is-incremented-by-1 --relay " + path + " 2>&1");
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("\\x1b[31mred\\x07\\x9b"), Not(HasSubstr("\x1b")),
                               Not(HasSubstr("\x07")), Not(HasSubstr("\xc2\x9b"))));
  const std::string odd = write("odd.toml", "name = \"a\\u009bb\"\nstart = 'exit 3'\n");
  const Ended named = shell("$R lab --relay " + odd + " 2>&1");
  EXPECT_THAT(named.out, AllOf(HasSubstr("a\\x9bb"), Not(HasSubstr("\xc2\x9b"))));
}

// A run writes captures only for what deviates, so the first of these has some.
TEST_F(OddSurroundings, OnlyOwnCapturesAreRemoved) {
  fs::create_directories(folder_ / "report/evidence");
  write("report/evidence/mine.pcapng", "not of this program");
  write("victim", "untouched");
  fs::create_symlink("../../victim", folder_ / "report/evidence/link.pcapng");
  fs::create_symlink("../victim", folder_ / "report/results.json.part");
  fs::create_symlink("../victim", folder_ / "report/summary.md");
  const std::string faulty = write(
      "faulty.toml",
      "name = 'x'\nfeatures = ['multi-downlink']\nstart = 'exec relayspec-faulty --fault crash-on-runt'\n");
  const std::string runts = "--case malformed/requests-without-all-fixed-fields-are-dropped >/dev/null 2>&1";
  EXPECT_EQ(status_of("$R run --out report --relay " + faulty + " " + runts), 1);
  const fs::path capture =
      folder_ / "report/evidence/malformed--requests-without-all-fixed-fields-are-dropped.pcapng";
  EXPECT_TRUE(fs::exists(capture));
  EXPECT_EQ(status_of("$R run --out report --case hops/is-incremented-by-1 >/dev/null 2>&1"), 0);
  EXPECT_FALSE(fs::exists(capture));
  EXPECT_EQ(read("report/evidence/mine.pcapng"), "not of this program");
  EXPECT_TRUE(fs::is_symlink(folder_ / "report/evidence/link.pcapng"));
  EXPECT_EQ(read("victim"), "untouched");
}

/// What a terminal of so many columns shows, without the sequences of colours.
class OnATerminal : public OddSurroundings {
 protected:
  std::string shows(const std::string& arguments, int columns, const std::string& term) const {
    return shell("export TERM=" + term + "; script -qec 'stty cols " + std::to_string(columns) +
                 "; " RELAYSPEC " " + arguments + "' /dev/null </dev/null")
        .out;
  }
};

TEST_F(OnATerminal, OfFortyColumnsNoLineIsWider) {
  std::string out = shows("run --relay dnsmasq --case \"hops/*\" --case \"security/*\"", 40, "xterm");
  std::size_t width = 0;
  bool in_sequence = false;
  for (const char c : out) {
    if (c == '\x1b') in_sequence = true;
    if (c == '\n' || c == '\r') width = 0;
    if (!in_sequence && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U && c != '\n' && c != '\r') ++width;
    if (in_sequence && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) in_sequence = false;
    ASSERT_LE(width, 40U) << out;
  }
  EXPECT_THAT(out, HasSubstr("[1/"));
}

TEST_F(OnATerminal, ThatIsDumbNothingIsRewritten) {
  const std::string out = shows("run --case \"hops/*\"", 80, "dumb");
  EXPECT_THAT(out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("[1/")), HasSubstr(" pass")));
}

}  // namespace
}  // namespace relayspec
