// SPDX-License-Identifier: Apache-2.0
#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

const std::string by_server1 = " 36 04 c6 33 64 02 ", by_server2 = " 36 04 c6 33 64 03 ",
                  by_relay = " 36 04 c6 33 64 01 ", by_giaddr = " 36 04 c0 00 02 01 ",
                  asks_for_100 = " 32 04 c0 00 02 64 ";

Config standing_in() {
  auto config = site();
  config.server_id = ServerId::rewrite;
  return config;
}

std::string options(const std::string& type, const std::string& rest) {
  return "63 82 53 63 35 01 " + type + rest + "ff";
}

class ServerIdRewrite : public testing::Test {
 protected:
  // The message behind the fixed fields.
  Octets area(const Outcome& out, Decision::Action action) {
    EXPECT_EQ(out.decision.action, action) << describe(out.decision.reason);
    return {out.octets.begin() + at::vend, out.octets.end()};
  }
  Octets down(const Octets& in) {
    return area(handle(config, memory, from_uplink, in), Decision::Action::to_client);
  }
  Octets up(const Octets& in, Ingress ingress = from_downlink0) {
    return area(handle(config, memory, ingress, in), Decision::Action::to_servers);
  }
  Octets offer(const std::string& server, std::string_view yiaddr = "c0 00 02 64",
               std::string_view xid = "c0 ff ee 01") {
    return answer("02", server, yiaddr, xid);
  }
  Octets answer(const std::string& type, const std::string& server, std::string_view yiaddr = "c0 00 02 64",
                std::string_view xid = "c0 ff ee 01") {
    auto octets = reply(options(type, server));
    put(octets, at::yiaddr, yiaddr);
    put(octets, at::xid, xid);
    return octets;
  }

  Config config = standing_in();
  ServerMemory memory{64};
};

TEST_F(ServerIdRewrite, RepliesNameTheRelay) {
  for (const std::string& type : std::vector<std::string>{"02", "05", "06"})
    EXPECT_EQ(down(answer(type, by_server1)), hex(options(type, by_relay))) << type;
  config.server_id_address = ServerIdAddress::giaddr;
  EXPECT_EQ(down(offer(by_server1)), hex(options("02", by_giaddr)));
}

TEST_F(ServerIdRewrite, OtherRepliesAreLeft) {
  for (const std::string& type : std::vector<std::string>{"09", "0d", "c8"})
    EXPECT_EQ(down(answer(type, by_server1)), hex(options(type, by_server1))) << type;
  EXPECT_EQ(down(reply("63 82 53 63" + by_server1 + "ff")), hex("63 82 53 63" + by_server1 + "ff"));
  EXPECT_EQ(down(answer("02", "")), hex(options("02", ""))) << "none is invented";
}

TEST_F(ServerIdRewrite, TransparentTouchesNothing) {
  config.server_id = ServerId::transparent;
  EXPECT_EQ(down(offer(by_server1)), hex(options("02", by_server1)));
  EXPECT_EQ(up(request(options("03", by_relay))), hex(options("03", by_relay)));
}

TEST_F(ServerIdRewrite, RequestsNameTheChosenServerAgain) {
  down(offer(by_server2));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server2 + asks_for_100)));
  EXPECT_EQ(up(request(options("04", by_relay + asks_for_100))),
            hex(options("04", by_server2 + asks_for_100)));
  auto release = request(options("07", by_relay));
  put(release, at::ciaddr, "c0 00 02 64");
  EXPECT_EQ(up(release), hex(options("07", by_server2)));
}

TEST_F(ServerIdRewrite, WhatDoesNotNameTheRelayIsLeft) {
  down(offer(by_server1));
  const std::string foreign54 = " 36 04 c0 00 02 63 ";
  EXPECT_EQ(up(request(options("03", foreign54 + asks_for_100))),
            hex(options("03", foreign54 + asks_for_100)));
  EXPECT_EQ(up(request(options("03", by_server2 + asks_for_100))),
            hex(options("03", by_server2 + asks_for_100)));
  auto renewal = request(options("03", ""));
  put(renewal, at::ciaddr, "c0 00 02 64");
  EXPECT_EQ(up(renewal), hex(options("03", ""))) << "a renewal has none, and none is invented";
  EXPECT_EQ(up(request(options("01", by_relay))), hex(options("01", by_relay)))
      << "not a type that chooses a server";
}

TEST_F(ServerIdRewrite, TheAddressAskedForTellsOffersApart) {
  down(offer(by_server1, "c0 00 02 64"));
  down(offer(by_server2, "c0 00 02 65"));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server1 + asks_for_100)));
  EXPECT_EQ(up(request(options("03", by_relay + "32 04 c0 00 02 65"))),
            hex(options("03", by_server2 + "32 04 c0 00 02 65")));
}

TEST_F(ServerIdRewrite, OfTwoOffersOfOneAddressTheFirstCounts) {
  down(offer(by_server1));
  down(offer(by_server2));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server1 + asks_for_100)));
  down(offer(by_server2, "c0 00 02 64", "c0 ff ee 02"));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server2 + asks_for_100)))
      << "another transaction";
}

