// SPDX-License-Identifier: Apache-2.0
// What a relay that stands in for the servers remembers of them: whatever has gone before, a client's
// REQUEST, DECLINE and RELEASE name the server that has made the offer or given the lease. The relay need not
// know what no OFFER and no ACK has said.
#include <functional>
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class ProxyMemory : public Case {
 protected:
  void stands_in_for_two() {
    only_in({Dialect::proxy});
    relay_with({.servers = 2});
  }

  /// With a client for each: what has gone before, then the lease by this server, and the end of it.
  void remembers(const std::string& row, const Server& owner, const std::function<void()>& past) {
    for (const bool declines : {true, false}) {
      next(row + (declines ? ", then a DECLINE" : ", then a RELEASE"));
      past();
      ends(owner, declines);
    }
  }
  void next(const std::string& row) {
    in_row(row);
    one = one.another();
  }

  /// The client of the row gets what this server sends; or may, where the relay need not pass it on.
  void gets(const Server& from, const Message& reply) {
    from.sends(reply);
    one.gets(delivered(reply));
  }
  void may_get(const Server& from, const Message& reply) {
    from.sends(reply);
    one.may_get(delivered(reply));
  }
  void is_offered_by(const Server& from) {
    asks(one);
    gets(from, from.offer(one));
  }
  /// The REQUEST that takes the offer, and the ACK.
  void takes(const Server& owner, const Message& over = {}) {
    goes_up(one, one.request(owner, over));
    gets(owner, owner.ack(one));
  }
  void ends(const Server& owner, bool declines) {
    if (declines) {
      goes_up(one, one.decline(owner));
      return;
    }
    const auto release = one.release(owner);
    one.sends_to_relay(release, owner.seen_by(one));
    server.gets(relayed(release));
    second_server.gets(relayed(release));
  }
  /// Whether the relay relays it is its choice here.
  void sends_what_names_the_relay(Message m) {
    m = m.plus(option::address(code::server_id, server.seen_by(one)));
    one.sends(m);
    comes_out(Segment::uplink, m);
  }

  /// An OFFER with its Server Identifier in the fields that overload opens (RFC 2131, section 4.1).
  static Message overloaded(const Message& offer, std::uint8_t fields, Ipv4 id) {
    const auto area = [](const Option& o) {
      Bytes octets = o.wire;
      octets.push_back(code::end);
      return octets;
    };
    const Bytes named = area(option::address(code::server_id, id)), other = area(option::text(12, "host"));
    Message over;
    if ((fields & 1) != 0) over.file = fields == 1 ? named : other;
    if ((fields & 2) != 0) over.sname = named;
    return without(offer, code::server_id).plus(option::number(code::overload, fields)).with(over);
  }

  Client one = client;  ///< of the present row
};

// RFC 2131, table 5: a RELEASE names its lease in ciaddr. Option 50, which must not be in it, says nothing.
TEST_F(ProxyMemory, AReleaseNamesItsLeaseInCiaddr) {
  covers({"PROXY-54-release-restored"});
  stands_in_for_two();

  const Ipv4 another = host_address(Segment::downlink0, 91);
  asks(one);
  gets(server, server.offer(one, {.yiaddr = another}));
  one.use_xid(client.another().xid());
  is_offered_by(second_server);
  takes(second_server);
  const auto release = one.release(second_server).plus(option::address(code::requested_address, another));
  one.sends_to_relay(release, second_server.seen_by(one));
  server.gets(relayed(release));
  second_server.gets(relayed(release));
}

// RFC 2131, table 5: the server is the one that has made the offer, and then the one that has given the
// lease.
TEST_F(ProxyMemory, ServerOfTheOfferAndOfTheLeaseIsRemembered) {
  covers({"PROXY-54-request-restored", "PROXY-54-decline-restored", "PROXY-54-release-restored"});
  stands_in_for_two();

  for (const Server& owner : {server, second_server}) {
    remembers("an OFFER and an ACK", owner, [&] {
      is_offered_by(owner);
      takes(owner);
    });
    remembers("an ACK without an OFFER", owner, [&] {
      goes_up(one, one.reboot());
      gets(owner, owner.ack(one));
    });
  }
  remembers("a NAK of the other server, and an OFFER", server, [&] {
    goes_up(one, one.reboot());
    gets(second_server, second_server.nak(one, {.flags = broadcast_flag}));
    is_offered_by(server);
    takes(server);
  });
  remembers("an ACK to an INFORM by the other server", second_server, [&] {
    is_offered_by(second_server);
    takes(second_server);
    goes_up(one, one.inform());
    gets(server, server.ack(one, {.ciaddr = one.lease(), .yiaddr = Ipv4("0.0.0.0")}));
  });
}

