// SPDX-License-Identifier: Apache-2.0
#include "relay/option82.h"

#include <random>

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

const std::string own_option = " 52 0c 01 02 63 30 02 06 02 00 5e 00 53 01 ";   // of downlink 0, untrusted
const std::string own_trusted = " 52 0c 01 02 63 31 02 06 02 00 5e 00 53 02 ";  // of downlink 1, trusted
const std::string foreign = " 52 05 01 03 61 62 63 ";

Config adding(Option82Policy policy = Option82Policy::rfc3046) {
  auto config = site();
  config.option82 = true;
  config.option82_policy = policy;
  return config;
}

std::string options(const std::string& text) { return "63 82 53 63 35 01 01 " + text; }

// What the servers see of the options; other tests check the fixed fields.
Octets relayed(const Config& config, Ingress ingress, const Octets& in) {
  const auto out = handle(config, ingress, in);
  EXPECT_EQ(out.decision.action, Decision::Action::to_servers) << describe(out.decision.reason);
  return {out.octets.begin() + std::min<std::ptrdiff_t>(at::vend, std::ssize(out.octets)), out.octets.end()};
}

Octets relayed(const Config& config, Ingress ingress, const std::string& text) {
  return relayed(config, ingress, request(options(text)));
}

Octets from_other_relay(const std::string& text) {
  auto octets = request(options(text));
  Message(octets, octets.size()).set_address(at::giaddr, foreign_address);
  return octets;
}

Octets delivered(const Config& config, std::string_view text, Ipv4 giaddr = downlink0) {
  auto octets = reply(text);
  Message(octets, octets.size()).set_address(at::giaddr, giaddr);
  const auto out = handle(config, from_uplink, octets);
  EXPECT_EQ(out.decision.action, Decision::Action::to_client) << describe(out.decision.reason);
  return {out.octets.begin() + at::vend, out.octets.end()};
}

TEST(Option82, IsOffUnlessAskedFor) {
  EXPECT_EQ(relayed(site(), from_downlink0, "ff 00 00"), hex(options("ff 00 00")));
  EXPECT_EQ(relayed(site(), from_downlink0, foreign + "ff"), hex(options(foreign + "ff")));
  EXPECT_EQ(delivered(site(), options(own_option + "ff")), hex(options(own_option + "ff")))
      << "who has not added it leaves it";
}

TEST(Option82, StandsDirectlyBeforeEndAndPaddingStays) {
  EXPECT_EQ(relayed(adding(), from_downlink0, "0c 01 61 00 00 ff 00 00 07"),
            hex(options("0c 01 61 00 00" + own_option + "ff 00 00 07")));
}

TEST(Option82, StandsBehindTheLastOptionWhereThereIsNoEnd) {
  EXPECT_EQ(relayed(adding(), from_downlink0, "0c 01 61"), hex(options("0c 01 61" + own_option)));
  EXPECT_EQ(relayed(adding(), from_downlink0, "0c 01 61 00 00"),
            hex(options("0c 01 61" + own_option + "00 00")));
}

TEST(Option82, GoesOntoEveryTypeAndOntoBootp) {
  for (const std::string& type :
       std::vector<std::string>{"", "35 01 03", "35 01 04", "35 01 07", "35 01 08", "35 01 c8"})
    EXPECT_EQ(relayed(adding(), from_downlink0, request("63 82 53 63 " + type + " ff 00*60")),
              hex("63 82 53 63 " + type + own_option + "ff 00*60"));
}

TEST(Option82, NoZerosBecomeTheValueOfAnOptionThatIsCutOff) {
  EXPECT_EQ(delivered(adding(), options("00*40" + own_trusted + "0c 09 61 62"), downlink1),
            hex(options("00*40 0c 09 61 62")));
}

TEST(Option82, DiffersFromDownlinkToDownlink) {
  EXPECT_EQ(relayed(adding(), from_downlink1, "ff"), hex(options(own_trusted + "ff")));
}

