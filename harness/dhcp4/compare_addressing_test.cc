// SPDX-License-Identifier: Apache-2.0
// Each way in which a datagram can be addressed wrongly: one flaw in an otherwise flawless one, and the judge
// has to name just that.
#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Flaw {
  const char* name;
  Expected expected;
  void (*corrupt)(Datagram&);
  const char *field, *requirement;
};

void PrintTo(const Flaw& f, std::ostream* out) { *out << f.name; }

class Addressing : public testing::TestWithParam<Flaw> {};

TEST_P(Addressing, OfOneFlawIsFound) {
  const Flaw& flaw = GetParam();
  Datagram d = flawless(flaw.expected);
  ASSERT_THAT(compare(flaw.expected, d), IsEmpty());

  flaw.corrupt(d);

  const auto found = compare(flaw.expected, d);
  EXPECT_THAT(found, ElementsAre(differs(flaw.field, flaw.requirement)));
}

Expected proxied() {
  Expected e = expected_reply();
  e.broadcast_only = true;
  return e;
}

Expected unicast_only() {
  Expected e = expected_unicast();
  e.forms.pop_back();
  return e;
}

// Without the flag, where hlen allows broadcast alone.
Expected of_length(std::uint8_t hlen) {
  Expected e = expected_unicast();
  e.message[2] = hlen;
  e.message[10] = 0;
  e.forms = {{Mac::broadcast, everyone}};
  return e;
}
void to_client(Datagram& d) {
  d.eth_dst = client_mac;
  d.ip_dst = host_address(Segment::downlink0, 100);
}

const Flaw flaws[] = {
    // Requests.
    {"AnotherServer", expected_request(), [](Datagram& d) { d.ip_dst = server_address(1); }, "destination",
     "RFC1542-4.1.1-destination-configurable"},
    {"AnotherServersLink", expected_request(), [](Datagram& d) { d.eth_dst = server_mac(1); }, "destination",
     "RFC1542-4.1.1-destination-configurable"},
    {"RequestToEveryone", expected_request(), [](Datagram& d) { d.eth_dst = Mac::broadcast; }, "destination",
     "RFC1542-4.1.1-destination-configurable"},
    {"RequestToPort68", expected_request(), [](Datagram& d) { d.dport = 68; }, "UDP destination port",
     "RFC2131-4.1-server-port-67"},
    {"RequestFromPort68", expected_request(), [](Datagram& d) { d.sport = 68; }, "UDP source port",
     "RFC2131-4.1-sport-67-request"},
    {"RequestFromTheClient", expected_request(), [](Datagram& d) { d.ip_src = Ipv4(); }, "IP source",
     "RFC1122-3.2.1.3-src-own-address"},
    {"RequestFromAnotherLink", expected_request(), [](Datagram& d) { d.eth_src = client_mac; }, "link source",
     "IF-link-source"},
    {"RequestWithoutTtl", expected_request(), [](Datagram& d) { d.ttl = 0; }, "TTL",
     "RFC1122-3.2.1.7-ttl-not-zero"},
    {"RequestIpChecksum", expected_request(), [](Datagram& d) { d.ip_checksum_good = false; },
     "IP header checksum", "RFC1122-3.2.1.2-bad-ip-cksum"},
    {"RequestUdpChecksum", expected_request(), [](Datagram& d) { d.udp_checksum = Checksum::bad; },
     "UDP checksum", "RFC1542-4.1.1-udp-cksum-recalc"},
    {"RequestNoUdpChecksum", expected_request(), [](Datagram& d) { d.udp_checksum = Checksum::absent; },
     "UDP checksum", "RFC1542-4.1.1-udp-cksum-recalc"},
    // Replies.
    {"ReplyToNobody", expected_reply(),
     [](Datagram& d) {
       d.ip_dst = Ipv4();
       d.eth_dst = client_mac;
     },
     "destination", "RFC1122-3.2.1.3-no-dst-zero"},
    {"ReplyToTheDirectedBroadcastAddress", expected_reply(),
     [](Datagram& d) { d.ip_dst = lab_topology()[Segment::downlink0].broadcast(); }, "destination",
     "RFC1542-4.1.2-broadcast-delivery"},
    {"UnicastInALinkBroadcast", expected_reply(),
     [](Datagram& d) { d.ip_dst = host_address(Segment::downlink0, 100); }, "destination",
     "RFC1122-3.3.6-link-bcast-needs-ip-bcast"},
    {"ReplyToAnotherHost", expected_reply(), [](Datagram& d) { d.eth_dst = Mac("02:00:5e:0c:00:0b"); },
     "destination", "RFC1542-4.1.2-reply-delivered"},
    {"UnicastForBroadcast", expected_reply(),
     [](Datagram& d) {
       d.eth_dst = client_mac;
       d.ip_dst = host_address(Segment::downlink0, 100);
     },
     "destination", "RFC1542-4.1.2-broadcast-delivery"},
    {"UnicastWhereRuledOut", proxied(),
     [](Datagram& d) {
       d.eth_dst = client_mac;
       d.ip_dst = host_address(Segment::downlink0, 100);
     },
     "destination", "PROXY-replies-by-broadcast"},
    {"BroadcastForUnicast", unicast_only(),
     [](Datagram& d) {
       d.eth_dst = Mac::broadcast;
       d.ip_dst = everyone;
     },
     "destination", "RFC1542-4.1.2-unicast-delivery"},
    {"IpBroadcastInALinkUnicast", unicast_only(), [](Datagram& d) { d.ip_dst = everyone; }, "destination",
     "RFC1542-4.1.2-unicast-delivery"},
    {"AnothersAddress", expected_unicast(),
     [](Datagram& d) { d.ip_dst = host_address(Segment::downlink0, 101); }, "destination",
     "RFC1542-4.1.2-reply-delivered"},
    {"LinkAddressOfNoOctets", of_length(0), to_client, "destination", "RFC4390-2.2-hlen0-no-broadcast-bit"},
    {"LinkAddressOfEightOctets", of_length(8), to_client, "destination", "MALF-hlen-odd-for-ethernet"},
    {"LinkAddressOfSixteenOctets", of_length(16), to_client, "destination", "MALF-hlen-odd-for-ethernet"},
    {"LinkAddressOfSeventeenOctets", of_length(17), to_client, "destination", "MALF-hlen-over-16-reply"},
    {"ReplyToPort67", expected_reply(), [](Datagram& d) { d.dport = 67; }, "UDP destination port",
     "RFC1542-4.1.2-dport-68"},
    {"ReplyFromPort68", expected_reply(), [](Datagram& d) { d.sport = 68; }, "UDP source port",
     "RFC1542-4.1.2-sport-67-reply"},
    {"ReplyFromTheServer", expected_reply(), [](Datagram& d) { d.ip_src = server_address(0); }, "IP source",
     "RFC1122-3.2.1.3-src-own-address"},
    {"ReplyFromTheUplink", expected_reply(), [](Datagram& d) { d.ip_src = relay_address(Segment::uplink); },
     "IP source", "IF-reply-source-ip"},
    {"ReplyFromAnotherLink", expected_reply(), [](Datagram& d) { d.eth_src = relay_mac(Segment::uplink); },
     "link source", "IF-link-source"},
    {"ReplyUdpChecksum", expected_reply(), [](Datagram& d) { d.udp_checksum = Checksum::bad; },
     "UDP checksum", "RFC1542-4.1.2-udp-cksum-recalc-reply"},
    {"ReplyNoUdpChecksum", expected_reply(), [](Datagram& d) { d.udp_checksum = Checksum::absent; },
     "UDP checksum", "RFC1542-4.1.2-udp-cksum-recalc-reply"},
};