// Two servers that offer one address: either may be meant by the REQUEST; the ACK says whose the lease is.
TEST_F(ProxyMemory, ServerOfTheAckIsRemembered) {
  covers({"PROXY-54-decline-restored", "PROXY-54-release-restored", "PROXY-second-offer-consistency"});
  stands_in_for_two();

  for (const Server& owner : {server, second_server}) {
    remembers("two OFFERs of one address", owner, [&] {
      is_offered_by(server);
      may_get(second_server, second_server.offer(one));
      const auto request = one.request(owner);
      one.sends(request);
      std::optional<Bytes> named;
      for (const Arrival& a : comes_out(Segment::uplink, request)) {
        const auto id = find_option(a.message, code::server_id);
        const bool offered = id == octets_of(server.address()) || id == octets_of(second_server.address());
        if (!offered || (named && named != id))
          deviates("PROXY-second-offer-consistency", "the copies of a REQUEST do not name one of the servers",
                   "one that has offered the address", hex(id.value_or(Bytes{})));
        named = id;
      }
      gets(owner, owner.ack(one));
    });
  }
}

// An OFFER that names no server, or offers nothing, says nothing of the one that was made before.
TEST_F(ProxyMemory, OfferWithoutServerOrAddressIsNotRemembered) {
  covers({"PROXY-54-request-restored", "PROXY-54-absent"});
  stands_in_for_two();

  remembers("an OFFER, and one without option 54", second_server, [&] {
    is_offered_by(second_server);
    may_get(server, without(server.offer(one), code::server_id));
    takes(second_server);
  });
  remembers("an OFFER, and one without yiaddr", second_server, [&] {
    is_offered_by(second_server);
    may_get(server, server.offer(one, {.flags = broadcast_flag, .yiaddr = Ipv4("0.0.0.0")}));
    takes(second_server);
  });
}

// Nor does an OFFER without option 54 make up a server for a client of whom nothing else is known.
TEST_F(ProxyMemory, NamesNobodyThatNoReplyHasNamed) {
  covers({"PROXY-54-request-restored"});
  stands_in_for_two();

  asks(one);
  may_get(server, without(server.offer(one), code::server_id));
  const auto request = one.request(server);
  one.sends(request);
  for (const Arrival& a : comes_out(Segment::uplink, request)) {
    const auto id = find_option(a.message, code::server_id);
    if (id != octets_of(server.address()) && id != octets_of(second_server.address()))
      deviates(first_requirement(), "a copy of a REQUEST names nobody that could be a server",
               "a server's identifier, or no copy", hex(id.value_or(Bytes{})));
  }
}

// RFC 2132, section 9.7: what is put back is what the server calls itself, which need not be the address that
// the relay sends to; not even where it sends to one alone.
TEST_F(ProxyMemory, KnowsAServerByItsIdentifier) {
  covers({"PROXY-54-request-restored"});
  only_in({Dialect::proxy});

  const Ipv4 identifier = host_address(Segment::uplink, 99);
  asks();
  goes_down(replacing(server.offer(client), code::server_id, option::address(code::server_id, identifier)));
  const auto request = client.request(server);
  client.sends(request);
  const auto copies = comes_out(Segment::uplink, request);
  const auto id = copies.empty() ? std::nullopt : find_option(copies.front().message, code::server_id);
  if (live() && id != octets_of(identifier))
    deviates(first_requirement(), "a REQUEST does not name the server as that has named itself",
             hex(octets_of(identifier)), id ? hex(*id) : "nothing");
}

// RFC 2131, section 4.1: the client chooses the xid, and some always use the same one. The server that
// answers the next DISCOVER has made the offer.
TEST_F(ProxyMemory, IsOfTheLatestOfferUnderOneXid) {
  covers({"PROXY-54-request-restored"});
  stands_in_for_two();

  next("a lease of the other server before, under the same xid");
  is_offered_by(server);
  takes(server);
  ends(server, false);
  is_offered_by(second_server);
  takes(second_server);
}

// RFC 2131, table 5: DISCOVER and INFORM name no server. What a relay makes of those that do is its choice,
// but it remembers what it has learned.
TEST_F(ProxyMemory, DiscoverAndInformThatNameTheRelayChangeNothing) {
  covers({"PROXY-54-in-discover", "PROXY-54-release-restored", "PROXY-54-decline-restored"});
  stands_in_for_two();

  remembers("a DISCOVER that names the relay", second_server, [&] {
    sends_what_names_the_relay(one.discover());
    is_offered_by(second_server);
    takes(second_server);
  });
  remembers("an INFORM that names the relay", second_server, [&] {
    is_offered_by(second_server);
    takes(second_server);
    sends_what_names_the_relay(one.inform());
  });
}

