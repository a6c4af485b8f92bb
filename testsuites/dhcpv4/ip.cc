// SPDX-License-Identifier: Apache-2.0
// Below DHCP: checksums, lengths, fragments and sources of the datagrams that carry it (RFC 768, 1122, 1812).
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Ip : public Case {
 protected:
  Message reply() { return server.offer(client, {.flags = broadcast_flag}); }
  Envelope to_relay(Envelope over = {}) {
    if (!over.eth_dst) over.eth_dst = relay_mac(Segment::downlink0);
    over.ip_dst = relay_address(Segment::downlink0);
    return over;
  }
};

// Makes a message so long that no relay fills it up.
Option ballast(std::size_t octets) { return option::of(224, Bytes(octets, 0x42)); }

// RFC 1122, section 4.1.3.4: a datagram with a wrong UDP checksum is dropped.
TEST_F(Ip, ARequestWithAWrongUdpChecksumIsDropped) {
  covers({"RFC1122-4.1.3.4-bad-udp-cksum"});

  client.sends(client.discover(), {.udp_checksum = std::uint16_t{0x1234}});

  nothing_comes_out();
  control_goes_up(client.discover());
}

TEST_F(Ip, AReplyWithAWrongUdpChecksumIsDropped) {
  covers({"RFC1122-4.1.3.4-bad-udp-cksum"});

  asks();
  server.sends(reply(), {.udp_checksum = std::uint16_t{0x1234}});

  nothing_comes_out();
  control_goes_down(reply());
}

// RFC 1122, section 3.2.1.2: so is one whose IP header checksum is wrong.
TEST_F(Ip, ARequestWithAWrongHeaderChecksumIsDropped) {
  covers({"RFC1122-3.2.1.2-bad-ip-cksum"});

  client.sends(client.discover(), {.ip_checksum = std::uint16_t{0x1234}});

  nothing_comes_out();
  control_goes_up(client.discover());
}

TEST_F(Ip, AReplyWithAWrongHeaderChecksumIsDropped) {
  covers({"RFC1122-3.2.1.2-bad-ip-cksum"});

  asks();
  server.sends(reply(), {.ip_checksum = std::uint16_t{0x1234}});

  nothing_comes_out();
  control_goes_down(reply());
}

// RFC 1122, section 4.1.3.4: what the relay sends has a checksum, whether the message that it relays had one
// or not.
TEST_F(Ip, RelayedMessageHasAChecksum) {
  covers({"RFC1122-4.1.3.4-cksum-on-by-default", "RFC1542-4.1.1-udp-cksum-recalc",
          "RFC1542-4.1.2-udp-cksum-recalc-reply"});

  const auto discover = client.discover();
  client.sends(discover, {.udp_checksum = std::uint16_t{0}});
  server.may_get(relayed(discover));
  const auto offer = reply();
  server.sends(offer, {.udp_checksum = std::uint16_t{0}});

  client.may_get(delivered(offer));
}

// RFC 1122, section 3.3.2: fragments are put together, or nothing of them is relayed.
TEST_F(Ip, AFragmentedRequestIsRelayedWhole) {
  covers({"RFC1122-3.3.2-reassembly"});

  const auto message = client.discover().plus(ballast(255)).plus(ballast(254)).plus(ballast(253));
  client.sends_frames(fragments(client.frame_of(message), 512), "a DISCOVER in fragments");

  server.may_get(relayed(message));
}

TEST_F(Ip, AFragmentedReplyIsRelayedWhole) {
  covers({"RFC1122-3.3.2-reassembly"});

  asks();
  const auto offer = reply().plus(ballast(255)).plus(ballast(254)).plus(ballast(253));
  server.sends_frames(fragments(server.frame_of(offer), 512), "an OFFER in fragments");

  client.may_get(delivered(offer));
}

// And in any order.
TEST_F(Ip, FragmentsInAnyOrderAreRelayedWhole) {
  covers({"RFC1122-3.3.2-reassembly"});

  const auto message = client.discover().plus(ballast(255)).plus(ballast(254)).plus(ballast(253));
  auto parts = fragments(client.frame_of(message), 256);
  std::reverse(parts.begin() + 1, parts.end());
  client.sends_frames(parts, "a DISCOVER in fragments, the first one first and the others backwards");

  server.may_get(relayed(message));
}

