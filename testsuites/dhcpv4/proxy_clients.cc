// SPDX-License-Identifier: Apache-2.0
// A relay that stands in for 2 servers, and its clients: each message that names the relay reaches the
// servers with the identifier of the client's own server, whatever its xid is, however it is sent, and
// whatever other clients and servers do meanwhile.
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class ProxyClients : public Case {
 protected:
  void stands_in_for_two() {
    only_in({Dialect::proxy});
    relay_with({.servers = 2});
  }
  void releases(const Client& c, const Server& owner) {
    const auto release = c.release(owner);
    c.sends_to_relay(release, owner.seen_by(c));
    every_server_gets(relayed_from(c.downlink(), release));
  }
  /// A lease of a client whose messages have these fields; without option 61, which would say who it is.
  void has_lease_with(const Client& c, const Server& owner, const Message& over) {
    goes_up(c, without(c.discover(over), code::client_id));
    const Message flagged = over.with({.flags = broadcast_flag});
    answers(c, owner, owner.offer(c, flagged));
    goes_up(c, without(c.request(owner, over), code::client_id));
    answers(c, owner, owner.ack(c, flagged));
  }
  void answers(const Client& c, const Server& from, const Message& reply) {
    from.sends(reply);
    c.gets(delivered(reply));
  }
};

// RFC 2131, table 5: DECLINE and RELEASE have an xid of their own.
TEST_F(ProxyClients, ReleaseAndDeclineWithANewXidNameTheServer) {
  covers({"PROXY-54-release-restored", "PROXY-54-decline-restored"});
  stands_in_for_two();

  const Client other = client.another();
  has_lease(client, second_server);
  has_lease(other, second_server);
  releases(client.with_new_xid(), second_server);
  const Client later = other.with_new_xid();
  goes_up(later, later.decline(second_server));
}

// RFC 2131, section 4.4.6: a RELEASE names its lease, also after another server has offered another address.
TEST_F(ProxyClients, ReleaseNamesTheServerOfItsLeaseAfterAnotherOffer) {
  covers({"PROXY-54-release-restored", "PROXY-second-offer-consistency"});
  stands_in_for_two();

  has_lease(client, second_server);
  const Client again = client.with_new_xid();
  asks(again);
  const auto offer = server.offer(again, {.yiaddr = host_address(Segment::downlink0, 91)});
  server.sends(offer);
  again.may_get(delivered(offer));
  releases(client, second_server);
}

// RFC 2131, section 4.1: a client repeats its REQUEST where the ACK is lost, and it is the same message.
TEST_F(ProxyClients, RepeatedRequestNamesTheServer) {
  covers({"PROXY-54-request-restored", "SRV-retransmissions-all-relayed"});
  stands_in_for_two();

  is_offered(client, second_server);
  for (int i = 0; i < 3; ++i) goes_up(client.request(second_server));
}

// RFC 1542, section 4.1: what is sent to the relay alone is relayed as a broadcast is.
TEST_F(ProxyClients, UnicastRequestNamesTheServer) {
  covers({"PROXY-54-request-restored"});
  stands_in_for_two();

  is_offered(client, second_server);
  const auto request = client.request(second_server);
  client.sends_to_relay(request, second_server.seen_by(client));
  every_server_gets(relayed_from(client.downlink(), request));
}

// A lease that one client gives up, or does not get, changes nothing in another's.
TEST_F(ProxyClients, DeclineOrNakOfOneClientLeavesTheOthers) {
  covers({"PROXY-two-clients-two-servers", "PROXY-54-release-restored"});
  stands_in_for_two();

  const Client other = client.another(), third = other.another();
  has_lease(client, second_server);
  has_lease(other, second_server);
  goes_up(other, other.decline(second_server));
  releases(client, second_server);
  has_lease(neighbour, second_server);
  goes_up(third, third.reboot());
  answers(third, server, server.nak(third, {.flags = broadcast_flag}));
  releases(neighbour, second_server);
}

// RFC 2131, table 5: ciaddr says which lease a RELEASE is about. Another lease of the same link address, on
// another network or of another kind of hardware, is none of it.
TEST_F(ProxyClients, OneLinkAddressOn_2NetworksHasAServerOnEach) {
  covers({"PROXY-two-clients-two-servers", "PROXY-54-release-restored", "IF-same-chaddr-two-links"});
  stands_in_for_two();

  Client elsewhere = neighbour;
  elsewhere.use_mac(client.mac());
  has_lease(client, second_server);
  has_lease(elsewhere, server);
  releases(client, second_server);
}

TEST_F(ProxyClients, OneLinkAddressOf_2KindsOfHardwareHasAServerForEach) {
  covers({"PROXY-two-clients-two-servers", "PROXY-54-release-restored"});
  stands_in_for_two();

  const Mac mac = client.mac();
  Bytes longer(mac.begin(), mac.end());
  longer.resize(16, 0x77);
  for (const Message& over : {Message{.htype = 6}, Message{.htype = 6, .hlen = 16, .chaddr = longer}}) {
    Client alike = client.another();
    alike.use_mac(mac);
    has_lease(client, second_server);
    has_lease_with(alike, server, over);
    releases(client, second_server);
  }
}

}  // namespace
}  // namespace relayspec