INSTANTIATE_TEST_SUITE_P(Each, Addressing, testing::ValuesIn(flaws),
                         [](const auto& flaw) { return flaw.param.name; });

// Only the flag decides between unicast and broadcast: a relay that can do no unicast broadcasts (RFC 1542
// section 4.1.2).
TEST(AddressingChoice, AWholeBroadcastIsAllowedWhereTheExpectationSaysSo) {
  const Expected e = expected_unicast();
  Datagram d = flawless(e);
  d.eth_dst = Mac::broadcast;
  d.ip_dst = everyone;
  EXPECT_THAT(compare(e, d), IsEmpty());
}

TEST(AddressingChoice, ARequestMayComeFromAnyAddressOfTheRelay) {
  const Expected e = expected_request();
  Datagram d = flawless(e);
  for (const Segment s : all_segments) {
    d.ip_src = relay_address(s);
    EXPECT_THAT(compare(e, d), IsEmpty());
  }
}

TEST(AddressingChoice, AReplyComesFromAnAddressOfItsOwnLink) {
  Expected e = expected_reply();
  e.further_addresses = e.of_other_links = {Ipv4("203.0.113.7")};
  Datagram d = flawless(e);
  d.ip_src = Ipv4("203.0.113.7");
  EXPECT_THAT(compare(e, d), ElementsAre(differs("IP source", "IF-reply-source-ip")));
}

TEST(AddressingChoice, AnyMessageMayComeFromAFurtherAddressOfTheRelay) {
  for (Expected e : {expected_request(), expected_reply()}) {
    e.further_addresses = {Ipv4("192.0.2.7")};
    Datagram d = flawless(e);
    d.ip_src = Ipv4("192.0.2.7");
    EXPECT_THAT(compare(e, d), IsEmpty());
    d.ip_src = Ipv4("192.0.2.8");
    EXPECT_THAT(compare(e, d), ElementsAre(differs("IP source", "RFC1122-3.2.1.3-src-own-address")));
  }
}

