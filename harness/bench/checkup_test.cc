// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/checkup.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Symptoms of_a_relay() {
  return {.sockets = std::vector<std::string>{"packet 0003 2", "udp 00000000:0043"},
          .downlinks = {"downlink0", "downlink1"},
          .uplink = "uplink0",
          .servers = "198.51.100.2"};
}

Symptoms silent() {
  Symptoms seen = of_a_relay();
  seen.without_request = {"downlink1"};
  return seen;
}

Symptoms ended(const std::string& how, const std::string& output = "") {
  Symptoms seen = silent();
  seen.sockets.reset();
  seen.ended = how;
  seen.output = output;
  return seen;
}

TEST(Checkup, OfARelayThatRelaysNothingIsPerhaps) {
  EXPECT_THAT(likely_causes(of_a_relay()), IsEmpty());
  EXPECT_EQ(in_words(of_a_relay()),
            "process    runs\n"
            "listens    a packet socket, UDP port 67\n"
            "downlink0  a client's DISCOVER reaches the server, and the OFFER the client\n"
            "downlink1  a client's DISCOVER reaches the server, and the OFFER the client\n");
}

TEST(Checkup, TellsHowItEnded) {
  EXPECT_THAT(likely_causes(ended("exited with status 127")),
              ElementsAre(HasSubstr("its program is not there")));
  EXPECT_THAT(likely_causes(ended("exited with status 0")),
              ElementsAre(HasSubstr("keeps it in the foreground")));
  EXPECT_THAT(likely_causes(ended("was killed by SIGSEGV")), IsEmpty());
  EXPECT_THAT(in_words(ended("was killed by SIGSEGV")), HasSubstr("process    was killed by SIGSEGV\n"));
}

TEST(Checkup, TakesTheRelaysOwnWords) {
  EXPECT_THAT(likely_causes(ended("exited with status 1", "eth1: No such device")),
              ElementsAre(HasSubstr("they are called downlink0, downlink1 and uplink0")));
  EXPECT_THAT(likely_causes(ended("exited with status 1", "bind: Address already in use")),
              ElementsAre(HasSubstr("the port is in use")));
  EXPECT_THAT(likely_causes(ended("exited with status 1", "sendto: Network is unreachable")),
              ElementsAre(HasSubstr("addresses are in $RELAY_SERVERS")));
  EXPECT_THAT(likely_causes(ended("exited with status 1", "setuid: Operation not permitted")),
              ElementsAre(HasSubstr("it lacks a right")));
  EXPECT_THAT(likely_causes(ended("exited with status 1", "Usage: x")),
              ElementsAre(HasSubstr("does not take its command line")));
}

TEST(Checkup, TellsSilenceByWhatListens) {
  EXPECT_THAT(likely_causes(silent()),
              ElementsAre("it may not be configured to serve downlink1, or not to relay to 198.51.100.2"));
  Symptoms deaf = silent();
  deaf.sockets = {"udp 00000000:0435"};
  EXPECT_THAT(likely_causes(deaf), ElementsAre(HasSubstr("nothing listens on UDP port 67")));
  EXPECT_THAT(in_words(deaf), HasSubstr("listens    UDP port 1077\n"));
  deaf.sockets = std::vector<std::string>{};
  EXPECT_THAT(in_words(deaf), HasSubstr("listens    nowhere\n"));
}

TEST(Checkup, TellsWhatItLooksForAndWhatItSends) {
  Symptoms seen = silent();
  seen.asked = {"10.0.0.2 on uplink0"};
  seen.sent = {"DISCOVER"};
  EXPECT_THAT(
      likely_causes(seen),
      ElementsAre(HasSubstr("it looks for 10.0.0.2 on uplink0, which no host has"),
                  "it sends something that is not expected: DISCOVER", HasSubstr("may not be configured")));
}

TEST(Checkup, TellsOfRepliesThatDoNotComeBack) {
  Symptoms seen = of_a_relay();
  seen.without_reply = {"downlink0"};
  EXPECT_FALSE(seen.well());
  EXPECT_THAT(likely_causes(seen), ElementsAre(HasSubstr("the relay may not listen on uplink0")));
  EXPECT_THAT(in_words(seen),
              HasSubstr("downlink0  a client's DISCOVER reaches the server, the OFFER does not come back"));
}

TEST(Checkup, OfAFloodNothingIsWell) {
  Symptoms seen = of_a_relay();
  seen.flood = true;
  EXPECT_THAT(likely_causes(seen), ElementsAre(HasSubstr("frames without end")));
}

TEST(Checkup, ShowsTheLastLinesOfTheRelay) {
  std::string output;
  for (int i = 1; i <= 12; ++i) output += "line " + std::to_string(i) + "\x1b\n";
  const std::string words = in_words(ended("exited with status 1", output));
  EXPECT_THAT(words, HasSubstr("The last lines that it printed:\n  line 3\\x1b\n  line 4"));
  EXPECT_THAT(words, HasSubstr("  line 12\\x1b\n"));
  EXPECT_THAT(words, Not(HasSubstr("line 2\\")));
  EXPECT_THAT(in_words(ended("exited with status 1")), HasSubstr("It printed nothing.\n"));
}

}  // namespace
}  // namespace relayspec