// RFC 951, section 3: servers need not copy the octets of chaddr that stand behind hlen.
TEST_F(ProxyMemory, ClientIsIdentifiedByHlenOctetsOfChaddr) {
  covers({"PROXY-54-request-restored"});
  stands_in_for_two();

  next("octets behind hlen that come back as zeros");
  const Mac mac = one.mac();
  Bytes chaddr(mac.begin(), mac.end());
  chaddr.resize(16, 0x77);
  goes_up(one, one.discover({.chaddr = chaddr}));
  gets(second_server, second_server.offer(one));
  takes(second_server, {.chaddr = chaddr});
}

// Clients whose addresses differ in one octet are two clients.
TEST_F(ProxyMemory, ClientsThatDifferInOneOctetAreDistinguished) {
  covers({"PROXY-54-request-restored", "PROXY-54-release-restored", "PROXY-two-clients-two-servers"});
  stands_in_for_two();

  for (const std::size_t octet : {0, 2, 5}) {
    next("addresses that differ in octet " + std::to_string(octet));
    const Client first = one;
    const Mac mac = first.mac();
    Bytes address(mac.begin(), mac.end());
    address[octet] ^= 0x04;
    is_offered_by(second_server);
    one = first.another();
    one.use_mac(Mac(address.data()));
    is_offered_by(server);
    takes(server);
    const Client second = one;
    one = first;
    takes(second_server);
    ends(second_server, false);
    one = second;
    ends(server, false);
  }
}

// Servers that do not know of one another may offer one address to two clients.
TEST_F(ProxyMemory, TellsClientsApartThatAreOfferedOneAddress) {
  covers({"PROXY-54-request-restored", "PROXY-two-clients-two-servers"});
  stands_in_for_two();

  next("an OFFER of the same address to each");
  const Client first = one;
  is_offered_by(second_server);
  one = first.another();
  asks(one);
  gets(server, server.offer(one, {.yiaddr = first.lease()}));
  goes_up(one, replacing(one.request(server), code::requested_address,
                         option::address(code::requested_address, first.lease())));
  goes_up(first, first.request(second_server));
}

// RFC 2131, section 4.1: option 54 may stand in file and sname.
TEST_F(ProxyMemory, ServerInOverloadedFieldsIsRemembered) {
  covers({"PROXY-54-in-overload", "PROXY-54-request-restored"});
  stands_in_for_two();

  for (const std::uint8_t fields : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    next("overload " + std::to_string(fields));
    asks(one);
    const auto offer = second_server.offer(one);
    second_server.sends(overloaded(offer, fields, second_server.address()));
    const Message hidden = overloaded(offer, fields, second_server.seen_by(one));
    auto expected = delivered(hidden);
    expected.server_id_rule = "PROXY-54-in-overload";
    const auto came = one.may_get(expected);
    // A client that was shown the real server names it.
    if (live() && (!came || came->message != encode(hidden))) continue;
    takes(second_server);
  }
}

// After a restart the relay knows no server, and a message that names the relay must not reach a server
// unchanged; the first ACK names the server again.
TEST_F(ProxyMemory, IsEmptyAfterARestart) {
  covers({"PROXY-state-loss-release", "PROXY-state-loss-decline", "PROXY-54-release-restored"});
  stands_in_for_two();

  is_offered_by(second_server);
  takes(second_server);
  relay_restarts();
  one.holds(one.lease());
  for (const Message& m :
       {one.request(second_server), one.decline(second_server), one.release(second_server)}) {
    one.sends(m);
    for (const Arrival& a : comes_out(Segment::uplink, m)) {
      if (find_option(a.message, code::server_id) != octets_of(server.seen_by(one))) continue;
      const bool releases = find_option(encode(m), code::message_type) == Bytes{7};
      deviates(releases ? "PROXY-state-loss-release" : "PROXY-state-loss-decline",
               "servers get what names the relay as a server", "a server's identifier, or nothing",
               summary(a.message));
    }
  }
  remembers("a renewal after a restart", second_server, [&] {
    goes_up(one, one.renew());
    gets(second_server, second_server.ack(one, {.ciaddr = one.lease()}));
  });
}

}  // namespace
}  // namespace relayspec
