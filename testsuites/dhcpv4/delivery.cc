// SPDX-License-Identifier: Apache-2.0
// How a reply gets to a client that has no address yet, and which datagrams a relay takes at all.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Delivery : public Case {
 protected:
  void can_get_somewhere(const Arrival& copy) {
    if (copy.datagram.ttl < 2)
      deviates("RFC1542-4.1.1-ttl", "the copy cannot pass a single router", "a TTL of 2 or more",
               std::to_string(copy.datagram.ttl));
  }

  /// RFC 1542, section 4.1: a MUST, whatever the destination; a host's UDP drops 0.0.0.0 here.
  void takes_without_source_address(const Envelope& to) {
    covers({"RFC1542-4.1-accept-src-zero"});
    const auto message = client.discover();
    client.sends(message, to);
    server.gets(relayed(message));
  }
  Envelope to_itself() {
    return {.eth_dst = relay_mac(Segment::downlink0), .ip_dst = relay_address(Segment::downlink0)};
  }
  Envelope to_subnet() { return {.ip_dst = subnet_broadcast(Segment::downlink0)}; }
};

// RFC 1542, section 4.1.2: with the BROADCAST flag the reply is a broadcast, at both layers.
TEST_F(Delivery, BroadcastFlagSetIsBroadcast) {
  covers({"RFC1542-4.1.2-broadcast-delivery", "PROXY-replies-by-broadcast"});

  asks();
  goes_down(server.offer(client, {.flags = broadcast_flag}), Delivered::By::broadcast);
}

// RFC 1542, section 4.1.2: without it, to yiaddr at chaddr; the last answer of an exchange like the first, on
// each network, and to clients of plain BOOTP.
TEST_F(Delivery, BroadcastFlagClearIsUnicast) {
  covers({"RFC1542-4.1.2-unicast-delivery", "RFC1542-4.1.2-reply-delivered",
          "RFC1542-4.1.2-uses-htype-hlen-chaddr", "RFC1122-3.2.1.3-no-dst-zero",
          "RFC1122-3.3.6-link-bcast-needs-ip-bcast", "RFC1542-4.1.2-unicast-no-arp"});
  only_in({Dialect::rfc, Dialect::strict});

  goes_up(client.request(server));
  goes_down(server.ack(client), Delivered::By::unicast);
  asks(neighbour);
  goes_down(neighbour, server.offer(neighbour), Delivered::By::unicast);
  const Client old = client.another();
  goes_up(old, old.bootp());
  goes_down(old, server.bootp_reply(old), Delivered::By::unicast);
}

// RFC 1542, section 4.1.2: that it takes out option 82 first makes no difference.
TEST_F(Delivery, BroadcastFlagClearIsUnicastWithOption82) {
  covers({"RFC1542-4.1.2-unicast-delivery"});
  only_in({Dialect::rfc, Dialect::strict});
  relay_with({.option82 = true});

  asks();
  goes_down(server.offer(client), Delivered::By::unicast);
}

// Nor does it how long the reply is.
TEST_F(Delivery, BroadcastFlagClearIsUnicastForALongReply) {
  covers({"RFC1542-4.1.2-unicast-delivery"});
  only_in({Dialect::rfc, Dialect::strict});

  asks();
  const Message offer = server.offer(client);
  for (const std::uint8_t octets : {std::uint8_t{40}, std::uint8_t{255}}) {
    Message longer = offer;
    for (std::uint8_t code = 224; code < 228; ++code)
      longer = longer.plus(option::of(code, Bytes(octets, code)));
    goes_down(longer, Delivered::By::unicast);
  }
}

// RFC 1542, section 2.2: the other bits of flags mean nothing to a relay, and pass.
TEST_F(Delivery, ReservedFlagsAreIgnored) {
  covers({"RFC1542-2.2-mbz-ignored-reply", "RFC1542-4.1.2-broadcast-flag-kept-reply"});

  asks();
  goes_down(server.offer(client, {.flags = 0x7fff}), Delivered::By::unicast);
}

