// SPDX-License-Identifier: Apache-2.0
// DHCPv4 as the engine sees it: what a frame of the relay is, what the lab's hosts answer, which rule an
// unexpected message breaks.
#include "harness/dhcp4/protocol.h"

#include <gmock/gmock.h>
#include <tins/tins.h>

#include <algorithm>

#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using testing::AllOf;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ProtocolOfDhcp4 : public testing::Test {
 protected:
  std::optional<Sighting> read(Bytes frame, Segment segment = Segment::uplink) {
    auto s = protocol.read({.segment = segment, .bytes = std::move(frame)});
    if (s) s->segment = segment;
    return s;
  }
  static Bytes arp_request(Ipv4 target) {
    return Tins::ARP::make_arp_request(target, relay_address(Segment::uplink), relay_mac(Segment::uplink))
        .serialize();
  }
  std::vector<Protocol::Answer> answer(Bytes frame, Segment segment = Segment::uplink) {
    return protocol.answer({.segment = segment, .bytes = std::move(frame)});
  }

  Model model{World{}};
  Protocol4 protocol{model};
};

using ReadFrames = ProtocolOfDhcp4;

TEST_F(ReadFrames, AMessageHasItsXidAsKey) {
  const auto s = read(plain_request().frame());
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->whole());
  EXPECT_TRUE(s->of_protocol);
  EXPECT_EQ(s->key, 0x51020304U);
  EXPECT_EQ(datagram_of(*s).payload, plain_request().payload());
  EXPECT_FALSE(s->fragments_of);
}

TEST_F(ReadFrames, AShortMessageHasNoKey) {
  Stimulus stimulus = plain_request();
  stimulus.size = 7;
  EXPECT_EQ(read(stimulus.frame())->key, std::nullopt);
  stimulus.size = 8;
  EXPECT_EQ(read(stimulus.frame())->key, 0x51020304U);
}

// One port of DHCP is enough: a relay may corrupt the other.
TEST_F(ReadFrames, IsOfTheProtocolByEitherPort) {
  const std::tuple<std::uint16_t, std::uint16_t, bool> ports[] = {{67, 4000, true}, {4000, 67, true},
                                                                  {68, 4000, true}, {4000, 68, true},
                                                                  {66, 69, false},  {4000, 4000, false}};
  for (const auto& [from, to, expected] : ports) {
    Stimulus stimulus = plain_request();
    stimulus.envelope.sport = from;
    stimulus.envelope.dport = to;
    EXPECT_EQ(read(stimulus.frame())->of_protocol, expected) << from << " to " << to;
  }
}

TEST_F(ReadFrames, ArpIsOfNoInterest) { EXPECT_FALSE(read(arp_request(server_address(0)))); }

TEST_F(ReadFrames, ABrokenDatagramMayBeAPartOfAMessage) {
  Stimulus stimulus = plain_request();
  stimulus.envelope.udp_length = std::uint16_t{7};
  const auto s = read(stimulus.frame());
  ASSERT_TRUE(s);
  EXPECT_FALSE(s->whole());
  EXPECT_TRUE(s->of_protocol);
}

TEST_F(ReadFrames, AnotherProtocolIsNoPart) {
  Bytes icmp = plain_request().frame();
  icmp[23] = 1;
  for (const Bytes& frame : {icmp, Bytes{}, Bytes(13, 0), Bytes(60, 0), Bytes(33, 8)}) {
    const auto s = read(frame);
    ASSERT_TRUE(s);
    EXPECT_FALSE(s->whole());
    EXPECT_FALSE(s->of_protocol) << frame.size();
  }
}

// RFC 791: in whatever order they come.
TEST_F(ReadFrames, FragmentsMakeAMessageInAnyOrder) {
  std::vector<Bytes> parts = fragments(plain_request().frame(), 112);
  ASSERT_THAT(parts, SizeIs(3));
  std::sort(parts.begin(), parts.end());
  do {
    SCOPED_TRACE(testing::PrintToString(parts.front().at(21)));
    for (const Bytes& part : parts) {
      const auto s = read(part);
      ASSERT_TRUE(s);
      EXPECT_EQ(s->fragments_of, 0x5253U);
      EXPECT_TRUE(s->of_protocol);
      EXPECT_EQ(s->whole(), part == parts.back());
      if (s->whole()) {
        EXPECT_EQ(datagram_of(*s).payload, plain_request().payload());
        EXPECT_EQ(s->key, 0x51020304U);
      }
    }
    protocol.forget();
  } while (std::next_permutation(parts.begin(), parts.end()));
}

