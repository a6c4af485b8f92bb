// SPDX-License-Identifier: Apache-2.0
#include "harness/profile_draft.h"

#include <gmock/gmock.h>

#include <sstream>

namespace relayspec {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProfileDraft draft(const std::string& line, const std::vector<Profile>& known = {}) {
  std::istringstream in(line);
  return draft_profile({std::istream_iterator<std::string>(in), {}}, known);
}

Profile profile_of(const std::string& line) { return parse_profile(draft(line).toml, "draft.toml"); }

TEST(ProfileDraft, OfOptionsForEachSide) {
  const Profile p = profile_of("dhcrelay -4 -d --no-pid -id eth1 -id eth2 -iu eth0 10.9.0.2 10.9.0.3");
  EXPECT_EQ(p.name, "dhcrelay");
  EXPECT_THAT(p.features, ElementsAre("multi-downlink", "multi-server"));
  EXPECT_EQ(p.start,
            "set -- dhcrelay\n"
            "set -- \"$@\" -4 -d --no-pid\n"
            "for downlink in $RELAY_DOWNLINKS; do set -- \"$@\" -id \"$downlink\"; done\n"
            "set -- \"$@\" -iu \"$RELAY_UPLINK\"\n"
            "for server in $RELAY_SERVERS; do set -- \"$@\" \"$server\"; done\n"
            "exec \"$@\"\n");
}

TEST(ProfileDraft, OfAddressesInOneOption) {
  const Profile p = profile_of("dnsmasq -k --dhcp-relay=192.168.1.1,10.0.0.2,eth0");
  EXPECT_THAT(
      p.start,
      HasSubstr("for address in $RELAY_DOWNLINK_ADDRESSES; do for server in $RELAY_SERVERS; do set -- "
                "\"$@\" \"--dhcp-relay=$address,$server,$RELAY_UPLINK\"; done; done\n"));
  EXPECT_THAT(p.features, IsEmpty());
}

TEST(ProfileDraft, OfOneWordForAllDownlinks) {
  const Profile p = profile_of("busybox dhcprelay eth1,eth2 eth0 10.0.0.2");
  EXPECT_EQ(p.name, "busybox-dhcprelay");
  EXPECT_EQ(p.start,
            "set -- busybox dhcprelay\n"
            "set -- \"$@\" \"$(echo $RELAY_DOWNLINKS | tr ' ' ,)\"\n"
            "set -- \"$@\" \"$RELAY_UPLINK\"\n"
            "for server in $RELAY_SERVERS; do set -- \"$@\" \"$server\"; done\n"
            "exec \"$@\"\n");
}

TEST(ProfileDraft, OfOptionsWithTheirValueInThem) {
  EXPECT_THAT(profile_of("x -ieth1 --uplink=wan0 -s10.0.0.2").start,
              HasSubstr("do set -- \"$@\" \"-i$downlink\"; done\nset -- \"$@\" \"--uplink=$RELAY_UPLINK\"\n"
                        "for server in $RELAY_SERVERS; do set -- \"$@\" \"-s$server\"; done\n"));
}

TEST(ProfileDraft, OfAnInterfaceWithItsAddress) {
  EXPECT_THAT(
      profile_of("x --listen 192.0.2.1 --relay eth1:192.0.2.1:10.0.0.9").start,
      HasSubstr(
          "address=${addresses%% *} addresses=${addresses#* }\n"
          "  for server in $RELAY_SERVERS; do set -- \"$@\" --relay \"$downlink:$address:$server\"; done\n"));
}

TEST(ProfileDraft, ANameOfAnyKindBehindAnOptionForInterfaces) {
  EXPECT_THAT(profile_of("x --interface kitchen").start, HasSubstr("--interface \"$downlink\""));
  EXPECT_THAT(profile_of("x --log kitchen").start, HasSubstr("set -- \"$@\" --log kitchen\n"));
}

TEST(ProfileDraft, Option82IsAFeature) {
  const Profile p = profile_of("x --option82 --downlink eth1");
  EXPECT_THAT(p.features, ElementsAre("option82"));
  EXPECT_THAT(p.start, HasSubstr("if [ \"$RELAY_OPTION82\" = on ]; then set -- \"$@\" --option82; fi\n"));
}

TEST(ProfileDraft, WhatIsInFrontOfTheProgramIsNoPartOfIt) {
  const Profile p = profile_of("sudo LANG=C exec /opt/x/relay -f");
  EXPECT_EQ(p.name, "relay");
  EXPECT_EQ(p.env.at("LANG"), "C");
  EXPECT_EQ(p.start, "set -- /opt/x/relay\nset -- \"$@\" -f\nexec \"$@\"\n");
}

TEST(ProfileDraft, WordsStayWhatTheyAreForAShell) {
  const ProfileDraft d = draft_profile({"x", "it's $HOME", "`id`", "'''", "--name=$(id) eth1"}, {});
  EXPECT_THAT(parse_profile(d.toml, "d.toml").start, HasSubstr("'it'\\''s $HOME' '`id`' ''\\'''\\'''\\''' "));
  EXPECT_THAT(d.toml, Not(HasSubstr("\"$(id)")));
}

TEST(ProfileDraft, AFileOrAPortIsNoAddress) {
  const std::string start = profile_of("x -C /etc/eth0/1.2.3.4 -p 67 -v 1.2.3 256.1.1.1").start;
  EXPECT_THAT(start, HasSubstr("-C /etc/eth0/1.2.3.4 -p 67 -v 1.2.3 256.1.1.1\n"));
}

TEST(ProfileDraft, SaysWhatIsOpen) {
  const auto open = draft("x -C /etc/x.conf --bind 2001:db8::1").open;
  for (const char* part : {"guess: it runs 'x --version'", "no interface", "no server", "foreground",
                           "/etc/x.conf stays as it is", "2001:db8::1 looks like an IPv6 address"})
    EXPECT_THAT(open, Contains(HasSubstr(part)));
  EXPECT_THAT(draft("x -i eth1 -i eth0 10.0.0.2").open,
              Contains(HasSubstr("none of the interfaces eth0, eth1 is known to lead to the servers")));
  EXPECT_THAT(draft("x -f -id eth1 -iu eth0 10.0.0.2").open, Not(Contains(HasSubstr("foreground"))));
}

TEST(ProfileDraft, NamesTheShippedProfileOfTheSameProgram) {
  Profile shipped{.name = "that", .package = "x-relay", .version_command = "x -V"};
  shipped.start = "set -- x -d\n";
  const ProfileDraft d = draft("/usr/sbin/x -f", {shipped});
  EXPECT_THAT(d.open, Contains(HasSubstr("relayspec run --relay that")));
  EXPECT_EQ(parse_profile(d.toml, "d.toml").version_command, "x -V");
  EXPECT_THAT(draft("xy", {shipped}).open, Not(Contains(HasSubstr("shipped"))));
}

TEST(ProfileDraft, NeedsAProgram) {
  for (const char* line : {"", "sudo", "-d eth1", "A=b"}) EXPECT_THROW(draft(line), InputError) << line;
}

}  // namespace
}  // namespace relayspec
