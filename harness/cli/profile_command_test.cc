// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/testing_cases.h"

namespace relayspec::toy_cases {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ProfileCommand, WritesTheProfileToStdoutAndWhatIsOpenToStderr) {
  const Said said = program({"profile", "dhcrelay", "-4", "-d", "-id", "eth1", "-iu", "eth0", "10.9.0.2"});
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, AllOf(HasSubstr("name = \"dhcrelay\"\n"), HasSubstr("-iu \"$RELAY_UPLINK\"\n")));
  EXPECT_THAT(said.err,
              AllOf(StartsWith("relayspec: note: "), HasSubstr("relayspec run --relay isc-dhcrelay")));
}

TEST(ProfileCommand, OptionsBehindTheProgramAreTheRelays) {
  const Said said = program({"profile", "x", "--help", "--version", "--strict=1"});
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, HasSubstr("set -- \"$@\" --help --version --strict=1\n"));
}

TEST(ProfileCommand, NeedsAProgram) {
  for (const Said& said : {program({"profile"}), program({"profile", "--"}), program({"profile", "-d"})}) {
    EXPECT_EQ(said.status, 2);
    EXPECT_THAT(said.out, IsEmpty());
    EXPECT_THAT(said.err, StartsWith("relayspec: profile: there is no program to start"));
  }
}

TEST(RunCheck, RefusesWhatARunRefuses) {
  EXPECT_EQ(program({"run", "--check", "--relay", "./no-such.toml"}).status, 2);
  EXPECT_EQ(program({"run", "--check", "--dialect", "proxy", "--relay", "dnsmasq"}).status, 2);
  EXPECT_EQ(program({"run", "--check=1"}).status, 2);
}

}  // namespace
}  // namespace relayspec::toy_cases
