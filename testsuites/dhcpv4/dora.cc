// SPDX-License-Identifier: Apache-2.0
// The eight hops of a whole exchange, each checked in full: addresses, ports, every octet, and what comes out
// where.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Dora : public Case {};

// Hops 1 and 2. RFC 1542, section 4.1.1: a new datagram to the server, giaddr filled in, hops one higher, all
// else as sent; and nothing of it on the clients' side.
TEST_F(Dora, DiscoverReachesTheServer) {
  covers({"RFC1542-4.1.1-giaddr-fill", "RFC1542-4.1.1-hops-increment", "RFC1542-4.1.1-fields-intact",
          "RFC1542-4-new-datagram", "RFC2131-4.1-server-port-67", "RFC2131-4.1-sport-67-request",
          "RFC1542-4.1-accept-limited-broadcast", "RFC1542-4.1-accept-src-zero",
          "RFC1542-4.1.1-request-relayed"});

  const auto message = client.discover();
  client.sends(message);

  server.gets(relayed(message));
}

// Hops 3 and 4 with the BROADCAST flag. RFC 1542, section 4.1.2: to everybody on the client's link, at both
// layers.
TEST_F(Dora, OfferReachesTheClientByBroadcast) {
  covers({"RFC1542-4.1.2-broadcast-delivery", "RFC1542-4.1.2-fields-intact-reply", "RFC1542-4.1.2-dport-68",
          "RFC1542-4.1.2-sport-67-reply", "IF-reply-source-ip", "IF-link-source",
          "RFC1542-4.1.2-reply-delivered", "SRV-reply-once"});

  goes_up(client.discover({.flags = broadcast_flag}));
  const auto reply = server.offer(client, {.flags = broadcast_flag});
  server.sends(reply);

  client.gets(delivered(reply, Delivered::By::broadcast));
}

// Hops 3 and 4 without the flag. RFC 1542, section 4.1.2: to yiaddr at chaddr, which the client could not yet
// answer ARP for.
TEST_F(Dora, OfferReachesTheClientByUnicast) {
  covers({"RFC1542-4.1.2-unicast-delivery", "RFC1542-4.1.2-unicast-no-arp", "RFC1542-4.1.2-dport-68",
          "RFC1542-4.1.2-broadcast-fallback"});
  only_in({Dialect::rfc, Dialect::strict});

  asks();
  const auto reply = server.offer(client);
  server.sends(reply);

  client.gets(delivered(reply, Delivered::By::unicast));
}

// Hops 5 and 6. RFC 2131, section 3.1: the REQUEST reaches the server and names the one that was chosen.
TEST_F(Dora, RequestReachesTheServer) {
  covers({"RFC1542-4.1.1-giaddr-fill", "RFC2132-9.7-server-id-kept-request", "RFC1542-4.1.1-fields-intact"});

  is_offered(client, server);
  const auto message = client.request(server);
  client.sends(message);

  server.gets(relayed(message));
}

// Hops 7 and 8. RFC 1542, section 4.1.2: the ACK comes as the OFFER did.
TEST_F(Dora, AckReachesTheClient) {
  covers({"RFC1542-4.1.2-fields-intact-reply", "RFC2132-9.7-server-id-kept-reply"});

  is_offered(client, server);
  goes_up(client.request(server));
  const auto ack = server.ack(client);
  server.sends(ack);

  client.gets(delivered(ack));
}

// RFC 2131, section 4.3.2: a NAK is for a client that has no address here, so it is broadcast.
TEST_F(Dora, NakReachesTheClientByBroadcast) {
  covers({"RFC2131-4.3.2-nak-broadcast", "RFC1542-4.1.2-fields-intact-reply", "RFC2131-3.2-nak-hwaddr"});

  goes_up(client.reboot());
  const auto nak = server.nak(client, {.flags = broadcast_flag});
  server.sends(nak);

  client.gets(delivered(nak, Delivered::By::broadcast));
}

// RFC 3046, section 2.1: with option 82 switched on the request carries it as the last option, and nothing
// else differs.
TEST_F(Dora, Option82IsAddedToDiscover) {
  covers({"RFC3046-2.1-last-before-end", "RFC3046-2.0-format", "RFC3046-2.1-configurable"});
  relay_with({.option82 = true});

  const auto message = client.discover();
  client.sends(message);

  server.gets(relayed(message));
}

// RFC 3046, section 2.1: what the relay put in, and the server returned, does not reach the client.
TEST_F(Dora, Option82IsRemovedFromOffer) {
  covers({"RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  asks();
  const auto reply = server.offer(client);
  server.sends(reply);

  client.gets(delivered(reply));
}

}  // namespace
}  // namespace relayspec
