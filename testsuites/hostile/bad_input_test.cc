// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong with what the toolkit was given: one line that says what, where and how to fix it, and
// status 2.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "testsuites/hostile/toolkit.h"

namespace relayspec {
namespace {

void expect_bad_input(const std::vector<std::string>& arguments, const std::string& line) {
  const Ended ended = relayspec(arguments);
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "relayspec: " + line + "\n");
}

TEST(BadInput, AnUnknownCommand) {
  expect_bad_input({"frob"},
                   "unknown command 'frob'; there are run, list, explain, requirements, relays, lab, "
                   "compare, fuzz, replay, "
                   "profile");
}

TEST(BadInput, AnUnknownFlag) {
  expect_bad_input({"run", "--frob"},
                   "The following argument was not expected: --frob; see 'relayspec --help'");
}

TEST(BadInput, AnUnknownRelay) {
  expect_bad_input(
      {"run", "--relay", "frob"},
      "unknown relay 'frob'. Shipped profiles: busybox-dhcprelay, dhcp-helper, dnsmasq, dnsmasq-uplink, "
      "freeradius, isc-dhcrelay, isc-dhcrelay-i, reference, systemd-networkd; the path of a profile of your "
      "own holds a '/' or ends in .toml");
}

TEST(BadInput, AMissingProfile) {
  expect_bad_input({"run", "--relay", "./frob.toml"},
                   "./frob.toml: cannot be read: no such file; check the path");
}

TEST(BadInput, AnUnknownSuite) {
  const Ended ended = relayspec({"run", "--suite", "frob"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, testing::StartsWith(
                             "relayspec: --suite frob: there is no such suite; there are agent-flags, "));
}

TEST(BadInput, AnUnknownCase) {
  expect_bad_input({"run", "--case", "hops/frob"},
                   "--case hops/frob: no case has such an id; 'relayspec list' shows them all");
}

TEST(BadInput, AnUnknownDialect) {
  expect_bad_input({"run", "--dialect", "frob"},
                   "--dialect: frob not in {rfc,strict,proxy}; see 'relayspec --help'");
}

TEST(BadInput, AnUnknownFeature) {
  expect_bad_input({"lab", "--feature", "frob"},
                   "--feature frob: there is no such feature; 'relayspec relays' lists those of each relay");
}

TEST(BadInput, AnImpossibleNumber) {
  expect_bad_input({"run", "--jobs", "0"},
                   "--jobs: give a number from 1 to 64, not '0'; see 'relayspec --help'");
}

TEST(BadInput, AFolderThatCannotBeWritten) {
  expect_bad_input({"run", "--out", "/dev/null/report"},
                   "/dev/null/report: cannot be written: Not a directory; name another directory with --out");
}

TEST(BadInput, ADialectThatTheRelayDoesNotOffer) {
  const Ended ended = relayspec({"run", "--relay", "dnsmasq", "--dialect", "proxy"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, testing::HasSubstr("does not list the feature server-id-rewrite"));
}

TEST(BadInput, AFullDiskBehindStdout) {
  const Ended ended = relayspec({"lab", "--", "sh", "-c", std::string(RELAYSPEC) + " list >/dev/full"});
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.err, testing::HasSubstr("No space left on device"));
}

/// A profile with something wrong in it: the line names file and line.
class BadProfile : public testing::Test {
 protected:
  ~BadProfile() override { std::filesystem::remove(path_); }

  void expect(const std::string& text, const std::string& complaint) {
    std::ofstream(path_) << text;
    expect_bad_input({"run", "--relay", path_.string()}, path_.string() + ":" + complaint);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("relayspec-bad-" + std::to_string(::getpid()) + ".toml");
};

TEST_F(BadProfile, WithAnUnknownKey) {
  expect("name = 'x'\nstrat = 'exec x'\n", "2: unknown key 'strat' in the profile; did you mean 'start'?");
}

TEST_F(BadProfile, WithAWrongType) {
  expect("name = 'x'\nstart = 7\n", "2: 'start' must be a string, not an integer");
}

TEST_F(BadProfile, WithAShellError) {
  expect("name = 'x'\nstart = 'if then'\n",
         "2: 'start' is not valid shell: line 1: Syntax error: \"then\" unexpected; try it with sh -n");
}

TEST_F(BadProfile, ThatIsNotToml) {
  expect("name = \n", "1: not valid TOML: Error while parsing key-value pair: expected value, saw '\\n'");
}

TEST_F(BadProfile, WithoutAStart) {
  expect("name = 'x'\n", "1: the profile has no 'start'; add start = \"…\"");
}

/// A baseline that names what does not exist, which would accept nothing.
TEST(BadInput, ABaselineForAnUnknownCase) {
  const auto path =
      std::filesystem::temp_directory_path() / ("relayspec-baseline-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << "[[accepted]]\ncase = 'giaddr/frob'\nreason = 'x'\n";
  expect_bad_input({"run", "--baseline", path.string()},
                   path.string() + ":2: there is no case 'giaddr/frob'; 'relayspec list' shows them all");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace relayspec
