// SPDX-License-Identifier: Apache-2.0
// Relays in a row. The harness plays the other one.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Chain : public Case {
 protected:
  Message from_other_relay(const Message& over = {}) {
    return client.discover(Message{.hops = std::uint8_t{1}, .giaddr = other_relay()}.with(over));
  }
};

// RFC 1542, section 4.1.2: the answer goes to the first relay's giaddr; the second one has no part in it. If
// it comes by way of its host it is routed, not relayed.
TEST_F(Chain, ReplyToTheFirstRelayIsNotRelayedByTheSecond) {
  covers({"HOP-chain-reply-direct"});

  goes_up(from_other_relay());
  server.sends(server.offer(client, {.flags = broadcast_flag, .giaddr = other_relay()}),
               {.ip_dst = other_relay()});

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// A request that comes back in a loop is dropped: at once when it has the relay's own giaddr, else when hops
// exceeds the limit.
TEST_F(Chain, LoopEndsByGiaddrOrHops) {
  covers({"HOP-loop-two-relays", "HOP-loop-fanout-not-exponential"});
  relay_with({.servers = 2});

  Message message = client.discover();
  int rounds = 0;
  for (; rounds < 20; ++rounds) {
    client.sends(message);
    const auto out = comes_out(Segment::uplink, message);
    if (out.empty()) break;
    if (out.size() > 2)
      deviates("HOP-loop-fanout-not-exponential", "one request becomes more than one copy for each server",
               "two", std::to_string(out.size()));
    message.hops = out.front().message.at(3);
    message.giaddr = giaddr_of(out.front().message);
  }
  if (rounds > 17)
    deviates("HOP-loop-two-relays", "a request goes round for ever", "at most 17 times",
             std::to_string(rounds));
}

// RFC 3046, section 2.1.1: with option 82 the relay drops a request with its own giaddr at once.
TEST_F(Chain, LoopEndsAtOnceWithOption82) {
  covers({"HOP-loop-two-relays", "HOP-chain-82-second-only"});
  relay_with({.option82 = true});

  goes_up(from_other_relay());
  client.sends(client.discover({.hops = 2, .giaddr = relay_address(Segment::downlink0)}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 2, .giaddr = other_relay()}));
}

// RFC 3527: what the first relay said of the client's link stays, whatever the second one does with its own.
TEST_F(Chain, LinkSelectionOfTheFirstRelayIsKept) {
  covers({"HOP-link-selection-through-replace"});
  relay_with({.option82 = true, .link_selection = true});

  goes_up(from_other_relay().plus(agent({option::text(1, "port-9"), option::of(5, {10, 9, 8, 0})})));
}

// RFC 4388, section 6.3: a leasequery is a request like any other that some relay has made.
TEST_F(Chain, LeasequeryIsRelayed) {
  covers({"RFC4388-6.3-leasequery-transit"});
  relay_with({.option82 = true});

  goes_up(from_other_relay({.options = {{option::number(code::message_type, 10)}}}));
}

// RFC 4388: clients have no reason to send it.
TEST_F(Chain, LeasequeryOfAClientIsAChoice) {
  covers({"RFC4388-7-leasequery-from-client"});

  const bool came =
      may_go_up(client.discover({.options = {{option::number(code::message_type, 10)}}})).has_value();
  note("RFC4388-7-leasequery-from-client",
       came ? "a client's leasequery is relayed" : "a client's leasequery is dropped");
}

// RFC 3203: a server reaches its client directly; a relay's host routes that.
TEST_F(Chain, ForcerenewToTheClientIsRouted) {
  covers({"RFC3203-2.2-forcerenew-transit"});

  has_lease(client, server);
  const auto forcerenew = replacing(server.ack(client, {.ciaddr = client.lease()}), code::message_type,
                                    option::number(code::message_type, 9));
  server.sends_past_relay(forcerenew, client);

  client.gets_routed(forcerenew, server);
}

// One that comes to giaddr is delivered by unicast, the only way in which clients take it (section 2.2),
// or dropped.
TEST_F(Chain, ForcerenewToGiaddrIsUnicastOrDropped) {
  covers({"RFC3203-2.2-forcerenew-via-giaddr"});

  has_lease(client, server);
  const auto plain = server.ack(client);
  server.sends(plain);
  for (const Arrival& a : comes_out(Segment::downlink0, plain))
    if (!proxy() && (a.datagram.ip_dst != client.lease() || a.datagram.eth_dst != client.mac()))
      cannot_be_judged("the relay sends no reply to its client by unicast");
  // Without a Server Identifier: dialect `proxy` says nothing of this type.
  const auto forcerenew = without(replacing(server.ack(client, {.ciaddr = client.lease()}),
                                            code::message_type, option::number(code::message_type, 9)),
                                  code::server_id);
  server.sends(forcerenew);

  for (const Arrival& a : comes_out(Segment::downlink0, forcerenew)) {
    if (a.datagram.ip_dst == client.lease() && a.datagram.eth_dst == client.mac()) continue;
    deviates("RFC3203-2.2-forcerenew-via-giaddr", "a FORCERENEW is not sent to its client alone",
             role_of(client.lease()), role_of(a.datagram.ip_dst));
  }
}

// RFC 2131, section 4.4.4: a RELEASE goes to the server by itself, and the relay's host routes it unaltered.
TEST_F(Chain, ReleaseToTheServerIsRouted) {
  covers({"RFC2131-4.4.4-release-bypass"});

  has_lease(client, server);
  const auto release = client.release(server);
  client.sends_past_relay(release, server);

  server.gets_routed(release, client);
}

// RFC 6842: a reply in which the server returns the client's identifier is delivered.
TEST_F(Chain, ClientIdentifierInAReplyIsDelivered) {
  covers({"RFC6842-3-client-id-echo-passes"});

  asks();
  for (const Message& reply :
       {server.offer(client), server.ack(client), server.nak(client, {.flags = broadcast_flag})}) {
    goes_down(reply.plus(option::of(code::client_id, {0, 1, 2, 3, 4, 5, 6, 7})));
  }
}

// RFC 951, section 4: with its address in ciaddr a client can be asked for by ARP.
TEST_F(Chain, ReplyToAClientWithCiaddrMayBeSentAfterArp) {
  covers({"RFC1542-4.1.2-unicast-delivery", "RFC951-4-reply-ciaddr-arp"});

  client.holds(client.lease());
  const auto renewal = client.renew();
  client.sends_to_relay(renewal, relay_address(Segment::downlink0));
  server.gets(relayed(renewal));
  goes_down(server.ack(client, {.ciaddr = client.lease()}));
}

}  // namespace
}  // namespace relayspec
