// SPDX-License-Identifier: Apache-2.0
#include "relay/configure.h"

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Configure : public testing::Test {
 protected:
  Configure() {
    settings.downlinks = {"c0", "c1"};
    settings.uplinks = {"s0"};
    settings.config.servers = {server1};
    settings.config.option82 = true;
    const Ipv4 slash24{0xffffff00};
    interfaces = {
        {"lo", 1, 65536, false, {}, {{Ipv4{0x7f000001}, Ipv4{0xff000000}}}},
        {"c0",
         2,
         1500,
         true,
         {2, 0, 0x5e, 0, 0x53, 1},
         {{downlink0, slash24}, {downlink0_secondary, slash24}}},
        {"c1", 3, 1500, true, {2, 0, 0x5e, 0, 0x53, 2}, {{downlink1, slash24}}},
        {"s0", 4, 1400, true, {2, 0, 0x5e, 0, 0x53, 3}, {{uplink, slash24}}},
        {"bare", 5, 1500, true, {2, 0, 0x5e, 0, 0x53, 4}, {}},
        {"ppp0", 6, 1492, false, {}, {{foreign_address, Ipv4{0xffffffff}}}},
        {"tun0", 7, 1500, false, {}, {}},
    };
  }

  void expect_refused(int status, const std::string& because) {
    try {
      configure(settings, interfaces);
      ADD_FAILURE() << "accepted, but: " << because;
    } catch (const StartError& error) {
      EXPECT_EQ(error.status, status);
      EXPECT_THAT(error.what(), HasSubstr(because));
    }
  }

  Octets agent_information(std::size_t downlink = 0) {
    return configure(settings, interfaces).downlinks.at(downlink).agent_information;
  }

  Settings settings;
  std::vector<Interface> interfaces;
};

TEST_F(Configure, TakesAddressesFromTheInterfaces) {
  const auto config = configure(settings, interfaces);
  EXPECT_THAT(config.downlinks.at(0).addresses, ElementsAre(downlink0, downlink0_secondary));
  EXPECT_THAT(config.downlinks.at(0).broadcasts, testing::Contains(Ipv4{0xc00002ff}));
  EXPECT_THAT(config.downlinks.at(1).addresses, ElementsAre(downlink1));
  EXPECT_EQ(config.uplink_address, uplink);
  EXPECT_THAT(config.own_broadcasts, testing::IsSupersetOf({Ipv4{0xc00002ff}, Ipv4{0xc63364ff}}));
  EXPECT_THAT(config.own_addresses, UnorderedElementsAre(Ipv4{0x7f000001}, downlink0, downlink0_secondary,
                                                         downlink1, uplink, foreign_address));
}

TEST_F(Configure, SubnetsOfOneOrTwoHostsHaveNoBroadcastAddress) {
  interfaces[2].addresses = {{downlink1, Ipv4{0xfffffffe}}};
  EXPECT_THAT(configure(settings, interfaces).downlinks.at(1).broadcasts, IsEmpty());
  interfaces[2].addresses = {{downlink1, Ipv4{0xffffffff}}};
  EXPECT_THAT(configure(settings, interfaces).downlinks.at(1).broadcasts, IsEmpty());
  interfaces[2].addresses = {{downlink1, Ipv4{0xfffffffc}}};
  EXPECT_THAT(configure(settings, interfaces).downlinks.at(1).broadcasts, ElementsAre(Ipv4{0xcb007103}));
}

TEST_F(Configure, TheUplinksMtuLimitsTheSize) {
  EXPECT_EQ(configure(settings, interfaces).max_size, 1400U - 28);
  settings.max_size = 576;
  EXPECT_EQ(configure(settings, interfaces).max_size, 576U);
}

TEST_F(Configure, CircuitIdIsTheInterfaceAndRemoteIdItsMacUnlessSet) {
  EXPECT_EQ(agent_information(), hex("01 02 63 30  02 06 02 00 5e 00 53 01"));
  settings.circuit_ids = {"all"};
  settings.remote_id = "rr";
  EXPECT_EQ(agent_information(), hex("01 03 61 6c 6c  02 02 72 72"));
  settings.circuit_ids = {"all", "c0=x"};
  EXPECT_EQ(agent_information(0), hex("01 01 78  02 02 72 72"));
  EXPECT_EQ(agent_information(1), hex("01 03 61 6c 6c  02 02 72 72"));
  settings.circuit_ids = {"a=b"};
  EXPECT_EQ(agent_information(), hex("01 03 61 3d 62  02 02 72 72")) << "no downlink is called a";
  settings.with_circuit_id = false;
  EXPECT_EQ(agent_information(), hex("02 02 72 72"));
  settings.with_circuit_id = true;
  settings.with_remote_id = false;
  EXPECT_EQ(agent_information(), hex("01 03 61 3d 62"));
}

