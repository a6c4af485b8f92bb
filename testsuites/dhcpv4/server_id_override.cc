// SPDX-License-Identifier: Apache-2.0
// Server Identifier Override (RFC 5107): the server is asked to give the relay's address as its own, so that
// renewals come by the relay.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t flags_sub_option = 10, override_sub_option = 11;

class ServerIdOverride : public Case {
 protected:
  /// RFC 5107, section 4: 4 octets, an address of the relay that clients reach it at.
  void names_the_relay(const Arrival& a) {
    const auto named = contains(a, "RFC5107-4-in-every-82", override_sub_option);
    if (!named) return;
    if (named->size() != 4)
      deviates("RFC5107-4-format", "sub-option 11 is no address", "4 octets", hex(*named));
    else if (std::none_of(std::begin(all_segments), std::end(all_segments),
                          [&](Segment s) { return *named == octets_of(relay_address(s)); }))
      deviates("RFC5107-4-address-reachable", "sub-option 11 names somebody else", "the relay", hex(*named));
  }
  void relay_overrides(unsigned servers = 1) {
    only_in({Dialect::rfc, Dialect::strict});
    relay_with({.option82 = true, .server_id = ServerIdMode::override_suboption, .servers = servers});
  }
  /// A renewal, which the client sends to the relay as to its server, reaches the first server.
  Arrival renews() {
    const auto renewal = client.renew();
    client.sends_to_relay(renewal, relay_address(Segment::downlink0));
    return server.gets(relayed(renewal));
  }
  /// As a server writes that obeys the sub-option (RFC 5107, section 4).
  Message obeying(const Message& reply) {
    return replacing(reply, code::server_id,
                     option::address(code::server_id, relay_address(Segment::downlink0)));
  }
  /// And a client that got this identifier.
  Message naming_relay(const Message& m) { return obeying(m); }
};

// RFC 5107, section 4: 4 octets, an address that the client can reach; any of the relay's will do.
TEST_F(ServerIdOverride, IsAnAddressOfTheRelay) {
  covers({"RFC5107-4-format", "RFC5107-4-address-reachable"});
  relay_overrides();

  names_the_relay(goes_up(client.discover()));
}

// RFC 5107, section 4: giaddr is filled in as always.
TEST_F(ServerIdOverride, GiaddrIsFilledInAsUsual) {
  covers({"RFC5107-4-giaddr-normal"});
  relay_overrides();

  asks();
  goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
}

// The server compares it with option 54 of every message, so it is in all of them.
TEST_F(ServerIdOverride, EveryMessageHasTheSubOption) {
  covers({"RFC5107-4-in-every-82"});
  relay_overrides();

  for (const Message& m :
       {client.discover(), naming_relay(client.request(server)), naming_relay(client.decline(server)),
        client.inform(), client.renew(), client.bootp()})
    names_the_relay(goes_up(m));
  names_the_relay(asks(neighbour));
}

// RFC 5107, section 4: such relays also send the flags sub-option.
TEST_F(ServerIdOverride, IsSentWithTheFlagsSubOption) {
  covers({"RFC5107-4-flags-too", "RFC5107-4-in-every-82"});
  only_in({Dialect::rfc, Dialect::strict});
  relay_with({.option82 = true, .server_id = ServerIdMode::override_suboption, .flags_suboption = true});

  const auto arrival = goes_up(client.discover());
  // What it says is another matter (RFC 5010, section 3).
  contains(arrival, "RFC5107-4-flags-too", flags_sub_option);
  names_the_relay(arrival);
}

// RFC 5107, section 4: it is the server that writes option 54; the relay does not touch it.
TEST_F(ServerIdOverride, Option54IsUnchanged) {
  covers({"RFC5107-4-option54-untouched", "RFC2132-9.7-server-id-kept-reply"});
  relay_overrides();

  asks();
  for (const Message& reply : {obeying(server.offer(client)), server.offer(client)}) goes_down(reply);
  goes_up(naming_relay(client.request(server)));
}

// RFC 5107, section 1: the client renews with the relay, which relays that as any request.
TEST_F(ServerIdOverride, RenewalToTheRelayIsRelayed) {
  covers({"RFC5107-1-renew-accepted", "RFC5107-4-in-every-82"});
  relay_overrides();

  has_lease(client, server);
  names_the_relay(renews());
}

// What the sub-option names answers to ARP, or no renewal would ever come.
TEST_F(ServerIdOverride, AddressAnswersArp) {
  covers({"RFC5107-4-address-reachable"});
  relay_overrides();

  has_lease(client, server);
  client.finds(relay_address(Segment::downlink0), "RFC5107-4-address-reachable");
}

// RFC 5107, section 1: releases too.
TEST_F(ServerIdOverride, ReleaseToTheRelayIsRelayed) {
  covers({"RFC5107-1-release-accepted", "RFC5107-4-in-every-82"});
  relay_overrides();

  has_lease(client, server);
  const auto release = naming_relay(client.release(server));
  client.sends_to_relay(release, relay_address(Segment::downlink0));

  names_the_relay(server.gets(relayed(release)));
}

// RFC 5107, section 4: all servers get all messages, renewals included.
TEST_F(ServerIdOverride, RenewalReachesAllServers) {
  covers({"RFC5107-4-all-to-all-servers"});
  relay_overrides(2);

  renews();
  second_server.gets(relayed(client.renew()));
}

// RFC 5107, section 4: the relay keeps no state of leases, so a restart changes nothing.
TEST_F(ServerIdOverride, RenewalAfterARestartIsRelayed) {
  covers({"RFC5107-4-no-state"});
  relay_overrides();

  has_lease(client, server);
  relay_restarts();
  client.holds(client.lease());
  renews();
  goes_down(obeying(server.ack(client, {.ciaddr = client.lease()})));
}

// RFC 1542, section 4.1.2: the answer to a renewal goes to the client's address.
TEST_F(ServerIdOverride, AckToARenewalIsUnicast) {
  covers({"RFC5107-renew-ack-unicast", "RFC1542-4.1.2-unicast-delivery"});
  relay_overrides();

  has_lease(client, server);
  renews();
  const Arrival ack = goes_down(obeying(server.ack(client, {.ciaddr = client.lease()})));
  if (live() && ack.datagram.eth_dst.is_broadcast() && ack.datagram.ip_dst != client.lease())
    deviates("RFC1542-4.1.2-unicast-delivery", "the ACK to a renewal is broadcast", "to the client's address",
             "a broadcast");
}

// Or the server refuses, and the NAK is broadcast.
TEST_F(ServerIdOverride, NakToARenewalIsBroadcast) {
  covers({"RFC5107-renew-nak"});
  relay_overrides();

  has_lease(client, server);
  renews();
  goes_down(obeying(server.nak(client, {.flags = broadcast_flag})));
}

}  // namespace
}  // namespace relayspec
