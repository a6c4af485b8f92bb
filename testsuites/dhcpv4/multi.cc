// Several servers, several client networks, relays in a row.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Multi : public Case {};

// RFC 1542, section 4.1.1: requests of a client that the relay lets in go to its own network's giaddr, and
// not to the other clients.
TEST_F(Multi, NetworksDoNotHearOneAnothersRequests) {
  covers({"IF-request-not-leaked", "IF-giaddr-per-interface", "RFC3046-5.0-no-downstream-rebroadcast"});

  const auto message = neighbour.discover();
  neighbour.sends(message);

  server.gets(relayed_from(Segment::downlink1, message));
}

// RFC 1542, section 4.1.2: giaddr names the network that a reply belongs to, broadcast or not.
TEST_F(Multi, NetworksDoNotHearOneAnothersReplies) {
  covers({"IF-reply-only-owner", "RFC1542-4.1.2-giaddr-selects-interface"});

  const auto discover = neighbour.discover({.flags = broadcast_flag});
  neighbour.sends(discover);
  server.gets(relayed_from(Segment::downlink1, discover));
  const auto offer = server.offer(neighbour, {.flags = broadcast_flag});
  server.sends(offer);

  neighbour.gets(delivered(offer));
}

// A relay tells clients apart by giaddr and chaddr: two that happen to use one xid get each their own answer.
TEST_F(Multi, ClientsWithTheSameXidGetTheirOwnReplies) {
  covers({"IF-reply-only-owner", "PROXY-same-xid"});

  neighbour.use_xid(client.xid());
  const auto ours = client.discover(), theirs = neighbour.discover();
  client.sends(ours);
  server.gets(relayed(ours));
  neighbour.sends(theirs);
  server.gets(relayed_from(Segment::downlink1, theirs));
  const auto to_us = server.offer(client), to_them = server.offer(neighbour);
  server.sends(to_us);
  client.gets(delivered(to_us));
  server.sends(to_them);
  neighbour.gets(delivered(to_them));
}

// RFC 1542, section 4.1.1: a request that another relay passed on, which it does by unicast, keeps that
// relay's giaddr.
TEST_F(Multi, RelaysInARowKeepTheFirstGiaddr) {
  covers({"HOP-relayed-unicast-accepted", "HOP-chain-giaddr-first"});

  const Ipv4 other("192.0.2.200");
  const auto message = client.discover({.hops = 1, .giaddr = other});
  client.sends_to_relay(message, relay_address(Segment::downlink0), {.ip_src = other, .sport = 67});

  server.gets(relayed(message));
}

// RFC 1542, section 4.1.1: what is not switched on for a network does not serve it.
TEST_F(Multi, NetworksThatWereNotNamedAreNotServed) {
  covers({"RFC1542-4.1.1-per-interface-enable"});
  relay_with({.downlinks = 1});

  neighbour.sends(neighbour.discover());

  nothing_comes_out();
}

// Every server that is configured gets one copy, and hops is raised once.
TEST_F(Multi, ServersGetACopyEach) {
  covers({"SRV-each-gets-copy", "SRV-copies-identical"});
  relay_with({.servers = 2});

  const auto message = client.discover();
  client.sends(message);

  server.gets(relayed(message));
  second_server.gets(relayed(message));
}

// RFC 2131, section 3.1: the REQUEST goes to all of them, so that the others learn that they were not chosen.
TEST_F(Multi, ServersAllGetTheRequestThatNamesOne) {
  covers({"RFC2131-3.1-request-same-servers", "PROXY-54-request-all-servers"});
  relay_with({.servers = 2});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  second_server.gets(relayed(discover));
  const auto offer = server.offer(client);
  server.sends(offer);
  client.gets(delivered(offer));
  const auto request = client.request(server);
  client.sends(request);

  server.gets(relayed(request));
  second_server.gets(relayed(request));
}

// Both servers' offers reach the client.
TEST_F(Multi, ServersOffersAllReachTheClient) {
  covers({"SRV-all-offers-relayed"});
  relay_with({.servers = 2});
  only_in({Dialect::rfc, Dialect::strict});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  second_server.gets(relayed(discover));
  const auto one = server.offer(client),
             two = second_server.offer(client, {.yiaddr = host_address(Segment::downlink0, 180)});
  server.sends(one);
  client.gets(delivered(one));
  second_server.sends(two);
  client.gets(delivered(two));
}

// The client chooses the second server, and every server hears that.
TEST_F(Multi, ServersHearOfASecondOneThatWasChosen) {
  covers({"RFC2131-3.1-request-same-servers", "PROXY-54-request-all-servers"});
  relay_with({.servers = 2});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  second_server.gets(relayed(discover));
  const auto offer = second_server.offer(client);
  second_server.sends(offer);
  client.gets(delivered(offer));
  const auto request = client.request(second_server);
  client.sends(request);

  server.gets(relayed(request));
  second_server.gets(relayed(request));
}

// Two clients that are offered addresses by two servers, one after the other, are not mixed up.
TEST_F(Multi, ClientsOfTwoServersAreNotMixedUp) {
  covers({"RFC2132-9.7-server-id-kept-request", "PROXY-two-clients-two-servers"});
  relay_with({.servers = 2});

  const auto offered = [&](const Client& c, const Server& s) {
    const auto discover = c.discover();
    c.sends(discover);
    server.gets(relayed_from(c.downlink(), discover));
    second_server.gets(relayed_from(c.downlink(), discover));
    const auto offer = s.offer(c);
    s.sends(offer);
    c.gets(delivered(offer));
  };
  offered(client, server);
  offered(neighbour, second_server);
  const auto request = client.request(server);
  client.sends(request);

  server.gets(relayed(request));
  second_server.gets(relayed(request));
}

}  // namespace
}  // namespace relayspec
