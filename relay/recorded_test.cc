// SPDX-License-Identifier: Apache-2.0
// The relay does with real messages what relays of other makers did with them.
#include "relay/recorded_messages.h"
#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

// The site that the messages were recorded at, where dhcrelay sends no remote-id.
Config recorded_site() {
  auto config = site();
  config.servers = {server1};
  config.downlinks[0].agent_information = hex("01 02 63 30");
  config.downlinks[1].agent_information = hex("01 02 63 31");
  config.downlinks[1].trusted = false;
  return config;
}

TEST(Recorded, DiscoverIsRelayedAsByDnsmasq) {
  const auto out = handle(recorded_site(), from_downlink0, hex(recorded::dnsmasq_discover.came));
  EXPECT_EQ(out.octets, hex(recorded::dnsmasq_discover.left));
}

TEST(Recorded, OfferIsRelayedAsByDnsmasq) {
  const auto out = handle(recorded_site(), from_uplink, hex(recorded::dnsmasq_offer.came));
  EXPECT_EQ(out.octets, hex(recorded::dnsmasq_offer.left));
  EXPECT_EQ(out.decision.destination, client_address);
  EXPECT_EQ(out.decision.link_destination, (Mac{0x02, 0x00, 0x5e, 0x00, 0x53, 0x0a}));
}

// dhcrelay writes option 82 over the padding behind END, which this relay leaves alone: the message grows
// instead.
TEST(Recorded, Option82IsAddedAsByDhcrelay) {
  auto config = recorded_site();
  config.option82 = true;
  for (const auto* exchange : {&recorded::dhcrelay_discover, &recorded::dhcrelay_request}) {
    auto expected = hex(exchange->left);
    expected.insert(expected.end(), 6, 0);
    EXPECT_EQ(handle(config, from_downlink0, hex(exchange->came)).octets, expected) << exchange->name;
  }
}

TEST(Recorded, Option82IsRemovedAsByDhcrelay) {
  auto config = recorded_site();
  config.option82 = true;
  for (const auto* exchange : recorded::replies)
    EXPECT_EQ(handle(config, from_uplink, hex(exchange->came)).octets, hex(exchange->left)) << exchange->name;
}

TEST(Recorded, NakIsBroadcastOnTheDownlinkThatAsked) {
  const auto out = handle(recorded_site(), from_uplink, hex(recorded::dhcrelay_nak.came));
  EXPECT_EQ(out.decision.downlink, 1U);
  EXPECT_EQ(out.decision.destination, limited_broadcast);
  EXPECT_EQ(out.decision.link_destination, link_broadcast);
}

}  // namespace
}  // namespace relayspec::relay::test
