// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/attach.h"

#include <gmock/gmock.h>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* good = R"(name = "box"
[attach]
downlinks = ["tap0", "tap1"]
uplink = "tap2"
netns = "lab7"
downlink_addresses = ["10.1.0.254/24", "10.2.0.1/16"]
uplink_address = "10.9.0.1/24"
servers = ["10.9.0.2", "10.9.0.66"]
configure = 'ssh box'
restart = 'reboot'
inspect = 'top'
)";

std::string with(const std::string& key, const std::string& line) {
  std::string text = good;
  const std::size_t at = text.find("\n" + key + " =") + 1;
  return text.replace(at, text.find('\n', at) - at, line);
}

std::string complaint_about(const std::string& text) {
  try {
    parse_profile(text, "x.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Attach, ReadsEveryKey) {
  const Profile p = parse_profile(good, "x.toml");
  ASSERT_TRUE(p.attach);
  EXPECT_EQ(p.start, "");
  ASSERT_EQ(p.attach->downlinks.size(), 2U);
  EXPECT_EQ(p.attach->downlinks[1].name, "tap1");
  EXPECT_EQ(p.attach->downlinks[1].address, Ipv4("10.2.0.1"));
  EXPECT_EQ(p.attach->downlinks[1].prefix_length, 16U);
  EXPECT_EQ(p.attach->uplink.name, "tap2");
  EXPECT_EQ(p.attach->netns, "lab7");
  EXPECT_THAT(p.attach->servers, ElementsAre(Ipv4("10.9.0.2"), Ipv4("10.9.0.66")));
  EXPECT_EQ(p.attach->configure, "ssh box");
  EXPECT_EQ(p.attach->restart, "reboot");
  EXPECT_EQ(p.attach->inspect, "top");
}

TEST(Attach, TheTopologyHasItsAddresses) {
  const Topology t = topology_of(*parse_profile(good, "x.toml").attach);
  EXPECT_EQ(t[Segment::downlink0].relay.ipv4, Ipv4("10.1.0.254"));
  EXPECT_EQ(t[Segment::downlink1].broadcast(), Ipv4("10.2.255.255"));
  EXPECT_EQ(t[Segment::uplink].relay.ipv4, Ipv4("10.9.0.1"));
  EXPECT_EQ(t.servers[1].ipv4, Ipv4("10.9.0.66"));
  std::set<Ipv4> uplink{t[Segment::uplink].relay.ipv4};
  for (const Host& server : t.servers) EXPECT_TRUE(uplink.insert(server.ipv4).second) << server.ipv4;
  for (unsigned n = 9; n < 255; ++n)
    EXPECT_TRUE(uplink.insert(t.host(Segment::uplink, static_cast<std::uint8_t>(n))).second) << n;
}

TEST(Attach, WhatIsWrongIsSaidWithItsLine) {
  struct Wrong {
    std::string key, line, says;
  };
  for (const Wrong& w : {
           Wrong{"downlinks", "downlinks = []", "one or two interfaces"},
           Wrong{"downlinks", "downlinks = ['a', 'b', 'c']", "one or two interfaces"},
           Wrong{"downlinks", "downlinks = ['tap0', 'tap0']", "tap0 is named twice"},
           Wrong{"downlinks", "downlinks = ['tap0', 'tap2']", "tap2 is named twice"},
           Wrong{"downlinks", "downlinks = ['tap0']", "on each of the 1 'downlinks'"},
           Wrong{"downlinks", "downlinks = ['tap0', 'of sixteen octets']", "no name of an interface"},
           Wrong{"uplink", "", "has no 'uplink'"},
           Wrong{"uplink", "uplink = 'a/b'", "no name of an interface"},
           Wrong{"downlink_addresses", "downlink_addresses = ['10.1.0.254/24', '10.2.0.1']",
                 "like 10.1.0.1/24"},
           Wrong{"downlink_addresses", "downlink_addresses = ['10.1.0.254/24', '10.2.0.300/24']",
                 "like 10.1.0.1/24"},
           Wrong{"downlink_addresses", "downlink_addresses = ['10.1.0.254/24', '10.1.0.1/24']",
                 "different networks"},
           Wrong{"uplink_address", "uplink_address = '10.9.0.1/30'", "from /8 to /24"},
           Wrong{"uplink_address", "uplink_address = '10.9.0.1/'", "like 10.1.0.1/24"},
           Wrong{"uplink_address", "uplink_address = '10.9.0.1/024x'", "like 10.1.0.1/24"},
           Wrong{"servers", "servers = []", "1 to 4 servers"},
           Wrong{"servers", "servers = ['10.9.0.2', '10.9.0.2']", "twice"},
           Wrong{"servers", "servers = ['10.8.0.2']", "another address of the uplink's network, 10.9.0.0/24"},
           Wrong{"servers", "servers = ['10.9.0.1']", "another address of the uplink's network"},
           Wrong{"servers", "servers = ['server']", "no IPv4 address"},
           Wrong{"configure", "configure = 'if'", "not valid shell"},
           Wrong{"inspect", "inspct = 'top'", "did you mean 'inspect'?"},
           Wrong{"name", "name = 'box'\nstart = 'exec x'", "leave one of them out"},
           Wrong{"name", "name = 'box'\nenv = { A = 'b' }", "leave one of them out"},
       }) {
    EXPECT_THAT(complaint_about(with(w.key, w.line)), AllOf(StartsWith("x.toml:"), HasSubstr(w.says)))
        << w.line;
  }
}

}  // namespace
}  // namespace relayspec