TEST(Option82, IsNotAddedWhereTheFormatIsUnknown) {
  for (const std::string_view area : {"63 82 53 64 35 01 01 ff", "00*64", "63 82 53"})
    EXPECT_EQ(relayed(adding(), from_downlink0, request(area)), hex(area));
  EXPECT_TRUE(handle(adding(), from_downlink0, request("00*64")).decision.notes.option82_no_place);
}

TEST(Option82, IsNotSentEmpty) {
  auto config = adding();
  config.downlinks[0].agent_information.clear();
  EXPECT_EQ(relayed(config, from_downlink0, "ff"), hex(options("ff")));
}

// RFC 3046, section 2.1: the limit is on the size with the option in it.
TEST(Option82, IsLeftOutAboveTheSizeLimit) {
  const auto in = request(options("ff 00*60"));
  const auto grown = in.size() + 14;
  for (const std::size_t limit : {grown - 1, grown, grown + 1, in.size(), in.size() - 1}) {
    auto config = adding();
    config.max_size = limit;
    const auto out = handle(config, from_downlink0, in);
    EXPECT_EQ(out.decision.action, Decision::Action::to_servers);
    EXPECT_EQ(out.octets.size(), limit >= grown ? grown : in.size()) << limit;
    EXPECT_EQ(out.decision.notes.option82_no_room, limit < grown) << limit;
  }
}

TEST(Option82, IsLeftOutWhereTheBufferHasNoRoom) {
  auto in = request(options("ff"));
  Message message(in, in.size());
  ServerMemory memory(0);
  const auto decision = relay::handle(adding(), memory, from_downlink0, message);
  EXPECT_EQ(decision.action, Decision::Action::to_servers);
  EXPECT_TRUE(decision.notes.option82_no_room);
  EXPECT_EQ(message.size(), in.size());
}

TEST(Option82, FromAnUntrustedDownlinkIsDroppedWhereverItStands) {
  for (const std::string& text :
       std::vector<std::string>{foreign + "ff", std::string("52 00 ff"), std::string("00 00") + foreign,
                                foreign + "0c 01 61 ff", foreign + foreign + "ff"})
    expect_dropped(handle(adding(), from_downlink0, request(options(text))), Drop::option82_untrusted);
  expect_dropped(handle(adding(), from_downlink0, request("63 82 53 63" + foreign + "35 01 01 ff")),
                 Drop::option82_untrusted);
}

TEST(Option82, BehindEndOrInOverloadedFieldsIsNone) {
  EXPECT_EQ(relayed(adding(), from_downlink0, "ff" + foreign), hex(options(own_option + "ff" + foreign)));
  auto in = request(options("34 01 03 ff"));
  put(in, at::file, foreign + "ff");
  put(in, at::sname, foreign + "ff");
  EXPECT_EQ(relayed(adding(), from_downlink0, in), hex(options("34 01 03" + own_option + "ff")));
}

TEST(Option82, MayHideBehindMalformedOptionsOfAnUntrustedDownlink) {
  for (const std::string& text : std::vector<std::string>{"0c c8 61 62", "52", "35", "52 05 01 03 61"}) {
    expect_dropped(handle(adding(), from_downlink0, request(options(text))), Drop::options_malformed);
    EXPECT_EQ(relayed(adding(), from_downlink1, text), hex(options(text))) << "trusted: as it is";
    EXPECT_EQ(relayed(adding(Option82Policy::append), from_downlink0, text), hex(options(text)));
    EXPECT_EQ(relayed(adding(), from_downlink0, from_other_relay(text)), hex(options(text)));
    EXPECT_EQ(relayed(site(), from_downlink0, text), hex(options(text)));
  }
}

TEST(Option82, FromATrustedDownlinkIsKeptAndNoneAdded) {
  EXPECT_EQ(relayed(adding(), from_downlink1, foreign + "0c 01 61 ff"),
            hex(options(foreign + "0c 01 61 ff")));
}

TEST(Option82, OfARelayedRequestIsKeptAndNoneAdded) {
  for (const auto ingress : {from_downlink0, from_downlink1}) {
    EXPECT_EQ(relayed(adding(), ingress, from_other_relay(foreign + "ff")), hex(options(foreign + "ff")));
    EXPECT_EQ(relayed(adding(), ingress, from_other_relay("ff")), hex(options("ff")));
  }
}

