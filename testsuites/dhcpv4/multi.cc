// SPDX-License-Identifier: Apache-2.0
// Several servers, several client networks, relays in a row.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Multi : public Case {};

// RFC 1542, section 4.1.1: requests of a client that the relay lets in go to its own network's giaddr, and
// not to the other clients.
TEST_F(Multi, RequestReachesNoOtherClientNetwork) {
  covers({"IF-request-not-leaked", "IF-giaddr-per-interface", "RFC3046-5.0-no-downstream-rebroadcast"});

  goes_up(neighbour, neighbour.discover());
}

// RFC 1542, section 4.1.2: giaddr names the network that a reply belongs to, broadcast or not.
TEST_F(Multi, ReplyReachesNoOtherClientNetwork) {
  covers({"IF-reply-only-owner", "RFC1542-4.1.2-giaddr-selects-interface"});

  goes_up(neighbour, neighbour.discover({.flags = broadcast_flag}));
  goes_down(neighbour, server.offer(neighbour, {.flags = broadcast_flag}));
}

// A relay tells clients apart by giaddr and chaddr: of two that use the same xid each gets its own answer.
TEST_F(Multi, ClientsWithTheSameXidGetTheirOwnReplies) {
  covers({"IF-reply-only-owner", "PROXY-same-xid"});

  neighbour.use_xid(client.xid());
  asks(client);
  asks(neighbour);
  const auto to_us = server.offer(client), to_them = server.offer(neighbour);
  goes_down(to_us);
  goes_down(neighbour, to_them);
}

// RFC 1542, section 4.1.1: a request that another relay passed on, which it does by unicast, keeps that
// relay's giaddr.
TEST_F(Multi, UnicastRequestOfAnotherRelayKeepsItsGiaddr) {
  covers({"HOP-relayed-unicast-accepted", "HOP-chain-giaddr-first"});

  const auto message = client.discover({.hops = 1, .giaddr = other_relay()});
  client.sends_to_relay(message, relay_address(Segment::downlink0), {.ip_src = other_relay(), .sport = 67});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1.1: a relay that is not enabled on a network does not serve it.
TEST_F(Multi, DownlinkThatIsNotConfiguredIsNotServed) {
  covers({"RFC1542-4.1.1-per-interface-enable"});
  relay_with({.downlinks = 1});

  neighbour.sends(neighbour.discover());

  nothing_comes_out();
  control_goes_up(client.discover());
}

// Every server that is configured gets one copy, and hops is raised once.
TEST_F(Multi, EveryServerGetsOneCopy) {
  covers({"SRV-each-gets-copy", "SRV-copies-identical"});
  relay_with({.servers = 2});

  const auto message = client.discover();
  client.sends(message);

  server.gets(relayed(message));
  second_server.gets(relayed(message));
}

// However many they are.
TEST_F(Multi, EachOf_4ServersGetsOneCopy) {
  covers({"SRV-each-gets-copy", "SRV-copies-identical"});
  relay_with({.servers = 4});

  goes_up(client.discover());
}

// RFC 2131, section 3.1: the REQUEST goes to all of them, so that the others learn that they were not chosen.
TEST_F(Multi, EveryServerGetsTheRequestThatNamesOne) {
  covers({"RFC2131-3.1-request-same-servers", "PROXY-54-request-all-servers"});
  relay_with({.servers = 2});

  is_offered(client, server);
  goes_up(client.request(server));
}

// Both servers' offers reach the client.
TEST_F(Multi, OffersOfAllServersReachTheClient) {
  covers({"SRV-all-offers-relayed"});
  replies_come_unasked();
  relay_with({.servers = 2});
  only_in({Dialect::rfc, Dialect::strict});

  asks();
  goes_down(server.offer(client));
  const auto second = second_server.offer(client, {.yiaddr = host_address(Segment::downlink0, 180)});
  second_server.sends(second);

  client.gets(delivered(second));
}

// The client chooses the second server, and every server gets that REQUEST.
TEST_F(Multi, EveryServerGetsTheRequestThatNamesTheSecond) {
  covers({"RFC2131-3.1-request-same-servers", "PROXY-54-request-all-servers"});
  relay_with({.servers = 2});

  is_offered(client, second_server);
  goes_up(client.request(second_server));
}

// Two clients that are offered addresses by two servers, one after the other, are not mixed up.
TEST_F(Multi, ClientsOf_2ServersGetTheirOwnReplies) {
  covers({"RFC2132-9.7-server-id-kept-request", "PROXY-two-clients-two-servers"});
  relay_with({.servers = 2});

  is_offered(client, server);
  is_offered(neighbour, second_server);
  goes_up(client.request(server));
}

}  // namespace
}  // namespace relayspec
