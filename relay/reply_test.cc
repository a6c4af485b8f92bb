// SPDX-License-Identifier: Apache-2.0
#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

const std::string_view offer = "63 82 53 63  35 01 02  36 04 c6 33 64 02  ff";
const std::string_view nak = "63 82 53 63  35 01 06  36 04 c6 33 64 02  ff";
const std::string_view ack = "63 82 53 63  35 01 05  36 04 c6 33 64 02  ff";
const Mac client_link_address{0x02, 0x00, 0x5e, 0x00, 0x53, 0xaa};

Octets with(Octets octets, std::size_t offset, std::string_view value) {
  put(octets, offset, value);
  return octets;
}

void expect_unicast(const Outcome& out, Ipv4 to) {
  EXPECT_EQ(out.decision.action, Decision::Action::to_client);
  EXPECT_EQ(to_string(out.decision.destination), to_string(to));
  EXPECT_EQ(out.decision.link_destination, client_link_address);
}

void expect_broadcast(const Outcome& out) {
  EXPECT_EQ(out.decision.action, Decision::Action::to_client);
  EXPECT_EQ(to_string(out.decision.destination), "255.255.255.255");
  EXPECT_EQ(out.decision.link_destination, link_broadcast);
}

TEST(Reply, GoesToYiaddrAndChaddrUnchanged) {
  const auto in = with(reply(offer), at::hops, "c8");
  const auto out = handle(site(), from_uplink, in);
  expect_unicast(out, client_address);
  EXPECT_EQ(out.octets, in);
  EXPECT_EQ(out.decision.downlink, 0U);
  EXPECT_EQ(out.decision.source, downlink0);
}

TEST(Reply, GiaddrNamesTheDownlink) {
  EXPECT_EQ(handle(site(), from_uplink, with(reply(offer), at::giaddr, "cb 00 71 01")).decision.downlink, 1U);
  const auto out = handle(site(), from_uplink, with(reply(offer), at::giaddr, "c0 00 02 02"));
  EXPECT_EQ(out.decision.downlink, 0U) << "a secondary address";
  EXPECT_EQ(out.decision.source, downlink0_secondary);
}

TEST(Reply, WithAGiaddrOfNoDownlinkIsDropped) {
  for (const std::string_view giaddr :
       {"00 00 00 00", "c6 33 64 01" /* uplink */, "c6 12 00 07", "7f 00 00 01"})
    expect_dropped(handle(site(), from_uplink, with(reply(offer), at::giaddr, giaddr)),
                   Drop::giaddr_of_no_downlink);
}

TEST(Reply, IsTakenFromTheUplinkOnly) {
  expect_dropped(handle(site(), from_downlink0, reply(offer)), Drop::reply_not_from_uplink);
  expect_dropped(handle(site(), from_downlink1, reply(offer)), Drop::reply_not_from_uplink);
  expect_unicast(handle(site(), Ingress{0, true, Ipv4{0xc6336402}}, reply(offer)), client_address);
}

TEST(Reply, BroadcastFlagDecidesAloneAndStays) {
  for (const std::string_view flags : {"80 00", "ff ff"}) {
    const auto in = with(reply(offer), at::flags, flags);
    const auto out = handle(site(), from_uplink, in);
    expect_broadcast(out);
    EXPECT_EQ(out.octets, in);
  }
  for (const std::string_view flags : {"00 00", "7f ff", "00 80"})
    expect_unicast(handle(site(), from_uplink, with(reply(offer), at::flags, flags)), client_address);
}

TEST(Reply, NakIsAlwaysBroadcast) {
  expect_broadcast(handle(site(), from_uplink, reply(nak)));
  expect_broadcast(handle(site(), from_uplink, with(reply(nak), at::yiaddr, "00 00 00 00")));
  expect_broadcast(handle(site(), from_uplink, with(reply(nak), at::ciaddr, "c0 00 02 64")));
}

TEST(Reply, WithoutYiaddrGoesToCiaddr) {
  auto in = with(reply(ack), at::yiaddr, "00 00 00 00");
  expect_broadcast(handle(site(), from_uplink, in));
  put(in, at::ciaddr, "c0 00 02 65");
  expect_unicast(handle(site(), from_uplink, in), {0xc0000265});
  put(in, at::yiaddr, "c0 00 02 64");
  expect_unicast(handle(site(), from_uplink, in), client_address);
}

TEST(Reply, NeedsAnEthernetAddressForUnicast) {
  expect_broadcast(handle(site(), from_uplink, with(reply(offer), at::htype, "20")));
  for (const std::string_view hlen : {"00", "05", "07", "10"})
    expect_broadcast(handle(site(), from_uplink, with(reply(offer), at::hlen, hlen)));
  for (const std::string_view chaddr : {"00 00 00 00 00 00", "ff ff ff ff ff ff", "01 00 5e 00 00 01"})
    expect_broadcast(handle(site(), from_uplink, with(reply(offer), at::chaddr, chaddr)));
  const auto zero_but_last = with(reply(offer), at::chaddr, "00 00 00 00 00 01");
  EXPECT_EQ(handle(site(), from_uplink, zero_but_last).decision.link_destination, (Mac{0, 0, 0, 0, 0, 1}));
}

TEST(Reply, ToAnAddressThatNoClientCanHaveIsBroadcast) {
  for (const std::string_view yiaddr :
       {"e0 00 00 01", "ff ff ff ff", "7f 00 00 01", "00 00 00 01", "f0 00 00 01",
        "c0 00 02 ff" /* subnet broadcast */, "c0 00 02 01" /* the relay */, "c6 33 64 01" /* its uplink */})
    expect_broadcast(handle(site(), from_uplink, with(reply(offer), at::yiaddr, yiaddr)));
  // An address outside the downlink's subnet is legal: networks may share a link.
  expect_unicast(handle(site(), from_uplink, with(reply(offer), at::yiaddr, "c6 12 00 09")), {0xc6120009});
}

TEST(Reply, OfAnyTypeOrNoneIsRelayed) {
  for (const std::string_view options :
       {"", "00 00 00 00", "63 82 53 63", "63 82 53 63 ff", "63 82 53 63 35 01 c8 ff"})
    expect_unicast(handle(site(), from_uplink, reply(options)), client_address);
}

TEST(Reply, IsBroadcastWhenTheRelayStandsInForTheServer) {
  auto config = site();
  config.server_id = ServerId::rewrite;
  expect_broadcast(handle(config, from_uplink, reply(offer)));
  expect_broadcast(handle(config, from_uplink, reply("")));
  // Clients ignore a FORCERENEW that is broadcast.
  expect_unicast(handle(config, from_uplink, reply("63 82 53 63 35 01 09 ff")), client_address);
}

TEST(Reply, SourceIsThatOfAHost) {
  const auto from = [](std::uint32_t source) {
    auto ingress = from_uplink;
    ingress.source = {source};
    return handle(site(), ingress, reply(offer));
  };
  for (const std::uint32_t good : {server1.value, foreign_address.value})
    EXPECT_EQ(from(good).decision.action, Decision::Action::to_client) << good;
  for (const std::uint32_t bad :
       {0x00000000U, 0xffffffffU, 0xe0000001U, 0x7f000001U, 0xc63364ffU, 0xc00002ffU, uplink.value})
    expect_dropped(from(bad), Drop::source_impossible);
}

}  // namespace
}  // namespace relayspec::relay::test
