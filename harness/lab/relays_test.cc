// SPDX-License-Identifier: Apache-2.0
#include "harness/relays.h"

#include <gmock/gmock.h>

#include "harness/data.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;

Profile with_version(const std::string& command, const std::string& package = "") {
  Profile p;
  p.name = "x";
  p.title = "X";
  p.version_command = command;
  p.package = package;
  return p;
}

TEST(Relays, VersionIsTheFirstLine) {
  EXPECT_EQ(relay_version(with_version("echo one 1.0; echo two")), "one 1.0");
  EXPECT_EQ(relay_status(with_version("echo one 1.0; echo two")).version, "one 1.0");
}

// Many old daemons print their version and exit with 1.
TEST(Relays, VersionMayComeWithAFailure) {
  EXPECT_EQ(relay_version(with_version("echo 4.4; exit 1")), "4.4");
}

TEST(Relays, ControlCharactersOfAVersionDoNotReachTheTerminal) {
  EXPECT_EQ(relay_version(with_version("printf '1\\0332'")), "1\\x1b2");
}

TEST(Relays, MissingProgramNamesItsPackage) {
  const RelayStatus status = relay_status(with_version("no-such-relay --version 2>&1", "no-such-package"));
  EXPECT_EQ(status.missing, "not found: apt-get install no-such-package");
  EXPECT_FALSE(relay_version(status.profile).has_value());
  EXPECT_THAT(relays_table({status}), HasSubstr("apt-get install no-such-package"));
}

TEST(Relays, MissingProgramWithoutPackageSaysWhatTheShellSaid) {
  EXPECT_THAT(relay_status(with_version("no-such-relay")).missing, HasSubstr("no-such-relay"));
}

TEST(Relays, WithoutVersionCommandNothingSpeaksAgainstIt) {
  EXPECT_EQ(relay_status(with_version("")).missing, "");
  EXPECT_FALSE(relay_version(with_version("")).has_value());
}

TEST(Relays, VersionCommandHasTheEnvironmentOfTheProfile) {
  Profile profile = with_version("echo \"$FLAVOUR in $PATH\"");
  profile.env = {{"FLAVOUR", "plain"}, {"PATH", "/opt/x/bin"}};
  EXPECT_EQ(relay_version(profile), "plain in " + program_directory().string() + ":/opt/x/bin");
}

TEST(Relays, WithoutAPathOfItsOwnAProfileHasTheCallersPath) {
  EXPECT_EQ(relay_environment({}).at("PATH"), search_path());
}

TEST(Relays, TableShowsTheHomepageWhereThereIsOne) {
  RelayStatus status = relay_status(with_version("echo 1"));
  EXPECT_EQ(relays_table({status}), "x  X  ready  1\n   features: none\n");
  status.profile.homepage = "https://example.net/";
  EXPECT_EQ(relays_table({status}), "x  X  ready  1\n   features: none\n   https://example.net/\n");
}

TEST(Relays, ARelayThatNeedsRootIsReadyForRootAlone) {
  Profile profile = with_version("echo 1");
  profile.unprivileged = false;
  const RelayStatus status = relay_status(profile);
  EXPECT_EQ(status.missing, is_privileged() ? "" : "needs root: run relayspec with sudo");
  EXPECT_EQ(status.version, is_privileged() ? "1" : "");
}

TEST(Relays, SurveyHasEveryShippedProfileWithAVerdict) {
  const auto relays = survey_relays();
  EXPECT_EQ(relays.size(), shipped_profiles().size());
  for (const RelayStatus& r : relays) EXPECT_NE(r.version.empty(), r.missing.empty()) << r.profile.name;
}

}  // namespace
}  // namespace relayspec