// RFC 2131, table 5: a RELEASE names its lease in ciaddr alone.
TEST_F(ServerIdRewrite, Option50SaysNothingOfARelease) {
  down(offer(by_server2));
  auto in = request(options("07", by_relay + "32 04 c0 00 02 65"));
  put(in, at::ciaddr, "c0 00 02 64");
  EXPECT_EQ(up(in), hex(options("07", by_server2 + "32 04 c0 00 02 65")));
}

TEST_F(ServerIdRewrite, AnAckSettlesIt) {
  down(offer(by_server1));
  down(answer("05", by_server2));
  EXPECT_EQ(up(request(options("04", by_relay + asks_for_100))),
            hex(options("04", by_server2 + asks_for_100)));
  down(offer(by_server1));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server1 + asks_for_100)))
      << "an xid that the client uses again";
}

TEST_F(ServerIdRewrite, ClientsAreKeptApart) {
  auto a = offer(by_server1), b = offer(by_server2);
  put(b, at::chaddr, "02 00 5e 00 53 bb");
  down(a);
  down(b);
  auto ask = request(options("03", by_relay + asks_for_100));
  EXPECT_EQ(up(ask), hex(options("03", by_server1 + asks_for_100)));
  put(ask, at::chaddr, "02 00 5e 00 53 bb");
  EXPECT_EQ(up(ask), hex(options("03", by_server2 + asks_for_100)));
}

TEST_F(ServerIdRewrite, OctetsBehindHlenAreNoPartOfTheClient) {
  auto answered = offer(by_server2);
  put(answered, at::chaddr + 6, "00 00 00 00 00 00 00 00 00 00");
  down(answered);
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server2 + asks_for_100)));
}

TEST_F(ServerIdRewrite, DownlinksAreKeptApart) {
  down(offer(by_server1));
  const auto out = handle(config, memory, from_downlink1, request(options("03", by_relay + asks_for_100)));
  expect_dropped(out, Drop::server_unknown);
}

TEST_F(ServerIdRewrite, UnknownLeasesGoToTheOnlyServerOrNowhere) {
  for (const std::string& type : std::vector<std::string>{"03", "04", "07"})
    expect_dropped(handle(config, memory, from_downlink0, request(options(type, by_relay + asks_for_100))),
                   Drop::server_unknown);
  config.servers = {server2};
  for (const std::string& type : std::vector<std::string>{"03", "04", "07"}) {
    const auto out = handle(config, memory, from_downlink0, request(options(type, by_relay + asks_for_100)));
    EXPECT_EQ(Octets(out.octets.begin() + at::vend, out.octets.end()),
              hex(options(type, by_server2 + asks_for_100)));
    EXPECT_TRUE(out.decision.notes.server_assumed);
  }
}

TEST_F(ServerIdRewrite, AnyOwnAddressNamesTheRelay) {
  down(offer(by_server1));
  EXPECT_EQ(up(request(options("03", by_giaddr + asks_for_100))),
            hex(options("03", by_server1 + asks_for_100)));
}

TEST_F(ServerIdRewrite, OverloadedFieldsCount) {
  auto in = reply("63 82 53 63 34 01 03 ff");
  put(in, at::file, "35 01 02 36 04 c6 33 64 02 ff");
  put(in, at::sname, "36 04 c6 33 64 02 ff");
  auto expected = in;
  put(expected, at::file, "35 01 02 36 04 c6 33 64 01 ff");
  put(expected, at::sname, "36 04 c6 33 64 01 ff");
  EXPECT_EQ(handle(config, memory, from_uplink, in).octets, expected);
}

TEST_F(ServerIdRewrite, Only4OctetsAreAnAddress) {
  for (const std::string& odd : std::vector<std::string>{
           " 36 00 ", " 36 03 c6 33 64 ", " 36 05 c6 33 64 02 02 ", " 36 08 c6 33 64 02 c6 33 64 03 "})
    EXPECT_EQ(down(answer("02", odd)), hex(options("02", odd)));
  const std::string_view truncated = "63 82 53 63 35 01 02 36 04 c6 33 64";
  EXPECT_EQ(down(reply(truncated)), hex(truncated));
}

TEST_F(ServerIdRewrite, AuthenticatedMessagesAreLeft) {
  const std::string signed_ = " 5a 0b 01 01 00 00*8 ";
  const auto out = handle(config, memory, from_uplink, reply(options("02", by_server1 + signed_)));
  EXPECT_EQ(Octets(out.octets.begin() + at::vend, out.octets.end()),
            hex(options("02", by_server1 + signed_)));
  EXPECT_TRUE(out.decision.notes.server_id_signed);
  EXPECT_EQ(up(request(options("03", by_relay + signed_))), hex(options("03", by_relay + signed_)));
}

TEST_F(ServerIdRewrite, WorksTogetherWithOption82) {
  config.option82 = true;
  const std::string own = " 52 0c 01 02 63 30 02 06 02 00 5e 00 53 01 ";
  EXPECT_EQ(down(offer(own + by_server2)), hex(options("02", by_relay)));
  EXPECT_EQ(up(request(options("03", by_relay + asks_for_100))),
            hex(options("03", by_server2 + asks_for_100 + own)));
}

}  // namespace
}  // namespace relayspec::relay::test