// RFC 1542, section 4.1.2: the flag counts beside other bits as well.
TEST_F(Delivery, BroadcastFlagWithReservedFlagsIsBroadcast) {
  covers({"RFC1542-2.2-mbz-ignored-reply"});

  asks();
  goes_down(server.offer(client, {.flags = 0xffff}), Delivered::By::broadcast);
}

// RFC 2131, section 4.1: a client in REBINDING has its address already; the ACK goes there.
TEST_F(Delivery, AckToARebindingClientIsDelivered) {
  covers({"RFC2131-4.3.2-rebinding-ack-delivery", "RFC2131-4.3.2-rebinding-relayed",
          "RFC1542-4.1.2-unicast-delivery"});

  client.holds(client.lease());
  const auto request = client.renew();
  client.sends(request, {.ip_src = client.lease()});
  server.gets(relayed(request));
  const Arrival ack = goes_down(server.ack(client, {.ciaddr = client.lease()}));
  if (live() && !proxy() && ack.datagram.eth_dst.is_broadcast() && ack.datagram.ip_dst != client.lease())
    deviates("RFC1542-4.1.2-unicast-delivery", "the ACK to a client that has an address is broadcast",
             "to its address", "a broadcast");
}

// RFC 2131, section 4.3.5: the ACK to an INFORM has no yiaddr; the client is at ciaddr.
TEST_F(Delivery, AckToAnInformIsSentToCiaddr) {
  covers({"RFC2131-4.3.5-inform-ack", "RFC2131-4.3.5-inform-relayed"});

  client.holds(client.lease());
  const auto inform = client.inform();
  client.sends(inform, {.ip_src = client.lease()});
  server.gets(relayed(inform));
  goes_down(server.ack(client, {.ciaddr = client.lease(), .yiaddr = Ipv4("0.0.0.0")}));
}

