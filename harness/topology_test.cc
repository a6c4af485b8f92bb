// SPDX-License-Identifier: Apache-2.0
// Who is where: in the lab's topology, and in one with other prefixes and addresses.
#include "relayspec/harness/topology.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace relayspec {
namespace {

/// Prefixes of 22, 30 and 12 bits; no address of the lab.
Topology another() {
  Topology t = Topology::documentation();
  t.networks[0] = {.relay = {Mac("02:aa:00:00:00:01"), Ipv4("10.1.3.254"), {}}, .prefix_length = 22};
  t.networks[1] = {.relay = {Mac("02:aa:00:00:00:02"), Ipv4("10.2.0.1"), {}}, .prefix_length = 30};
  t.networks[2] = {.relay = {Mac("02:aa:00:00:00:03"), Ipv4("172.16.9.9"), {}}, .prefix_length = 12};
  for (std::size_t n = 0; n < t.servers.size(); ++n)
    t.servers[n] = {
        Mac("02:bb:00:00:00:0" + std::to_string(n)), Ipv4("172.31.0." + std::to_string(n + 1)), {}};
  return t;
}

TEST(Segments, AreNamedLikeTheRelaysInterfaces) {
  EXPECT_STREQ(interface_name(Segment::downlink0), "downlink0");
  EXPECT_STREQ(interface_name(Segment::downlink1), "downlink1");
  EXPECT_STREQ(interface_name(Segment::uplink), "uplink0");
}

TEST(NetworkOfTheLab, HasAPrefixOf24Bits) {
  const Network& n = Topology::documentation()[Segment::downlink0];
  EXPECT_EQ(n.netmask(), Ipv4("255.255.255.0"));
  EXPECT_EQ(n.subnet(), Ipv4("192.0.2.0"));
  EXPECT_EQ(n.broadcast(), Ipv4("192.0.2.255"));
}

TEST(NetworkOfAnyPrefix, KnowsItsAddresses) {
  const Topology t = another();
  EXPECT_EQ(t[Segment::downlink0].netmask(), Ipv4("255.255.252.0"));
  EXPECT_EQ(t[Segment::downlink0].subnet(), Ipv4("10.1.0.0"));
  EXPECT_EQ(t[Segment::downlink0].broadcast(), Ipv4("10.1.3.255"));
  EXPECT_EQ(t.host(Segment::downlink0, 7), Ipv4("10.1.0.7"));
  EXPECT_EQ(t[Segment::downlink1].broadcast(), Ipv4("10.2.0.3"));
  EXPECT_EQ(t[Segment::uplink].subnet(), Ipv4("172.16.0.0"));
  EXPECT_EQ(t[Segment::uplink].broadcast(), Ipv4("172.31.255.255"));
}

TEST(Topology, FurtherHostsHaveNoAddressOfTheRelayOrAServer) {
  Topology t = another();
  t.networks[0].relay.ipv4 = Ipv4("10.1.0.77");
  EXPECT_EQ(t.host(Segment::downlink0, 77), Ipv4("10.1.0.1"));
  EXPECT_EQ(t.host(Segment::downlink0, 78), Ipv4("10.1.0.78"));
  t.networks[2].relay.ipv4 = Ipv4("172.16.0.66");
  t.servers[0].ipv4 = Ipv4("172.16.0.1");
  t.servers[1].ipv4 = Ipv4("172.16.0.99");
  EXPECT_EQ(t.host(Segment::uplink, 66), Ipv4("172.16.0.2")) << "the first that neither has";
  EXPECT_EQ(t.host(Segment::uplink, 99), Ipv4("172.16.0.4"));
}

TEST(NetworkOfAnyPrefix, ContainsItsFirstAndItsLastAddress) {
  const Topology t = another();
  const Network& n = t[Segment::downlink0];
  for (const char* a : {"10.1.0.0", "10.1.3.255"}) EXPECT_TRUE(n.contains(Ipv4(a))) << a;
  for (const char* a : {"10.0.255.255", "10.1.4.0"}) EXPECT_FALSE(n.contains(Ipv4(a))) << a;
}

TEST(NetworkOfAnyPrefix, MayHaveNoBitsOrAll) {
  Network n{.relay = {{}, Ipv4("10.1.2.3"), {}}, .prefix_length = 0};
  EXPECT_EQ(n.netmask(), Ipv4("0.0.0.0"));
  EXPECT_EQ(n.broadcast(), Ipv4("255.255.255.255"));
  EXPECT_TRUE(n.contains(Ipv4("192.0.2.1")));
  n.prefix_length = 32;
  EXPECT_EQ(n.netmask(), Ipv4("255.255.255.255"));
  EXPECT_EQ(n.subnet(), Ipv4("10.1.2.3"));
  EXPECT_EQ(n.broadcast(), Ipv4("10.1.2.3"));
  EXPECT_FALSE(n.contains(Ipv4("10.1.2.2")));
}

TEST(TopologyOfAnyAddresses, KnowsWhoseAnAddressIs) {
  const Topology t = another();
  EXPECT_EQ(t.owner_of(Ipv4("10.1.3.254")), Segment::downlink0);
  EXPECT_EQ(t.owner_of(Ipv4("10.2.0.1")), Segment::downlink1);
  EXPECT_EQ(t.owner_of(Ipv4("172.16.9.9")), Segment::uplink);
  EXPECT_EQ(t.owner_of(Ipv4("192.0.2.1")), std::nullopt) << "the lab's";
  EXPECT_EQ(t.server_at(Ipv4("172.31.0.1")), 0U);
  EXPECT_EQ(t.server_at(Ipv4("172.31.0.4")), 3U);
  EXPECT_EQ(t.server_at(Ipv4("172.31.0.5")), std::nullopt);
  EXPECT_EQ(t.server_at(Ipv4("198.51.100.2")), std::nullopt) << "the lab's";
}

TEST(TopologyOfAnyAddresses, KnowsItsDirectedBroadcastAddresses) {
  const Topology t = another();
  for (const char* a : {"10.1.3.255", "10.2.0.3", "172.31.255.255"})
    EXPECT_TRUE(t.is_directed_broadcast(Ipv4(a))) << a;
  for (const char* a : {"10.1.2.255", "192.0.2.255", "255.255.255.255", "0.0.0.0"})
    EXPECT_FALSE(t.is_directed_broadcast(Ipv4(a))) << a;
}

TEST(RolesInATopology, NameTheRelayAndTheServers) {
  const Topology t = another();
  EXPECT_EQ(t.role_of(Ipv4("10.2.0.1")), "the relay's address on downlink1 (10.2.0.1)");
  EXPECT_EQ(t.role_of(Ipv4("172.16.9.9")), "the relay's uplink address (172.16.9.9)");
  EXPECT_EQ(t.role_of(Ipv4("172.31.0.2")), "server 2 (172.31.0.2)");
  EXPECT_EQ(t.role_of(Ipv4("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(t.role_of(Mac("02:aa:00:00:00:03")), "the relay's uplink0 (02:aa:00:00:00:03)");
  EXPECT_EQ(t.role_of(Mac("02:bb:00:00:00:03")), "server 4 (02:bb:00:00:00:03)");
  EXPECT_EQ(t.role_of(Mac::broadcast), "link broadcast (ff:ff:ff:ff:ff:ff)");
  EXPECT_EQ(t.role_of(Mac("02:cc:00:00:00:01")), "02:cc:00:00:00:01");
}

// Nothing that leaks from the lab reaches anyone (RFC 5737).
TEST(TopologyOfTheLab, HasDocumentationPrefixesAndNoAddressTwice) {
  const Topology& t = Topology::documentation();
  std::vector<Ipv4> all;
  for (const Segment s : all_segments) all.push_back(t[s].relay.ipv4);
  for (const Host& server : t.servers) {
    EXPECT_TRUE(t[Segment::uplink].contains(server.ipv4));
    all.push_back(server.ipv4);
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
  const auto is_for_documents = [](Ipv4 a) {
    const Ipv4 subnet = a & Ipv4("255.255.255.0");
    return subnet == Ipv4("192.0.2.0") || subnet == Ipv4("198.51.100.0") || subnet == Ipv4("203.0.113.0");
  };
  EXPECT_TRUE(std::all_of(all.begin(), all.end(), is_for_documents));
}

}  // namespace
}  // namespace relayspec