// A fragment alone is no datagram, be it the first or, wherever it belongs, one that looks like a whole
// message.
TEST_F(Ip, AFragmentIsNotTakenForAWholeRequest) {
  covers({"MALF-fragment-attacks"});

  for (const Envelope& to : {Envelope{}, to_relay()}) {
    for (unsigned field = 1; field <= 0x2000; field <<= 1) {
      Bytes frame = client.frame_of(client.another().discover(), to);
      frame[14 + 4] = static_cast<std::uint8_t>(field >> 8);  // datagrams of their own
      frame[14 + 5] = static_cast<std::uint8_t>(field);
      frame[14 + 6] = static_cast<std::uint8_t>(field >> 8);
      frame[14 + 7] = static_cast<std::uint8_t>(field);
      client.sends_frames(
          {with_ip_total_length(frame, static_cast<std::uint16_t>(frame.size() - 14))},
          "a fragment (fragment field " + std::to_string(field) + ") that looks like a whole DISCOVER");
    }
  }

  nothing_comes_out();
  control_goes_up(client.discover());
}

// A message that is longer than any link of the lab carries.
TEST_F(Ip, MessageLargerThanTheMtuIsRelayedWholeOrDropped) {
  covers({"MALF-jumbo"});

  auto message = client.discover();
  for (std::uint8_t i = 0; i < 12; ++i) message = message.plus(option::of(224, Bytes(255, i)));
  client.sends_frames(fragments(client.frame_of(message), 1480), "a DISCOVER of 3384 octets in fragments");
  server.may_get(relayed(message));

  for (const std::uint16_t flags : {broadcast_flag, std::uint16_t{0}}) {
    asks();
    auto offer = server.offer(client, {.flags = flags});
    for (std::uint8_t i = 0; i < 12; ++i) offer = offer.plus(option::of(224, Bytes(255, i)));
    server.sends_frames(fragments(server.frame_of(offer), 1480), "an OFFER of 3400 octets in fragments");
    client.may_get(delivered(offer));
  }
}

// Fragments that make no whole datagram: one is missing, two overlap, or there is no end.
TEST_F(Ip, IncompleteOrOverlappingFragmentsAreDropped) {
  covers({"MALF-fragment-attacks"});

  const auto message = client.discover().plus(ballast(255)).plus(ballast(254));
  auto parts = fragments(client.frame_of(message), 256);
  for (int i = 0; i < 16; ++i) client.sends_frames({parts.at(0), parts.at(0)}, "the first fragment, twice");
  client.sends_frames({parts.at(1)}, "a fragment from the middle");
  client.sends_frames({parts.back()}, "the last fragment");
  auto overlapping = parts.at(1);
  overlapping[14 + 7] = static_cast<std::uint8_t>(overlapping[14 + 7] - 8);
  client.sends_frames({overlapping}, "a fragment that overlaps another, with a wrong header checksum");

  nothing_comes_out();
  control_goes_up(message);
}

// RFC 1122, section 3.2.1.8: IP options are no reason to read the message at another place.
TEST_F(Ip, ARequestWithIpOptionsIsRelayedWholeOrDropped) {
  covers({"RFC1122-3.2.1.8-ip-options"});

  for (const Bytes& options : {Bytes{1, 1, 1, 1}, Bytes{0x94, 4, 0, 0}, Bytes(40, 1)}) {
    const auto message = client.another().discover();
    client.sends_frames({with_ip_options(client.frame_of(message), options)},
                        "a DISCOVER with " + std::to_string(options.size()) + " octets of IP options");
    server.may_get(relayed(message));
  }
}

// RFC 1812, section 4.2.2.9: a relay is the receiver, and TTL concerns hosts that forward.
TEST_F(Ip, ARequestWithTtl_1IsRelayed) {
  covers({"RFC1812-4.2.2.9-rx-ttl"});

  const auto first = client.another().discover(), last = client.discover();
  client.sends(first, {.ttl = std::uint8_t{37}});
  // RFC 1542, section 4.1.1: the copy may have the TTL of the request less one, and then there is none left.
  const bool counts_down = server.gets(relayed(first)).datagram.ttl < 37;
  client.sends(last, {.ttl = std::uint8_t{1}});

  if (!server.may_get(relayed(last)) && live() && !counts_down)
    deviates("RFC1812-4.2.2.9-rx-ttl", "a request with a TTL of 1 is dropped", "relayed", "nothing");
}