// RFC 1542, section 4.1.2: all that a relay needs is in the reply itself, so a reply without a request is
// delivered too.
TEST_F(Delivery, ReplyWithoutARequestIsDelivered) {
  covers({"RFC1542-4.1.2-uses-htype-hlen-chaddr"});

  goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 1542, section 4.1: what comes to port 68 is not for a relay.
TEST_F(Delivery, RequestToPort_68IsDropped) {
  covers({"RFC1542-4.1-dport-68-discard-client"});

  client.sends(client.discover(), {.dport = 68});

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 1542, section 4.1: a request sent to an address of the relay is taken like a broadcast one.
TEST_F(Delivery, RequestToTheRelaysAddressIsRelayed) {
  covers({"RFC1542-4.1-accept-unicast-to-self", "RFC2131-4.4.4-release-via-relay"});

  const auto message = client.renew();
  client.sends_to_relay(message, relay_address(Segment::downlink0));

  server.gets(relayed(message));
}

// RFC 1122, section 3.3.4.2: a host may drop what comes in on another link than the address belongs to. If
// not, the address says nothing of the client's network (RFC 1542, section 4.1.1).
TEST_F(Delivery, RequestToTheRelaysAddressOnAnotherLinkIsAChoice) {
  covers({"RFC1122-3.3.4.2-strong-host", "RFC1542-4.1.1-giaddr-fill"});

  for (const Segment side : {Segment::uplink, Segment::downlink1}) {
    const Client one = client.another();
    const auto message = one.renew();
    one.sends_to_relay(message, relay_address(side));
    if (!server.may_get(relayed(message)))
      note("RFC1122-3.3.4.2-strong-host", "requests to an address on another link are dropped");
  }
}

// RFC 951, section 3: a UDP checksum of zero says that there is none; the datagram is good.
TEST_F(Delivery, RequestWithoutUdpChecksumIsRelayed) {
  covers({"RFC951-3-udp-cksum-zero-accepted"});

  const auto message = client.discover();
  client.sends(message, {.udp_checksum = 0});

  auto expected = relayed(message);
  expected.checksum_optional = true;
  server.gets(expected);
}

TEST_F(Delivery, TakesRequestsWithoutUdpChecksumAndWithoutASourceAddress) {
  covers({"RFC951-3-udp-cksum-zero-accepted"});

  const auto message = client.discover();
  auto to = to_itself();
  control_goes_up(client.another().discover(), to);
  to.udp_checksum = 0;
  client.sends(message, to);

  auto expected = relayed(message);
  expected.checksum_optional = true;
  server.gets(expected);
}

// RFC 1542, section 2.1: only 1 and 2 are operations.
TEST_F(Delivery, RequestWithOp_3IsDropped) {
  covers({"RFC1542-2.1-op-valid-only"});

  client.sends(client.discover({.op = 3}));

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 1542, section 4.1: a datagram for another host passes through a router as it is, and is not relayed.
TEST_F(Delivery, TransitTrafficIsNotRelayed) {
  covers({"RFC1542-4.1-transit-unicast-untouched", "RFC2131-4.3.2-renew-bypass", "IF-host-routes-on"});
  only_in({Dialect::rfc, Dialect::strict});

  client.holds(client.lease());
  const auto renewal = client.renew();
  client.sends_past_relay(renewal, server);

  server.gets_routed(renewal, client);
}

// RFC 1542, section 4.1: a client that has an address may send from it, and its request is relayed too.
TEST_F(Delivery, RequestFromAClientAddressIsRelayed) {
  covers({"RFC1542-4.1-accept-src-legal"});

  const auto message = client.discover();
  client.sends(message, {.ip_src = client.lease()});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1: any legal address is, also one of no subnet of the relay's.
TEST_F(Delivery, RequestFromAnAddressOfAnotherSubnetIsRelayed) {
  covers({"RFC1542-4.1-accept-src-legal"});

  const auto message = client.discover();
  client.sends(message, {.ip_src = Ipv4("10.5.6.7")});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1: the subnet's own broadcast address reaches the relay as well.
TEST_F(Delivery, RequestToTheDirectedBroadcastIsRelayed) {
  covers({"RFC1542-4.1-accept-directed-broadcast"});

  const auto message = client.discover();
  client.sends(message, {.ip_dst = subnet_broadcast(Segment::downlink0), .ip_src = client.lease()});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1: nor does a client need an address to send to the relay's own.
TEST_F(Delivery, RequestWithoutASourceAddressToTheRelaysAddressIsRelayed) {
  takes_without_source_address(to_itself());
}

TEST_F(Delivery, RequestWithoutASourceAddressToTheDirectedBroadcastIsRelayed) {
  takes_without_source_address(to_subnet());
}

TEST_F(Delivery, RequestWithoutASourceAddressToTheRelaysAddressIsRelayedWithOption82) {
  relay_with({.option82 = true});
  takes_without_source_address(to_itself());
}

TEST_F(Delivery, RequestWithoutASourceAddressToTheDirectedBroadcastIsRelayedWithOption82) {
  relay_with({.option82 = true});
  takes_without_source_address(to_subnet());
}

// Nothing says which port a request has to come from: test tools and further relays use others than 68.
TEST_F(Delivery, RequestFromAnyPortIsRelayed) {
  covers({"MALF-sport-not-68"});

  const auto message = client.discover();
  client.sends(message, {.sport = 50000});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1.1: the relay sends a datagram of its own, with its usual TTL or one less than came.
// The copy has a TTL that reaches the server; of a request whose TTL was used up no copy need come.
TEST_F(Delivery, RelayedRequestHasANewTtl) {
  covers({"RFC1542-4.1.1-ttl", "RFC1542-4-new-datagram", "RFC1122-3.2.1.7-ttl-not-zero"});

  const auto message = client.discover(), worn_out = client.another().discover();
  client.sends(message);
  can_get_somewhere(server.gets(relayed(message)));
  client.sends(worn_out, {.ttl = 1});
  if (const auto copy = server.may_get(relayed(worn_out))) can_get_somewhere(*copy);
}

// Clients repeat their messages; a relay relays each of them.
TEST_F(Delivery, EveryRetransmissionIsRelayed) {
  covers({"SRV-retransmissions-all-relayed"});

  for (int i = 0; i < 5; ++i) goes_up(client.discover());
  const auto renewal = client.another().renew();
  for (int i = 0; i < 3; ++i) {
    client.sends_to_relay(renewal, relay_address(Segment::downlink0));
    server.gets(relayed(renewal));
  }
}

// RFC 1542, section 4.1: servers have to send to port 67; what comes to 68 is for the relay's host alone.
TEST_F(Delivery, ReplyToPort_68IsDropped) {
  covers({"RFC1542-4.1-dport-68-discard-server"});

  asks();
  server.sends(server.offer(client, {.flags = broadcast_flag}), {.dport = 68});

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 1542, section 2.1: only 1 and 2 are operations, from the servers' side too.
TEST_F(Delivery, ReplyWithOp_3IsDropped) {
  covers({"RFC1542-2.1-op-valid-only"});

  asks();
  server.sends(server.offer(client, {.op = 3, .flags = broadcast_flag}));

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 1542, section 4.1.2: clients are sent BOOTREPLYs; a request from the servers' side is not for them.
TEST_F(Delivery, RequestFromTheServerSideDoesNotReachClients) {
  covers({"MALF-op-1-serverside-to-giaddr"});

  asks();
  server.sends(server.offer(client, {.op = boot_request, .flags = broadcast_flag}));

  nothing_reaches_clients();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 1542, section 4.1.2, to the letter: the address that counts is yiaddr, whatever stands in ciaddr. RFC
// 951, section 4, let a server use ciaddr where there is one, and relays do so too.
TEST_F(Delivery, YiaddrIsUsedAndNotCiaddr) {
  covers({"RFC1542-4.1.2-unicast-delivery"});
  only_in({Dialect::strict});

  asks();
  goes_down(server.offer(client, {.ciaddr = host_address(Segment::downlink0, 77)}));
}

// RFC 2131, section 4.3.2 and table 3: a NAK has no address to go to, so it is broadcast even where a server
// left the flag clear.
TEST_F(Delivery, NakWithoutBroadcastFlagIsBroadcast) {
  covers({"RFC2131-4.3.2-nak-without-bit"});

  goes_up(client.reboot());
  goes_down(server.nak(client));
}

// Message types that are newer than the relay reach clients too.
TEST_F(Delivery, ReplyOfUnknownTypeIsDelivered) {
  covers({"RFC2131-msgtype-unknown-reply"});

  asks();
  const auto reply = replacing(server.offer(client, {.flags = broadcast_flag}), code::message_type,
                               option::number(code::message_type, 18));
  server.sends(reply);

  client.gets({.message = reply, .by = Delivered::By::broadcast});
}

// RFC 1542, section 4.1.2: the link address comes from the reply, not from the frame that the request was in;
// a bridge may have sent that.
TEST_F(Delivery, LinkDestinationIsChaddrAndNotTheSourceOfTheRequest) {
  covers({"RFC1542-4.1.2-uses-htype-hlen-chaddr"});
  only_in({Dialect::rfc, Dialect::strict});

  for (const std::uint16_t flags : {broadcast_flag, std::uint16_t{0}}) {
    const Client one = client.another();
    const auto discover = one.discover({.flags = flags});
    one.sends(discover, {.eth_src = Mac("02:00:5e:0c:77:77")});
    // A relay that compares link addresses drops it.
    for (const Arrival& a : comes_out(Segment::uplink, discover)) {
      server.compares(a, relayed(discover));
      goes_down(one, server.offer(one, {.flags = flags}),
                flags != 0 ? Delivered::By::broadcast : Delivered::By::unicast);
    }
  }
}

}  // namespace
}  // namespace relayspec