TEST(Option82, PoliciesApplyToRequestsOfClients) {
  using enum Option82Policy;
  const auto text = foreign + "0c 01 61 ff 00";
  const auto in = request(options(text));
  EXPECT_EQ(relayed(adding(append), from_downlink0, in),
            hex(options(foreign + "0c 01 61" + own_option + "ff 00")));
  EXPECT_EQ(relayed(adding(replace), from_downlink0, in), hex(options("0c 01 61" + own_option + "ff 00")));
  EXPECT_EQ(relayed(adding(forward), from_downlink0, in), hex(options(text)));
  expect_dropped(handle(adding(discard), from_downlink0, in), Drop::option82_policy);
  expect_dropped(handle(adding(discard), from_downlink1, in), Drop::option82_policy);
  for (const auto policy : {append, replace, forward, discard})
    EXPECT_EQ(relayed(adding(policy), from_downlink0, "ff"), hex(options(own_option + "ff")));
}

// RFC 3046, section 2.1.1: forwarded without adding any, whatever the operator wants done to clients.
TEST(Option82, PoliciesDoNotApplyBehindAnotherRelay) {
  using enum Option82Policy;
  for (const auto policy : {append, replace, forward, discard}) {
    for (const auto& text : {foreign + "0c 01 61 ff 00", std::string("ff")})
      EXPECT_EQ(relayed(adding(policy), from_downlink0, from_other_relay(text)), hex(options(text)));
  }
}

// RFC 3046, section 5.0: the relay could not be sure to find the option that it has to replace or to discard.
TEST(Option82, CannotBeReplacedOrDiscardedInMalformedOptions) {
  using enum Option82Policy;
  for (const auto policy : {replace, discard}) {
    auto config = adding(policy);
    for (auto& downlink : config.downlinks) downlink.trusted = true;
    expect_dropped(handle(config, from_downlink0, request(options("0c 01 61 52 05 01"))),
                   Drop::options_malformed);
  }
}

TEST(Option82, IsRemovedFromRepliesWhereverItStands) {
  for (const std::string& text :
       std::vector<std::string>{own_option + "0c 01 61 ff", "0c 01 61" + own_option + "ff",
                                "0c 01 61 00" + own_option + "00 ff"}) {
    auto expected = text;
    expected.erase(expected.find(own_option), own_option.size());
    EXPECT_EQ(delivered(adding(), options(text)), hex(options(expected)));
  }
  EXPECT_EQ(delivered(adding(), options("0c 01 61" + own_option)), hex(options("0c 01 61"))) << "no END";
}

TEST(Option82, IsRemovedInEveryInstanceOnAnUntrustedDownlink) {
  EXPECT_EQ(delivered(adding(), options(foreign + "0c 01 61" + own_option + "52 00 ff")),
            hex(options("0c 01 61 ff")));
  EXPECT_EQ(delivered(adding(), options("52 05 01 02 63 30 02 0c 01 61 52 07 06 02 00 5e 00 53 01 ff")),
            hex(options("0c 01 61 ff")))
      << "cut inside a sub-option";
}

TEST(Option82, OnATrustedDownlinkOnlyTheRelaysOwnIsRemoved) {
  EXPECT_EQ(delivered(adding(), options(own_trusted + "0c 01 61 ff"), downlink1),
            hex(options("0c 01 61 ff")));
  EXPECT_EQ(delivered(adding(), options("52 05 01 02 63 31 02 52 07 06 02 00 5e 00 53 02 ff"), downlink1),
            hex(options("ff")));
  for (const auto& text :
       {foreign + "ff", foreign + own_trusted + "ff", own_trusted + foreign + "ff", std::string("52 00 ff")})
    EXPECT_EQ(delivered(adding(), options(text), downlink1), hex(options(text)));
}

