// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>

#include "harness/cli/lab.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;

TEST(LabCommand, RunsAShellUnlessAsked) {
  EXPECT_THAT(command_of({.features = {}, .command = {"ip", "address"}}), ElementsAre("ip", "address"));
  const char* const kept = std::getenv("SHELL");
  const std::string shell = kept ? kept : "";
  ::setenv("SHELL", "/bin/zsh", 1);
  EXPECT_THAT(command_of({}), ElementsAre("/bin/zsh"));
  ::setenv("SHELL", "", 1);
  EXPECT_THAT(command_of({}), ElementsAre("/bin/sh"));
  ::unsetenv("SHELL");
  EXPECT_THAT(command_of({}), ElementsAre("/bin/sh"));
  if (kept) ::setenv("SHELL", shell.c_str(), 1);
}

TEST(LabCommand, EndsAsItsCommandDid) {
  EXPECT_EQ(exit_status_of(W_EXITCODE(3, 0)), 3);
  EXPECT_EQ(exit_status_of(W_EXITCODE(0, SIGTERM)), 128 + SIGTERM);
}

TEST(LabPlan, SaysWhoIsWhere) {
  Profile profile;
  profile.name = "toy";
  const Topology& t = Topology::documentation();
  EXPECT_EQ(lab_plan(profile, {.option82 = true}, t),
            "relay toy runs (option82):\n"
            "  downlink0  " +
                t[Segment::downlink0].relay.ipv4.to_string() +
                "\n"
                "  downlink1  " +
                t[Segment::downlink1].relay.ipv4.to_string() +
                "\n"
                "  uplink0    " +
                t[Segment::uplink].relay.ipv4.to_string() +
                "\n"
                "You are in the first client network; the interface towards the relay is eth0. Servers' "
                "addresses are " +
                t.servers[0].ipv4.to_string() + " to " + t.servers[3].ipv4.to_string() +
                ":\n"
                "  nsenter --net=$RELAYSPEC_SERVER_NET COMMAND    runs COMMAND on the servers' host\n"
                "The lab is removed when this command ends.\n");
}

}  // namespace
}  // namespace relayspec