TEST(AddressingChoice, AnotherPortIsJudgedWhereOneIsSet) {
  Expected e = expected_request();
  e.sport = 8067;
  EXPECT_THAT(compare(e, flawless(e)), IsEmpty()) << "nothing could say that it is another one";
  e.message = encode(request().plus(option::of(code::relay_agent, {1, 1, 7})));
  Datagram d = flawless(e);
  EXPECT_THAT(compare(e, d), ElementsAre(differs("UDP source port", "RFC8357-3.1-port-as-set")));
  e.sport.reset();
  EXPECT_THAT(compare(e, d), IsEmpty());
}

// One fault has one kind, whatever the values are.
// Port 68 is a client's under any settings; one cause, one rule.
TEST(AddressingChoice, Port68IsTheSameFaultWhereAnotherPortIsSet) {
  Expected e = expected_request();
  e.sport = 8067;
  Datagram d = flawless(e);
  d.sport = 68;
  EXPECT_THAT(compare(e, d), ElementsAre(differs("UDP source port", "RFC2131-4.1-sport-67-request")));
}

TEST(AddressingKinds, ContainNoAddressesAndPorts) {
  const auto kind = [](const Expected& e, void (*corrupt)(Datagram&)) {
    Datagram d = flawless(e);
    corrupt(d);
    return compare_addressing(e, d).at(0).kind;
  };
  EXPECT_EQ(kind(expected_reply(), [](Datagram& d) { d.ip_src = relay_address(Segment::uplink); }),
            "reply IP source the relay's uplink address");
  EXPECT_EQ(kind(expected_reply(), [](Datagram& d) { d.dport = 4444; }), "reply dport not 68");
  EXPECT_EQ(kind(expected_request(), [](Datagram& d) { d.dport = 4444; }), "request dport not 67");
  Expected e = expected_request();
  e.message = encode(request().plus(option::of(code::relay_agent, {1, 1, 7})));
  e.sport = 8067;
  EXPECT_EQ(kind(e, [](Datagram& d) { d.sport = 4444; }),
            "request sport not the one that the relay was set to");
}

TEST(AddressingChoice, AChecksumMayBeMissingWhereItWasMissing) {
  Expected e = expected_request();
  e.checksum_optional = true;
  Datagram d = flawless(e);
  d.udp_checksum = Checksum::absent;
  EXPECT_THAT(compare(e, d), IsEmpty());
  d.udp_checksum = Checksum::bad;
  EXPECT_THAT(compare(e, d), ElementsAre(differs("UDP checksum", "RFC1542-4.1.1-udp-cksum-recalc")));
}

// A router changes link header and TTL of another host's datagram, and nothing else.
class Transit : public testing::Test {
 protected:
  Transit() {
    expected.transit = Envelope{.ip_src = host_address(Segment::downlink0, 100), .sport = 68, .dport = 67};
    observed = flawless(expected);
    observed.ip_src = host_address(Segment::downlink0, 100);
    observed.sport = 68;
    observed.ttl = 63;
  }

  void expect_found(const char* field) const {
    EXPECT_THAT(compare(expected, observed),
                ElementsAre(differs(field, "RFC1542-4.1-transit-unicast-untouched")));
  }

  Expected expected = expected_request();
  Datagram observed;
};

TEST_F(Transit, UntouchedIsFine) { EXPECT_THAT(compare(expected, observed), IsEmpty()); }

TEST_F(Transit, ToAnotherHost) {
  observed.ip_dst = server_address(2);
  expect_found("destination");
}
TEST_F(Transit, FromTheRelay) {
  observed.ip_src = relay_address(Segment::uplink);
  expect_found("IP source");
}
TEST_F(Transit, FromAnotherPort) {
  observed.sport = 67;
  expect_found("UDP source port");
}
TEST_F(Transit, ToAnotherPort) {
  observed.dport = 68;
  expect_found("UDP destination port");
}
TEST_F(Transit, WithTheSameTtl) {
  observed.ttl = 64;
  expect_found("TTL");
}
TEST_F(Transit, WithABrokenIpChecksum) {
  observed.ip_checksum_good = false;
  expect_found("checksums");
}
TEST_F(Transit, WithABrokenChecksum) {
  observed.udp_checksum = Checksum::bad;
  expect_found("checksums");
}
TEST_F(Transit, WithAChangedMessage) {
  observed.payload[3] ^= 1;
  expect_found("message");
}

}  // namespace
}  // namespace relayspec::judged