// A server may give both back in one option (RFC 3396 joins them), or in two.
TEST(Option82, WhatWasAppendedIsCutOffAgain) {
  const auto config = adding(Option82Policy::append);
  EXPECT_EQ(delivered(config, options(foreign + own_trusted + "ff"), downlink1),
            hex(options(foreign + "ff")));
  EXPECT_EQ(delivered(config, options("52 11 01 03 61 62 63 01 02 63 31 02 06 02 00 5e 00 53 02 0c 01 61 ff"),
                      downlink1),
            hex(options(foreign + "0c 01 61 ff")));
  EXPECT_EQ(
      delivered(config, options("52 06 01 03 61 62 63 01 0c 01 61 52 0b 02 63 31 02 06 02 00 5e 00 53 02 ff"),
                downlink1),
      hex(options(foreign + "0c 01 61 ff")));
}

TEST(Option82, InOverloadedFieldsOrBehindEndOfAReplyIsLeft) {
  EXPECT_EQ(delivered(adding(), options("ff" + own_option)), hex(options("ff" + own_option)));
  auto in = reply(options("34 01 03" + own_option + "ff"));
  put(in, at::file, own_option + "ff");
  put(in, at::sname, own_option + "ff");
  auto expected = reply(options("34 01 03 ff"));
  put(expected, at::file, own_option + "ff");
  put(expected, at::sname, own_option + "ff");
  EXPECT_EQ(handle(adding(), from_uplink, in).octets, expected);
}

TEST(Option82, ReplyInWhichItMayHideIsDropped) {
  for (const std::string& text : std::vector<std::string>{"52 ff 01 02", "52", "0c c8 61"}) {
    expect_dropped(handle(adding(), from_uplink, reply(options(text))), Drop::options_malformed);
    EXPECT_EQ(delivered(adding(), options(text), downlink1), hex(options(text)));
    EXPECT_EQ(delivered(site(), options(text)), hex(options(text)));
  }
}

// RFC 1542, section 2.1: from 300 octets on a message is long enough for strict clients, and stays so.
TEST(Option82, RemovalKeepsLongEnoughMessagesLongEnough) {
  for (const std::size_t size : {299, 300, 301, 313, 314, 315}) {
    auto in = reply(options(own_option + "ff"));
    in.resize(size, 0x77);
    const auto out = handle(adding(), from_uplink, in);
    auto expected = reply(options("ff"));
    expected.resize(size - 14, 0x77);
    if (size >= 300 && expected.size() < 300) expected.resize(300, 0);
    EXPECT_EQ(out.octets, expected) << size;
  }
}

// Whatever the message, what is put in comes out again and leaves nothing behind.
TEST(Option82, RemovingUndoesAdding) {
  std::mt19937 random(3046);
  const auto below = [&](unsigned limit) { return static_cast<std::uint8_t>(random() % limit); };
  for (int round = 0; round < 2000; ++round) {
    auto octets = request("63 82 53 63");
    for (unsigned n = below(12); n > 0; --n) {
      const auto kind = below(4);
      if (kind == 0) {
        octets.push_back(0);
        continue;
      }
      octets.push_back(static_cast<std::uint8_t>(1 + below(81)));
      octets.push_back(kind == 1 ? 0 : kind == 2 ? 255 : below(20));
      for (unsigned i = octets.back(); i > 0; --i) octets.push_back(below(256));
    }
    if (below(4) != 0) octets.push_back(255);
    if (octets.back() == 255) octets.resize(octets.size() + below(100), below(256));
    const auto before = octets;
    Octets content(1 + below(255));
    for (auto& octet : content) octet = below(256);

    octets.resize(before.size() + 2 + content.size(), 0xdb);
    Message message(octets, before.size());
    ASSERT_TRUE(insert_agent_information(message, content));
    ASSERT_EQ(message.size(), octets.size());
    if (round % 2 == 0) remove_agent_information(message);
    if (round % 2 == 1) remove_agent_information(message, content, true);
    ASSERT_EQ(Octets(message.octets().begin(), message.octets().end()), before) << "round " << round;
  }
}

