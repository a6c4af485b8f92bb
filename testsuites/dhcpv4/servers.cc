// SPDX-License-Identifier: Apache-2.0
// The servers that a relay is configured with: which of them get what, and whether one that fails affects the
// others.
#include <map>
#include <set>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Servers : public Case {};

// RFC 1542, section 4.1.1: the operator says where requests go. They go nowhere else.
TEST_F(Servers, OnlyConfiguredServersGetRequests) {
  covers({"RFC1542-4.1.1-destination-configurable"});
  relay_with({.server_list = {third_server.address()}});

  const auto message = client.another().discover();
  client.sends(message);

  third_server.gets(relayed(message));
}

// RFC 1542, section 4.1.1: all messages of a client go to the same servers, be it all of them or some.
TEST_F(Servers, AllMessagesOfAClientGoToTheSameServers) {
  covers({"RFC1542-4.1.1-same-destination-set"});
  only_in({Dialect::rfc, Dialect::strict});
  relay_with({.servers = 2});

  // All at once, so that no other client's messages come between; secs tells them apart.
  std::uint16_t number = 0;
  for (const Message& m :
       {client.discover(), client.request(server), client.discover(), client.decline(server), client.inform(),
        client.discover(), client.renew(), client.release(server), client.bootp()})
    client.sends(m.with({.secs = ++number}));
  std::map<std::uint8_t, std::set<Ipv4>> reached;
  for (const Arrival& a : comes_out(Segment::uplink, client.discover()))
    reached[a.message.at(9)].insert(a.datagram.ip_dst);

  for (const auto& [one, servers] : reached) {
    if (servers == reached.begin()->second) continue;
    deviates("RFC1542-4.1.1-same-destination-set", "messages of one client go to different servers",
             "the servers that its first message went to", "others for its message " + std::to_string(one));
  }
}

// However many there are: none of the copies is lost in a long run of them.
TEST_F(Servers, EachOfManyRequestsReachesEveryServer) {
  covers({"SRV-each-gets-copy"});
  only_in({Dialect::rfc, Dialect::strict});
  relay_with({.servers = 2});

  constexpr int requests = 130;
  Client one = client;
  for (int i = 0; i < requests; ++i) {
    one = one.another();
    goes_up(one, one.discover());
  }
}

// One server that answers neither ARP nor anything else does not affect the others.
TEST_F(Servers, UnreachableServerDoesNotStopTheOthers) {
  covers({"SRV-one-dead", "SRV-latency-no-hold"});
  relay_with({.server_list = {host_address(Segment::uplink, 9), server.address()}});
  relay_must_cope("SRV-one-dead");

  for (int i = 0; i < 8; ++i) goes_up(client.another().discover());
}

// Nor does one whose host answers "port unreachable": the error concerns only the datagram that it answers.
TEST_F(Servers, ServerThatRefusesDoesNotStopTheOthers) {
  covers({"SRV-one-dead"});
  relay_with({.servers = 2});

  for (int i = 0; i < 8; ++i) {
    const auto message = client.another().discover();
    client.sends(message);
    const Arrival copy = second_server.gets(relayed(message));
    second_server.refuses(copy);
    server.gets(relayed(message));
  }
}

// Nor one that there is no route to.
TEST_F(Servers, ServerWithoutARouteDoesNotStopTheOthers) {
  covers({"SRV-unroutable"});
  relay_with({.server_list = {Ipv4("10.99.99.99"), server.address()}});
  relay_may_refuse("SRV-unroutable");

  for (int i = 0; i < 4; ++i) goes_up(client.another().discover());
}

// A server that is named twice gets one copy or two.
TEST_F(Servers, ServerListedTwiceGets_1Or_2Copies) {
  covers({"SRV-duplicate-entry", "SRV-each-gets-copy"});
  relay_with({.server_list = {server.address(), server.address()}});
  relay_may_refuse("SRV-duplicate-entry");

  const auto message = client.another().discover();
  goes_up(message);
  const bool again = server.may_get(relayed(message)).has_value();
  note("SRV-duplicate-entry", again ? "it gets two copies" : "it gets one copy");
}

// A server on the clients' own link is reached by unicast there.
TEST_F(Servers, ServerOnTheClientsLinkGetsRequestsByUnicast) {
  covers({"SRV-on-client-link", "HOP-relayed-on-server-interface", "RFC7969-5-one-armed",
          "RFC1542-4.1.1-no-rebroadcast-on-ingress"});
  const Ipv4 neighbour_server = host_address(Segment::downlink0, 66);
  relay_with({.server_list = {neighbour_server, server.address()}});
  relay_may_refuse("SRV-on-client-link");

  client.another().holds(neighbour_server);
  const auto message = client.another().discover();
  goes_up(message);
  for (const Arrival& a : comes_out(Segment::downlink0, message)) {
    if (a.datagram.ip_dst == neighbour_server) continue;
    deviates(
        a.datagram.eth_dst.is_broadcast() ? "RFC1542-4.1.1-no-rebroadcast-on-ingress" : "SRV-on-client-link",
        "a request comes out on the clients' link that is not for the server there",
        "one for " + neighbour_server.to_string() + " alone", role_of(a.datagram.ip_dst));
  }
}

// The relay's own address as server must not lead to a loop.
TEST_F(Servers, RelayAsItsOwnServerMakesNoLoop) {
  covers({"HOP-loop-self"});
  relay_with({.server_list = {relay_address(Segment::uplink), server.address()}});
  relay_may_refuse("HOP-loop-self");

  const auto message = client.another().discover();
  goes_up(message);
  const auto more = comes_out(Segment::uplink, message);
  if (more.size() > 17)
    deviates("HOP-loop-self", "a request goes round in the relay", "at most as often as hops allow",
             std::to_string(more.size()) + " copies");
}

// RFC 1542, section 4.1.1: servers may be reached by broadcast on their own network; that is no reason to
// broadcast on the clients'.
TEST_F(Servers, BroadcastToServersIsNotSentToClients) {
  covers({"RFC1542-4.1.1-destination-broadcast-multicast", "RFC1542-4.1.1-no-rebroadcast-on-ingress"});
  relay_with({.server_list = {subnet_broadcast(Segment::uplink), server.address()}});
  relay_may_refuse("RFC1542-4.1.1-destination-broadcast-multicast");

  const auto message = client.another().discover();
  goes_up(message);
  comes_out(Segment::uplink, message);
}

// Which of its addresses the relay sends from is its own choice.
TEST_F(Servers, SourceOfRequestsIsAnAddressOfTheRelay) {
  covers({"SRV-source-address-policy", "RFC1122-3.2.1.3-src-own-address"});

  const Arrival copy = goes_up(client.another().discover());

  bool own = false;
  for (const Segment s : all_segments) own |= copy.datagram.ip_src == relay_address(s);
  if (!own)
    deviates("RFC1122-3.2.1.3-src-own-address", "a request comes from an address that is not the relay's",
             "one of the relay's", copy.datagram.ip_src.to_string());
  const bool by_giaddr = copy.datagram.ip_src == relay_address(Segment::downlink0);
  note("SRV-source-address-policy",
       by_giaddr ? "requests come from giaddr" : "requests come from the uplink's address");
}

}  // namespace
}  // namespace relayspec