// RFC 3046, section 2.0: a sub-option's length is one octet; RFC 3396 has room for the rest in a second
// instance.
TEST_F(Configure, AgentInformationFitsTwoInstances) {
  for (const std::size_t length : {252, 253, 254, 255, 256}) {
    settings.circuit_ids = {std::string(253, 'c')};
    settings.remote_id = std::string(length, 'r');
    if (length <= 253) {
      EXPECT_EQ(agent_information().size(), length + 257);
    } else {
      expect_refused(2, "255 octets, and 510 in all");
    }
  }
}

// RFC 3527, 3993, 5010, 5107, 6925, 8357 and 6607, each with its format's example worked out by hand.
TEST_F(Configure, FurtherSubOptionsStandBehindTheIds) {
  settings.with_circuit_id = false;
  settings.remote_id = "rr";
  settings.link_selection = settings.agent_flags = true;
  settings.subscriber_id = "s";
  settings.config.server_id = ServerId::override_;
  settings.relay_id = "r1";
  settings.source_port = 50067;
  settings.vpn = "red";
  EXPECT_EQ(agent_information(),
            hex("02 02 72 72  05 04 c0 00 02 00  06 01 73  0a 01 00  0b 04 c0 00 02 01  0c 02 72 31"
                "  13 00  97 04 00 72 65 64  98 00"));
  EXPECT_EQ(configure(settings, interfaces).downlinks.at(0).flags_at, 15U);
  EXPECT_EQ(configure(settings, interfaces).downlinks.at(0).vpn, hex("00 72 65 64"));
}

TEST_F(Configure, LinkSelectionMovesGiaddrToTheUplink) {
  EXPECT_EQ(configure(settings, interfaces).shared_giaddr, Ipv4());
  settings.link_selection = true;
  EXPECT_EQ(configure(settings, interfaces).shared_giaddr, uplink);
  settings.giaddr = downlink1;
  EXPECT_EQ(configure(settings, interfaces).shared_giaddr, downlink1);
  settings.giaddr = foreign_address;
  settings.giaddr->value += 1;
  expect_refused(2, "--giaddr 198.18.0.8: no address of this host");
}

TEST_F(Configure, SubOptionsFollowTheDownlinksAddress) {
  settings.with_circuit_id = settings.with_remote_id = false;
  settings.link_selection = true;
  auto config = configure(settings, interfaces);
  interfaces[1].addresses = {{Ipv4{0x0a010203}, Ipv4{0xffff0000}}};
  refresh(config, settings, interfaces);
  EXPECT_EQ(config.downlinks.at(0).agent_information, hex("05 04 0a 01 00 00"));
}

TEST_F(Configure, NamesTheInterfaceAtFault) {
  settings.downlinks = {"c9"};
  expect_refused(2, "--downlink c9: no such interface");
  settings.downlinks = {"bare"};
  expect_refused(1, "--downlink bare: the interface has no IPv4 address");
  settings.downlinks = {"ppp0"};
  expect_refused(2, "--downlink ppp0: not an Ethernet interface");
  settings.downlinks = {"tun0"};
  expect_refused(2, "--downlink tun0: not an Ethernet interface");
  settings.downlinks = {"c0"};
  settings.uplinks = {"bare"};
  expect_refused(1, "--uplink bare");
  settings.uplinks = {"s0"};
  settings.trusted = {"c1"};
  expect_refused(2, "--trust c1: not one of the downlinks");
}

TEST_F(Configure, NamesTheServerAtFault) {
  settings.config.servers = {uplink};
  expect_refused(2, "--server 198.51.100.1: that is an address of this relay");
  settings.config.servers = {Ipv4{0xc63364ff}};
  expect_refused(2, "--server 198.51.100.255: that is the broadcast address of s0");
}

TEST_F(Configure, ChangesAreTakenInAndLossesSurvived) {
  auto config = configure(settings, interfaces);
  interfaces[1].addresses = {{Ipv4{0xc0000209}, Ipv4{0xffffff00}}};
  interfaces[2].addresses.clear();
  interfaces.erase(interfaces.begin() + 3);
  refresh(config, settings, interfaces);
  EXPECT_THAT(config.downlinks.at(0).addresses, ElementsAre(Ipv4{0xc0000209}));
  EXPECT_THAT(config.downlinks.at(1).addresses, IsEmpty());
  EXPECT_EQ(config.uplink_address, uplink) << "its name towards clients stays";
  EXPECT_FALSE(config.is_own(downlink0));
}

}  // namespace
}  // namespace relayspec::relay::test