TEST_F(ReadFrames, FragmentsOfTwoSegmentsMakeNoMessage) {
  const std::vector<Bytes> parts = fragments(plain_request().frame(), 160);
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_FALSE(read(parts[0], Segment::uplink)->whole());
  EXPECT_FALSE(read(parts[1], Segment::downlink0)->whole());
  EXPECT_TRUE(read(parts[1], Segment::uplink)->whole());
}

TEST_F(ReadFrames, FragmentsAreForgotten) {
  const std::vector<Bytes> parts = fragments(plain_request().frame(), 160);
  read(parts[0]);
  protocol.forget();
  EXPECT_FALSE(read(parts[1])->whole());
}

// RFC 826.
using AddressResolution = ProtocolOfDhcp4;

TEST_F(AddressResolution, ServersAnswerOnTheUplink) {
  for (std::size_t n = 0; n < server_count; ++n) {
    const auto answers = answer(arp_request(server_address(n)));
    ASSERT_THAT(answers, SizeIs(1));
    EXPECT_EQ(answers[0].out.segment, Segment::uplink);
    const Tins::EthernetII eth(answers[0].out.frame.data(),
                               static_cast<std::uint32_t>(answers[0].out.frame.size()));
    const auto& arp = eth.rfind_pdu<Tins::ARP>();
    EXPECT_EQ(eth.dst_addr(), relay_mac(Segment::uplink));
    EXPECT_EQ(arp.opcode(), Tins::ARP::REPLY);
    EXPECT_EQ(arp.sender_ip_addr(), server_address(n));
    EXPECT_EQ(arp.sender_hw_addr(), server_mac(n));
    EXPECT_EQ(arp.target_ip_addr(), relay_address(Segment::uplink));
    EXPECT_EQ(answers[0].comment, "ARP answer of " + lab_topology().role_of(server_address(n)));
  }
}

TEST_F(AddressResolution, NoHostAnswersForAnother) {
  EXPECT_THAT(answer(arp_request(Ipv4("198.51.100.77"))), IsEmpty());
  EXPECT_THAT(answer(arp_request(server_address(0)), Segment::downlink0), IsEmpty());
}

TEST_F(AddressResolution, IsNotedUntilItIsForgotten) {
  EXPECT_FALSE(protocol.is_resolving());
  answer(arp_request(server_address(0)));
  EXPECT_FALSE(protocol.is_resolving()) << "it has its answer";
  EXPECT_FALSE(protocol.has_asked_in_vain(Segment::uplink, server_address(0)));
  const Ipv4 unused = host_address(Segment::uplink, 99);
  answer(arp_request(unused));
  EXPECT_TRUE(protocol.is_resolving());
  EXPECT_TRUE(protocol.has_asked_in_vain(Segment::uplink, unused));
  EXPECT_FALSE(protocol.has_asked_in_vain(Segment::downlink0, unused));
  EXPECT_FALSE(protocol.has_asked_in_vain(Segment::uplink, host_address(Segment::uplink, 98)));
  protocol.forget();
  EXPECT_FALSE(protocol.is_resolving());
  EXPECT_FALSE(protocol.has_asked_in_vain(Segment::uplink, unused));
}

TEST_F(AddressResolution, SaysWhoIsAskedForInVain) {
  answer(arp_request(server_address(0)));
  EXPECT_EQ(protocol.host_says(), "");
  answer(arp_request(Ipv4("198.51.100.99")));
  EXPECT_EQ(protocol.host_says(), "asks by ARP for 198.51.100.99, which no host has");
  protocol.forget();
  EXPECT_EQ(protocol.host_says(), "");
}