// RFC 3396, section 6: an option that is too long goes on in another of the same code, cut at any octet.
TEST(Option82, GoesOnInASecondInstance) {
  for (const std::size_t length : {254, 255, 256, 510}) {
    auto config = adding();
    config.downlinks[0].agent_information = Octets(length, 0x07);
    const auto out = relayed(config, from_downlink0, "ff");
    const std::size_t headers = length > 255 ? 4 : 2;
    ASSERT_EQ(out.size(), 7 + headers + length + 1);
    EXPECT_EQ(out[8], std::min<std::size_t>(length, 255));
    if (length > 255) {
      EXPECT_EQ(out[7 + 2 + 255], 82) << "the second instance";
      EXPECT_EQ(out[7 + 2 + 255 + 1], length - 255);
    }
    EXPECT_EQ(out.back(), 255);
  }
}

// RFC 5010, section 3.
TEST(Option82, FlagsSayHowTheRequestCame) {
  auto config = adding();
  config.downlinks[0].agent_information = hex("01 01 61 0a 01 00");
  config.downlinks[0].flags_at = 5;
  auto unicast = from_downlink0;
  unicast.unicast = true;
  EXPECT_EQ(relayed(config, from_downlink0, "ff"), hex(options("52 06 01 01 61 0a 01 00 ff")));
  EXPECT_EQ(relayed(config, unicast, "ff"), hex(options("52 06 01 01 61 0a 01 80 ff")));
}

// The flags of the echo are those of the request, whichever they were.
TEST(Option82, IsTakenOutOnATrustedDownlinkWithAnyFlags) {
  auto config = adding();
  config.downlinks[1].agent_information = hex("01 01 61 0a 01 00");
  config.downlinks[1].flags_at = 5;
  for (const char* flags : {"00", "80"}) {
    const auto echo = "52 06 01 01 61 0a 01 " + std::string(flags) + " ";
    EXPECT_EQ(delivered(config, options(echo + "ff"), downlink1), hex(options("ff")));
  }
  EXPECT_EQ(delivered(config, options("52 06 01 01 62 0a 01 00 ff"), downlink1),
            hex(options("52 06 01 01 62 0a 01 00 ff")))
      << "another's stays";
}

// RFC 3527, section 3 leaves giaddr to the relay; RFC 3046, section 3.1 has the circuit-id name the network
// of the reply.
TEST(Option82, TellsWhoseAReplyToASharedGiaddrIs) {
  auto config = adding();
  config.shared_giaddr = uplink;
  const auto to = [&](const std::string& echo) {
    auto octets = reply(options(echo + "ff"));
    Message(octets, octets.size()).set_address(at::giaddr, uplink);
    return handle(config, from_uplink, octets);
  };
  EXPECT_EQ(to(own_option).decision.downlink, 0U);
  EXPECT_EQ(to(own_trusted).decision.downlink, 1U);
  EXPECT_EQ(to("52 02 02 00 52 02 01 02 52 02 63 31 ").decision.downlink, 1U) << "split and in another order";
  EXPECT_EQ(to(own_trusted).decision.source, downlink1);
  expect_dropped(to(""), Drop::circuit_unknown);
  expect_dropped(to(foreign), Drop::circuit_unknown);
  config.downlinks.pop_back();
  EXPECT_EQ(to("").decision.action, Decision::Action::to_client) << "there is but one";
}

TEST(Option82, ASharedGiaddrIsInEveryRequest) {
  auto config = adding();
  config.shared_giaddr = uplink;
  for (const auto& from : {from_downlink0, from_downlink1}) {
    auto out = handle(config, from, request(options("ff"))).octets;
    EXPECT_EQ(Message(out, out.size()).giaddr(), uplink);
  }
}

// RFC 6607, sections 5 and 5.1.
TEST(Option82, RepliesOfAnotherVpnAreDropped) {
  auto config = adding();
  config.downlinks[0].agent_information = hex("97 04 00 72 65 64 98 00");
  config.downlinks[0].vpn = hex("00 72 65 64");
  const auto to = [&](const std::string& echo) {
    return handle(config, from_uplink, reply(options(echo + "ff")));
  };
  EXPECT_EQ(to("52 06 97 04 00 72 65 64 ").decision.action, Decision::Action::to_client);
  expect_dropped(to("52 07 97 05 00 62 6c 75 65 "), Drop::vpn_unknown);
  expect_dropped(to("52 08 97 04 00 72 65 64 98 00 "), Drop::vpn_ignored);
}

}  // namespace
}  // namespace relayspec::relay::test