// RFC 1812, section 4.2.2.11 and RFC 1122, section 3.2.1.3: what no host can have sent is not relayed.
TEST_F(Ip, ARequestFromAnImpossibleSourceIsDropped) {
  covers({"RFC1812-4.2.2.11-src-multicast"});

  for (const char* source : {"255.255.255.255", "224.0.0.1", "127.0.0.1"})
    client.sends(client.discover(), {.ip_src = Ipv4(source)});

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 1122, section 3.2.1.3: from the servers' side neither.
TEST_F(Ip, AReplyFromAnImpossibleSourceIsDropped) {
  covers({"RFC1122-3.2.1.3-src-invalid-reply"});

  asks();
  for (const Ipv4 source :
       {Ipv4("255.255.255.255"), Ipv4("224.0.0.1"), Ipv4("127.0.0.1"), subnet_broadcast(Segment::uplink)})
    server.sends(reply(), {.ip_src = source});

  nothing_comes_out();
  control_goes_down(reply());
}

// Nor a datagram with the relay's own address as source.
TEST_F(Ip, ARequestFromTheRelaysOwnAddressIsRelayedOrDropped) {
  covers({"RFC1812-src-own-address"});

  const auto message = client.discover();
  client.sends(message, {.ip_src = relay_address(Segment::downlink0)});

  if (server.may_get(relayed(message)))
    note("RFC1812-src-own-address", "a request is relayed that claims to come from the relay itself");
}

// RFC 1122, section 3.3.6: a broadcast frame with a datagram for one host in it is dropped.
TEST_F(Ip, ALinkBroadcastForTheRelaysAddressIsDropped) {
  covers({"RFC1122-3.3.6-link-broadcast-ip-unicast"});

  const auto message = client.renew();
  client.sends(message, {.ip_dst = relay_address(Segment::downlink0), .ip_src = client.lease()});

  if (server.may_get(relayed(message))) {
    deviates("RFC1122-3.3.6-link-broadcast-ip-unicast",
             "a link broadcast for the relay's unicast address is relayed", "nothing",
             "a copy to the server");
  }
  control_goes_up(message, {.eth_dst = relay_mac(Segment::downlink0),
                            .ip_dst = relay_address(Segment::downlink0),
                            .ip_src = client.lease()});
}

// What the headers say of the length is what counts, not how long the frame is.
TEST_F(Ip, OctetsBehindTheDatagramAreNotRelayed) {
  covers({"MALF-ethernet-trailer", "MALF-udp-length-smaller"});

  const auto first = client.discover(), second = client.another().discover();
  client.sends(first, {.trailer = Bytes(60, 0xee)});
  server.gets(relayed(first));
  client.sends(second, {.slack = Bytes(92, 0xdd)});
  server.may_get(relayed(second));
}

// A UDP length that is more than there is, or less than its own header.
TEST_F(Ip, ARequestWithAnImpossibleUdpLengthIsDropped) {
  covers({"MALF-udp-length-too-big", "MALF-udp-length-under-8"});

  for (const std::uint16_t length : std::vector<std::uint16_t>{408, 65535, 0, 4, 7})
    client.sends(client.another().discover(), {.udp_length = length});

  nothing_comes_out();
  control_goes_up(client.discover());
}

// An IP total length that its header does not fit into, or that is more than the frame has.
TEST_F(Ip, ARequestWithAnImpossibleTotalLengthIsDropped) {
  covers({"MALF-ip-total-length-mismatch"});

  const Bytes frame = client.frame_of(client.discover());
  for (const std::uint16_t length : std::vector<std::uint16_t>{0, 19, 20, 27, 528, 65535})
    client.sends_frames({with_ip_total_length(frame, length)},
                        "a DISCOVER with an IP total length of " + std::to_string(length));

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 1542, section 4.1.1: to relay BOOTP is not to relay other broadcasts.
TEST_F(Ip, OtherServicesAreNotRelayed) {
  covers({"RFC1542-4.1.1-destination-independent"});

  everything_counts();
  for (const std::uint16_t port : std::vector<std::uint16_t>{37, 49, 53, 69, 137, 138, 4011})
    client.sends(client.discover(), {.dport = port});

  nothing_comes_out();
  control_goes_up(client.discover());
}

// No ICMP error answers a broadcast (RFC 1122, section 3.2.2).
TEST_F(Ip, ABroadcastIsNotAnsweredByIcmp) {
  covers({"SRV-icmp-to-sender"});

  everything_counts();
  const auto message = client.discover({.hops = 255});
  client.sends(message);
  client.sends_octets(Bytes(3, 1), "3 octets");

  nothing_reaches_clients();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1: what is for another host is routed, or dropped, by the relay's host.
TEST_F(Ip, ARequestForAnotherHostIsNotRelayed) {
  covers({"RFC1542-4.1-transit-unicast-untouched"});

  client.sends(client.renew(), {.eth_dst = relay_mac(Segment::downlink0),
                                .ip_dst = host_address(Segment::downlink0, 77),
                                .ip_src = client.lease()});

  nothing_comes_out();
  control_goes_up(client.renew(), {.eth_dst = relay_mac(Segment::downlink0),
                                   .ip_dst = relay_address(Segment::downlink0),
                                   .ip_src = client.lease()});
}

// RFC 894, RFC 1542, section 4.1: a frame to another link address is not for the relay, whatever it holds and
// however it has come here.
TEST_F(Ip, AFrameToAnotherLinkAddressIsNotRelayed) {
  covers({"RFC1542-4.1-transit-unicast-untouched"});

  const Mac other("02:00:5e:0c:77:77");
  client.sends(client.another().discover(), {.eth_dst = other});
  client.sends(client.another().renew(), to_relay({.eth_dst = other, .ip_src = client.lease()}));

  nothing_comes_out();
  control_goes_up(client.discover(), {.eth_dst = relay_mac(Segment::downlink0)});
}

// RFC 6926 is for leasequery: there is nothing to relay by TCP.
TEST_F(Ip, TcpIsNotRelayed) {
  covers({"RFC6926-tcp67-not-relayed"});

  everything_counts();
  const Envelope to_relay{.eth_dst = relay_mac(Segment::downlink0),
                          .ip_dst = relay_address(Segment::downlink0),
                          .ip_src = client.lease()};
  Bytes frame = client.frame_of(client.renew(), to_relay);
  frame[14 + 9] = 6;
  // A SYN, with a data offset of 20 octets; its checksum is wrong, so no host answers it.
  frame[14 + 20 + 12] = 0x50;
  frame[14 + 20 + 13] = 0x02;
  client.sends_frames({with_ip_total_length(frame, static_cast<std::uint16_t>(frame.size() - 14))},
                      "a TCP segment to port 67");

  nothing_comes_out();
  control_goes_up(client.renew(), to_relay);
}

// RFC 4302, 4303: a packet that IPsec protects is not changed.
TEST_F(Ip, IpsecIsNotRelayed) {
  covers({"RFC3046-2.1-ipsec-untouched"});
  relay_with({.option82 = true});

  everything_counts();
  for (const std::uint8_t protocol : {std::uint8_t{50}, std::uint8_t{51}}) {
    Bytes frame = client.frame_of(client.discover());
    frame[14 + 9] = protocol;
    client.sends_frames({with_ip_total_length(frame, static_cast<std::uint16_t>(frame.size() - 14))},
                        "a DISCOVER as IP protocol " + std::to_string(protocol));
  }

  nothing_comes_out();
  control_goes_up(client.discover());
}

// A priority tag is no VLAN; another VLAN is another network.
TEST_F(Ip, TaggedFramesAreRelayedOrDropped) {
  covers({"MALF-vlan-priority-tag"});

  const auto message = client.discover(), other = client.another().discover();
  client.sends_frames({with_vlan_tag(client.frame_of(message), 0x6000)}, "a DISCOVER with a priority tag");
  server.may_get(relayed(message));
  client.sends_frames({with_vlan_tag(client.frame_of(other), 99)}, "a DISCOVER in VLAN 99");

  nothing_comes_out();
  control_goes_up(other);
}

}  // namespace
}  // namespace relayspec