TEST_F(ProtocolOfDhcp4, SaysWhereNobodyListens) {
  const Bytes sent = plain_reply().frame();
  const auto icmp = [&](std::uint8_t code) {
    Tins::ICMP error(Tins::ICMP::DEST_UNREACHABLE);
    error.code(code);
    return (Tins::EthernetII(server_mac(0), relay_mac(Segment::uplink)) /
            Tins::IP(server_address(0), relay_address(Segment::uplink)) / error /
            Tins::RawPDU(sent.data() + 14, 28))
        .serialize();
  };
  answer(icmp(1));
  EXPECT_EQ(protocol.host_says(), "") << "a host that cannot be reached";
  const Bytes refusal = icmp(3);
  for (std::size_t n = 0; n < 66; ++n)
    answer(Bytes(refusal.begin(), refusal.begin() + static_cast<std::ptrdiff_t>(n)));
  EXPECT_EQ(protocol.host_says(), "") << "broken ones";
  answer(refusal);
  EXPECT_EQ(protocol.host_says(), "says by ICMP that nobody listens at " +
                                      lab_topology().role_of(decode_udp(sent)->ip_dst) + " port 67");
  protocol.forget();
  EXPECT_EQ(protocol.host_says(), "");
}

TEST_F(AddressResolution, TheRelaysOwnAnswersAreNoted) {
  const Ipv4 own = relay_address(Segment::downlink0);
  const Bytes reply = Tins::ARP::make_arp_reply(host_address(Segment::downlink0, 100), own, client_mac,
                                                relay_mac(Segment::downlink0))
                          .serialize();
  EXPECT_THAT(answer(reply, Segment::downlink0), IsEmpty());
  EXPECT_TRUE(protocol.has_answered_for(Segment::downlink0, own));
  EXPECT_FALSE(protocol.has_answered_for(Segment::uplink, own));
  EXPECT_FALSE(protocol.is_resolving());
  protocol.forget();
  EXPECT_FALSE(protocol.has_answered_for(Segment::downlink0, own));
}

TEST_F(AddressResolution, AHostAnswersUntilItIsForgotten) {
  const Ipv4 lease = host_address(Segment::downlink0, 100);
  protocol.add_host(Segment::downlink0, lease, client_mac);
  EXPECT_THAT(answer(arp_request(lease), Segment::downlink0), SizeIs(1));
  protocol.forget();
  EXPECT_THAT(answer(arp_request(lease), Segment::downlink0), IsEmpty());
  EXPECT_THAT(answer(arp_request(server_address(0))), SizeIs(1)) << "servers stay";
}

TEST_F(AddressResolution, BrokenFramesAreNotAnswered) {
  const Bytes whole = arp_request(server_address(0));
  for (std::size_t n = 0; n < 42; ++n)
    EXPECT_THAT(answer(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), IsEmpty()) << n;
  EXPECT_FALSE(protocol.is_resolving());
  EXPECT_THAT(answer(plain_request().frame()), IsEmpty());
}

// By where it came out, what it is, and whether a request was sent there.
TEST_F(ProtocolOfDhcp4, NamesTheRuleAgainstWhatNothingAsksFor) {
  const auto rule = [&](const Bytes& frame, Segment segment, bool sent_there) {
    return protocol.rule_against(*read(frame, segment), sent_there);
  };
  const Bytes request = plain_request().frame(), reply = plain_reply().frame();
  Stimulus copy = plain_request();
  copy.envelope.eth_dst = server_mac(0);
  copy.envelope.ip_dst = server_address(0);
  const Bytes to_server = copy.frame();
  for (const bool sent_there : {false, true}) {
    EXPECT_EQ(rule(request, Segment::uplink, sent_there), "RFC1542-4.1.1-destination-configurable");
    EXPECT_EQ(rule(to_server, Segment::uplink, sent_there), "SRV-each-gets-copy");
    EXPECT_EQ(rule(reply, Segment::uplink, sent_there), "RFC1542-4.1.2-reply-only-to-clients");
  }
  EXPECT_EQ(rule(request, Segment::downlink0, true), "RFC1542-4.1.1-no-rebroadcast-on-ingress");
  EXPECT_EQ(rule(to_server, Segment::downlink0, true), "SRV-each-gets-copy") << "the server's link";
  EXPECT_EQ(rule(request, Segment::downlink1, false), "IF-request-not-leaked");
  EXPECT_EQ(rule(reply, Segment::downlink0, true), "SRV-reply-once");
  EXPECT_EQ(rule(reply, Segment::downlink1, false), "IF-reply-only-owner");
  Stimulus corrupted = plain_reply();
  corrupted.message.op = boot_request;
  EXPECT_EQ(rule(corrupted.frame(), Segment::downlink0, true), "SRV-reply-once") << "yiaddr tells a reply";
  Stimulus empty = plain_request();
  empty.size = 0;
  EXPECT_EQ(rule(empty.frame(), Segment::downlink0, true), "SRV-reply-once") << "no op: no request";
}

