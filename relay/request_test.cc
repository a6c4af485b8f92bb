// SPDX-License-Identifier: Apache-2.0
#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

const std::string_view discover = "63 82 53 63  35 01 01  ff";

Octets with_hops(unsigned hops) {
  auto octets = request(discover);
  octets[at::hops] = static_cast<std::uint8_t>(hops);
  return octets;
}

Octets with_giaddr(Ipv4 giaddr) {
  auto octets = request(discover);
  Message(octets, octets.size()).set_address(at::giaddr, giaddr);
  return octets;
}

TEST(Request, GetsGiaddrAndAHopAndNothingElse) {
  const auto in = request(discover);
  auto expected = in;
  put(expected, at::hops, "01");
  put(expected, at::giaddr, "c0 00 02 01");

  const auto out = handle(site(), from_downlink0, in);

  EXPECT_EQ(out.decision.action, Decision::Action::to_servers);
  EXPECT_EQ(out.octets, expected);
}

TEST(Request, GetsTheAddressOfItsOwnDownlink) {
  const auto out = handle(site(), from_downlink1, request(discover));
  EXPECT_EQ(out.decision.downlink, 1U);
  EXPECT_EQ(Octets(out.octets.begin() + at::giaddr, out.octets.begin() + at::giaddr + 4), hex("cb 00 71 01"));
}

TEST(Request, KeepsTheGiaddrOfAnotherRelayAndStillGetsAHop) {
  auto in = with_giaddr(foreign_address);
  put(in, at::hops, "03");
  auto expected = in;
  put(expected, at::hops, "04");
  EXPECT_EQ(handle(site(), from_downlink0, in).octets, expected);
}

TEST(Request, IsTakenFromDownlinksOnly) {
  expect_dropped(handle(site(), from_uplink, request(discover)), Drop::request_not_from_downlink);
  expect_dropped(handle(site(), Ingress{}, request(discover)), Drop::request_not_from_downlink);
  EXPECT_EQ(handle(site(), Ingress{0, true}, request(discover)).decision.action,
            Decision::Action::to_servers);
}

// "Exceeds" the limit: the limit itself still passes.
TEST(Request, HopsAtTheLimitPass) {
  auto config = site();
  for (const unsigned limit : {1U, 4U, 16U}) {
    config.max_hops = limit;
    EXPECT_EQ(handle(config, from_downlink0, with_hops(limit - 1)).octets[at::hops], limit);
    EXPECT_EQ(handle(config, from_downlink0, with_hops(limit)).octets[at::hops], limit + 1);
    expect_dropped(handle(config, from_downlink0, with_hops(limit + 1)), Drop::hops_over_limit);
    expect_dropped(handle(config, from_downlink0, with_hops(255)), Drop::hops_over_limit);
  }
}

TEST(Request, HopsOver16NeverPass) {
  auto config = site();
  config.max_hops = 255;
  EXPECT_EQ(handle(config, from_downlink0, with_hops(16)).octets[at::hops], 17);
  expect_dropped(handle(config, from_downlink0, with_hops(17)), Drop::hops_over_limit);
  expect_dropped(handle(config, from_downlink0, with_hops(255)), Drop::hops_over_limit);
}

TEST(Request, HopsLimitIs4UnlessSet) {
  EXPECT_EQ(handle(site(), from_downlink0, with_hops(4)).decision.action, Decision::Action::to_servers);
  expect_dropped(handle(site(), from_downlink0, with_hops(5)), Drop::hops_over_limit);
}

// secs of the test message is 11.
TEST(Request, SecsBelowTheThresholdAreDropped) {
  auto config = site();
  config.min_secs = 10;
  EXPECT_EQ(handle(config, from_downlink0, request(discover)).decision.action, Decision::Action::to_servers);
  config.min_secs = 11;
  EXPECT_EQ(handle(config, from_downlink0, request(discover)).decision.action, Decision::Action::to_servers);
  config.min_secs = 12;
  expect_dropped(handle(config, from_downlink0, request(discover)), Drop::secs_below_threshold);
}

TEST(Request, SecsAreReadInNetworkOrder) {
  auto config = site();
  config.min_secs = 2;
  auto in = request(discover);
  put(in, at::secs, "01 00");
  EXPECT_EQ(handle(config, from_downlink0, in).decision.action, Decision::Action::to_servers);
  put(in, at::secs, "00 01");
  expect_dropped(handle(config, from_downlink0, in), Drop::secs_below_threshold);
}

