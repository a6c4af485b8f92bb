// SPDX-License-Identifier: Apache-2.0
// What a profile says of its relay, seen from outside the toolkit.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>

#include "testsuites/hostile/toolkit.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ProfileKeys : public testing::Test {
 protected:
  ProfileKeys() { fs::create_directory(folder_); }
  ~ProfileKeys() override { fs::remove_all(folder_); }

  /// The path of a profile of the reference relay with further lines, started by this program.
  std::string profile(const std::string& lines, const std::string& program = "relayspec-relay") const {
    const fs::path path = folder_ / "x.toml";
    std::ofstream(path) << "name = 'x'\nfeatures = ['multi-downlink']\nversion = '" << program
                        << " --version'\n"
                        << lines << "start = '''\nexec " << program
                        << " --uplink $RELAY_UPLINK --server $RELAY_SERVERS --downlink downlink0 --downlink "
                           "downlink1\n'''\n";
    return path;
  }

  fs::path folder_ = fs::temp_directory_path() / ("relayspec-profile-" + std::to_string(::getpid()));
};

// The version command finds it there, so the lab has to as well.
TEST_F(ProfileKeys, ARelayOnTheCallersPathIsStarted) {
  const fs::path program = folder_ / "relay-on-the-path";
  std::ofstream(program) << "#!/bin/sh\nexec relayspec-relay \"$@\"\n";
  fs::permissions(program, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read |
                               fs::perms::group_exec | fs::perms::group_read);
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (before + ":" + folder_.string()).c_str(), 1);
  const Ended ended =
      relayspec({"run", "--relay", profile("", "relay-on-the-path"), "--case", "hops/is-incremented-by-1"});
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(ended.status, 0) << ended.err;
}

Ended in_user_namespace(const std::string& arguments) {
  Ended ended{.status = -1, .out = "", .err = ""};
  const std::string command = "unshare --user --map-root-user " RELAYSPEC " " + arguments + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) ended.out += static_cast<char>(c);
  ended.status = WEXITSTATUS(::pclose(pipe));
  return ended;
}

TEST_F(ProfileKeys, ARelayThatNeedsRootIsRefusedInAUserNamespace) {
  const std::string path = profile("unprivileged = false\n");
  for (const char* command : {"run --case hops/is-incremented-by-1 --relay ", "lab --relay "}) {
    const Ended ended = in_user_namespace(command + path);
    EXPECT_EQ(ended.status, 3);
    EXPECT_EQ(
        ended.out,
        "relayspec: relay x needs root, as its profile says (unprivileged = false): run it with sudo\n");
  }
}

TEST_F(ProfileKeys, ARelayThatNeedsNoRootIsStartedThere) {
  const Ended ended =
      in_user_namespace("run --case hops/is-incremented-by-1 --relay " + profile("unprivileged = true\n"));
  EXPECT_EQ(ended.status, 0) << ended.out;
}

// The reference relay is started plain, so it passes up to 4 (RFC 1542, section 4.1.1).
TEST_F(ProfileKeys, AHopLimitOtherThanTheStatedOneIsNoted) {
  const std::string found = "requests of up to 4 hops are relayed by default";
  const auto said = [&](const std::string& lines) {
    // Without the line breaks that the width of a terminal makes.
    return std::regex_replace(relayspec({"run", "--relay", profile(lines), "--case",
                                         "fields/default-hop-limit-is-a-choice", "--verbose"})
                                  .out,
                              std::regex("\\s+"), " ");
  };
  EXPECT_THAT(said("max_hops_default = 9\n"), HasSubstr(found + "; the profile says up to 9"));
  for (const char* lines : {"max_hops_default = 4\n", ""}) {
    const std::string out = said(lines);
    EXPECT_THAT(out, HasSubstr(found));
    EXPECT_THAT(out, testing::Not(HasSubstr("the profile says")));
  }
}

}  // namespace
}  // namespace relayspec