TEST_F(ProtocolOfDhcp4, OnSharedLinksFramesOfOthersAreForeign) {
  const auto is_foreign = [&](const Mac& sender, const Bytes& chaddr) {
    const Envelope from{.eth_dst = Mac::broadcast,
                        .eth_src = sender,
                        .ip_dst = Ipv4("255.255.255.255"),
                        .ip_src = Ipv4("0.0.0.0"),
                        .sport = std::uint16_t{68},
                        .dport = std::uint16_t{67}};
    const Message m{.chaddr = chaddr, .options = {{option::type(Type::discover)}}};
    return protocol.is_foreign({.segment = Segment::uplink, .bytes = encode_udp(from, encode(m))});
  };
  const Mac other("06:11:22:33:44:55");
  const Bytes others(other.begin(), other.end()), played{0x02, 0x00, 0x5e, 0x0c, 0x00, 0x01};
  EXPECT_FALSE(is_foreign(other, others)) << "the lab is the relay's alone";
  model.world().shares_links = true;
  EXPECT_TRUE(is_foreign(other, others));
  EXPECT_FALSE(is_foreign(relay_mac(Segment::uplink), others));
  EXPECT_TRUE(is_foreign(relay_mac(Segment::downlink0), others)) << "of another of its links";
  EXPECT_FALSE(is_foreign(other, played)) << "a relay may send from any address";
  EXPECT_TRUE(protocol.is_foreign({.segment = Segment::uplink, .bytes = {1, 2, 3}}));
  Bytes ipv6 = (Tins::EthernetII("33:33:00:00:00:02", relay_mac(Segment::uplink)) / Tins::IPv6()).serialize();
  EXPECT_TRUE(protocol.is_foreign({.segment = Segment::uplink, .bytes = ipv6})) << "of the relay's host";
}

TEST_F(ProtocolOfDhcp4, SaysWhatAMessageIsAndWhereItGoes) {
  const auto s = read(plain_reply().frame());
  EXPECT_THAT(protocol.summary(*s), AllOf(HasSubstr("OFFER"), HasSubstr("0x51020304")));
  EXPECT_EQ(protocol.addressed(*s),
            "from server 1 (198.51.100.2) port 67 to the relay's address on downlink0 (192.0.2.1) port 67, "
            "link destination the relay's uplink0 (02:00:5e:01:02:01)");
}

TEST_F(ProtocolOfDhcp4, SaysOfAFragmentThatItIsNoWholeDatagram) {
  const Bytes part = fragments(plain_reply().frame(), 64).front();
  const auto s = read(part);
  ASSERT_FALSE(s->whole());
  EXPECT_EQ(protocol.summary(*s), "a frame that is no whole datagram");
}

// RFC 1542, section 4.1.1: hops end what goes round; what comes out until then is no copy too many.
TEST_F(ProtocolOfDhcp4, ARelayThatIsItsOwnServerMayPassARequestOnAsOftenAsHopsAllow) {
  protocol.relay_starts({.server_list = {relay_address(Segment::uplink), server_address(0)}});
  EXPECT_EQ(protocol.request_copies(), 2U * 17U);
  EXPECT_EQ(protocol.rule_against(*read(plain_request().frame(), Segment::uplink), false), "HOP-loop-self");
}

// With a shared giaddr the rule goes by how the reply came out.
TEST_F(ProtocolOfDhcp4, NamesTheRuleAgainstAReplyOnAnotherNetworkOfASharedGiaddr) {
  protocol.relay_starts({.option82 = true, .link_selection = true});
  Stimulus reply = plain_reply();
  reply.message.flags = std::uint16_t{0};
  EXPECT_EQ(protocol.rule_against(*read(reply.frame(), Segment::downlink1), false),
            "RFC3527-shared-giaddr-demux");
  reply.message.flags = broadcast_flag;
  EXPECT_EQ(protocol.rule_against(*read(reply.frame(), Segment::downlink1), false),
            "RFC3046-4.0-broadcast-only-on-circuit");
}

TEST_F(ProtocolOfDhcp4, StartsWithTheSettingsOfTheRelay) {
  protocol.relay_starts({.servers = 3});
  EXPECT_EQ(protocol.request_copies(), 3U);
  EXPECT_EQ(model.world().settings.servers, 3U);
}

}  // namespace
}  // namespace relayspec::dhcp4