TEST(Request, WithAnyOwnGiaddrIsALoop) {
  for (const auto own : {downlink0, downlink0_secondary, downlink1, uplink})
    expect_dropped(handle(site(), from_downlink0, with_giaddr(own)), Drop::giaddr_own);
}

TEST(Request, WithAGiaddrThatNoRelayCanHaveIsDropped) {
  for (const std::uint32_t giaddr :
       {0x00010203U, 0x7f000001U, 0xe0000001U, 0xefffffffU, 0xf0000001U, 0xffffffffU,
        0xc00002ffU /* broadcast of downlink 0 */, 0xcb0071ffU /* of downlink 1 */})
    expect_dropped(handle(site(), from_downlink0, with_giaddr({giaddr})), Drop::giaddr_impossible);
  for (const std::uint32_t giaddr : {0x01000000U, 0x7effffffU, 0x80000000U, 0xdfffffffU, 0xc00002feU})
    EXPECT_EQ(handle(site(), from_downlink0, with_giaddr({giaddr})).decision.action,
              Decision::Action::to_servers);
}

TEST(Request, NeedsAnAddressOnlyForGiaddr) {
  auto config = site();
  config.downlinks[0].addresses.clear();
  expect_dropped(handle(config, from_downlink0, request(discover)), Drop::downlink_without_address);
  EXPECT_EQ(handle(config, from_downlink0, with_giaddr(foreign_address)).decision.action,
            Decision::Action::to_servers);
}

TEST(Request, OfAnyTypeOrNoneIsRelayed) {
  for (const std::string_view options :
       {"", "00 00 00 00", "63 82 53 63", "63 82 53 63 ff", "63 82 53 63 35 01 08 ff",
        "63 82 53 63 35 01 c8 ff", "63 82 53 63 35", "63 82 53 63 35 ff 01"})
    EXPECT_EQ(handle(site(), from_downlink0, request(options)).decision.action, Decision::Action::to_servers)
        << options;
}

TEST(Message, IsDroppedWhenTooShortOrImpossible) {
  auto in = request("");
  EXPECT_EQ(in.size(), 236U);
  EXPECT_EQ(handle(site(), from_downlink0, in).decision.action, Decision::Action::to_servers);
  in.pop_back();
  expect_dropped(handle(site(), from_downlink0, in), Drop::too_short);
  expect_dropped(handle(site(), from_downlink0, {}), Drop::too_short);

  for (const std::uint8_t op : Octets{0, 3, 127, 255})
    for (const auto ingress : {from_downlink0, from_uplink})
      expect_dropped(handle(site(), ingress, message(op, discover)), Drop::op_unknown);

  auto config = site();
  config.min_length = 300;
  in = request(discover);
  for (const std::size_t size : {299, 300, 301}) {
    in.resize(size);
    const auto out = handle(config, from_downlink0, in);
    EXPECT_EQ(out.decision.action == Decision::Action::drop, size < 300) << size;
  }
}

TEST(Message, HlenIsAtMostTheSizeOfChaddr) {
  auto in = request(discover);
  for (const std::string_view hlen : {"00", "0f", "10"}) {
    put(in, at::hlen, hlen);
    EXPECT_EQ(handle(site(), from_downlink0, in).decision.action, Decision::Action::to_servers);
  }
  for (const std::string_view hlen : {"11", "ff"}) {
    put(in, at::hlen, hlen);
    expect_dropped(handle(site(), from_downlink0, in), Drop::hlen_over_16);
  }
}

// RFC 1122, section 3.2.1.3 and RFC 1812, section 4.2.2.11: what no host may send from.
TEST(Request, SourceIsThatOfAHostOrNone) {
  const auto from = [](std::uint32_t source) {
    auto ingress = from_downlink0;
    ingress.source = {source};
    return handle(site(), ingress, request(discover));
  };
  for (const std::uint32_t good : {0x00000000U, client_address.value, foreign_address.value})
    EXPECT_EQ(from(good).decision.action, Decision::Action::to_servers) << good;
  for (const std::uint32_t bad : {0xffffffffU, 0xe0000001U, 0x7f000001U, 0xf0000001U, 0xc00002ffU,
                                  0xc63364ffU, downlink0.value, uplink.value})
    expect_dropped(from(bad), Drop::source_impossible);
}

}  // namespace
}  // namespace relayspec::relay::test
