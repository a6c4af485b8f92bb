// SPDX-License-Identifier: Apache-2.0
// Header fields and options with values that no client and no server should send: giaddr, yiaddr, op, hops,
// message types, overload.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Fields : public Case {
 protected:
  /// A request with this giaddr: relayed unaltered or dropped; if it is relayed, which good practice avoids,
  /// that is noted.
  void giaddr_passes_unaltered(std::string_view requirement, Ipv4 giaddr) {
    if (may_go_up(client.discover({.hops = 1, .giaddr = giaddr})))
      note(requirement, "a request with giaddr " + giaddr.to_string() + " is relayed");
  }
};

// No answer can be sent to a multicast, broadcast or loopback address.
TEST_F(Fields, MulticastGiaddrInARequestIsKeptOrDropped) {
  covers({"MALF-giaddr-multicast"});
  for (const Ipv4 giaddr : {Ipv4("224.0.0.1"), Ipv4("239.1.2.3")})
    giaddr_passes_unaltered("MALF-giaddr-multicast", giaddr);
}

TEST_F(Fields, BroadcastGiaddrInARequestIsKeptOrDropped) {
  covers({"MALF-giaddr-broadcast"});
  for (const Ipv4 giaddr : {Ipv4("255.255.255.255"), subnet_broadcast(Segment::downlink0)})
    giaddr_passes_unaltered("MALF-giaddr-broadcast", giaddr);
}

TEST_F(Fields, LoopbackGiaddrInARequestIsKeptOrDropped) {
  covers({"MALF-giaddr-loopback-zero-net"});
  for (const Ipv4 giaddr : {Ipv4("127.0.0.1"), Ipv4("0.1.2.3"), Ipv4("240.0.0.1")})
    giaddr_passes_unaltered("MALF-giaddr-loopback-zero-net", giaddr);
}

// To the letter any giaddr that is not zero was set by a relay (RFC 1542, section 4.1.1).
TEST_F(Fields, GiaddrOfAServerInARequestIsKeptOrDropped) {
  covers({"MALF-giaddr-server-address", "SEC-client-giaddr-nonzero"});
  giaddr_passes_unaltered("MALF-giaddr-server-address", server.address());
}

// An address of the relay in a request would send the answer to the relay itself. The address of the
// interface that it came in by is certainly one of the relay's.
TEST_F(Fields, GiaddrOfTheRelayInARequestIsKeptOrDropped) {
  covers({"RFC3046-2.1.1-own-giaddr-82-off"});
  giaddr_passes_unaltered("RFC3046-2.1.1-own-giaddr-82-off", relay_address(Segment::downlink0));
}

// RFC 3046, section 2.1.1: with option 82 such a request is forged: it has a giaddr of the relay's, or in
// practice any of its addresses.
TEST_F(Fields, GiaddrOfAnotherInterfaceInARequestWithOption82IsDropped) {
  covers({"RFC3046-2.1.1-own-giaddr-other-interface", "RFC3046-2.1.1-own-address-as-giaddr"});
  relay_with({.option82 = true});

  for (const Segment s : {Segment::downlink1, Segment::uplink})
    client.sends(client.discover({.hops = 1, .giaddr = relay_address(s)}));
  neighbour.sends(neighbour.discover({.hops = 1, .giaddr = relay_address(Segment::downlink0)}));

  nothing_comes_out();
  for (const Client& c : {client, neighbour})
    control_goes_up(c, c.discover({.hops = 1, .giaddr = other_relay()}));
}

// A reply whose giaddr is a loopback address is for no client.
TEST_F(Fields, ReplyWithALoopbackGiaddrIsDropped) {
  covers({"MALF-giaddr-reply-loopback"});

  asks();
  server.sends(server.offer(client, {.flags = broadcast_flag, .giaddr = Ipv4("127.0.0.1")}));

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// Addresses that no client can be given. It is delivered on the right link, or dropped, and the relay stays
// alive.
TEST_F(Fields, ImpossibleYiaddrIsDeliveredOrDropped) {
  covers({"MALF-yiaddr-bad-reply"});

  asks();
  for (const Ipv4 yiaddr :
       {Ipv4("127.0.0.1"), Ipv4("224.0.0.1"), Ipv4("255.255.255.255"), relay_address(Segment::downlink0),
        subnet_broadcast(Segment::downlink0), relay_address(Segment::uplink)}) {
    const auto reply = server.offer(client, {.yiaddr = yiaddr});
    server.sends(reply);
    const auto here = comes_out(Segment::downlink0, reply);
    if (here.size() > 1)
      deviates("MALF-yiaddr-bad-reply", "yiaddr " + yiaddr.to_string() + ": more than one frame",
               "one at most", std::to_string(here.size()));
  }
}

// RFC 1542, section 4.1.2: giaddr says which link, so the address need not be of the link's own subnet.
TEST_F(Fields, YiaddrOfAnotherSubnetIsDeliveredByLinkAddress) {
  covers({"MALF-yiaddr-off-subnet", "RFC951-7.4-yiaddr-cable-legacy"});

  asks();
  asks(neighbour);
  const Ipv4 elsewhere = host_address(Segment::downlink1, 77);
  goes_down(server.offer(client, {.flags = broadcast_flag, .yiaddr = elsewhere}));
  if (!may_go_down(server.offer(client, {.yiaddr = elsewhere}))) {
    deviates("MALF-yiaddr-off-subnet", "an address of another subnet is not delivered by unicast",
             "a frame to chaddr", "nothing on the client's link");
  }
}

// A request with a reply's type, and the other way round: whatever the relay makes of it, a client gets no
// request and a server no reply.
TEST_F(Fields, OpDecidesTheDirectionAndNotTheMessageType) {
  covers({"RFC2131-op-vs-msgtype-mismatch"});

  may_go_up(client.discover({.options = {{option::type(Type::offer)}}}));
  may_go_down(replacing(without(server.offer(client, {.flags = broadcast_flag}), code::server_id),
                        code::message_type, option::type(Type::discover)));
}

// RFC 1542, section 4.1.1: 255 must not become 0.
TEST_F(Fields, Hops_255DoesNotBecome_0) {
  covers({"MALF-hops-255"});
  relay_with({.max_hops = 16});

  client.sends(client.discover({.hops = 255}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.2 speaks of requests: a reply's hops are the server's, and no limit is set to them.
TEST_F(Fields, HopsOfAReplyHasNoLimit) {
  covers({"RFC2131-table3-server-hops-copied", "RFC1542-4.1.2-hops-not-touched-reply"});
  relay_with({.max_hops = 2});

  asks();
  for (const std::uint8_t hops : Bytes{2, 3, 17}) {
    if (!may_go_down(server.offer(client, {.hops = hops, .flags = broadcast_flag})))
      deviates("RFC2131-table3-server-hops-copied", "a reply is dropped for its hops", "delivered",
               "hops " + std::to_string(hops));
  }
}

// The default hop limit differs between relays: 3 of RFC 951, 4 and 16 of RFC 1542, or else.
TEST_F(Fields, DefaultHopLimitIsAChoice) {
  covers({"RFC951-8-hops-limit-3-legacy"});

  int most = -1;
  for (std::uint8_t hops = 0; hops <= 16; ++hops) {
    if (may_go_up(client.another().discover({.hops = hops, .giaddr = other_relay()}))) most = hops;
  }
  std::string way = "requests of up to " + std::to_string(most) + " hops are relayed by default";
  const auto stated = stated_hop_limit();
  if (stated && most != static_cast<int>(*stated))
    way += "; the profile says up to " + std::to_string(*stated) + " (max_hops_default)";
  note("RFC951-8-hops-limit-3-legacy", way);
}

// Message types that are reserved, of two octets, or without a value.
TEST_F(Fields, InvalidMessageTypesAreRelayedUnchangedOrDropped) {
  covers({"MALF-msgtype-reserved", "MALF-duplicate-53"});

  asks();
  for (const Bytes& wire : {Bytes{53, 1, 0}, Bytes{53, 2, 1, 1}, Bytes{53, 0}, Bytes{53, 1, 1, 53, 1, 3}}) {
    may_go_up(client.another().discover({.options = {{option::raw(wire)}}}));
    const auto reply =
        without(server.offer(client, {.flags = broadcast_flag}), code::message_type).plus(option::raw(wire));
    server.sends(reply);
    comes_out(Segment::downlink0, reply);
  }
}

// Strings that could damage a log do no harm, and pass as they are.
TEST_F(Fields, StringsWithAnyOctetsAreUnchanged) {
  covers({"MALF-hostname-log-injection", "RFC2132-2-nul-terminated-strings"});

  for (const std::string& text : {std::string("%s%n%x"), std::string("a\nroot: b\r\n"),
                                  std::string("\x1b[2J"), std::string("host\0", 5), std::string(255, '%')}) {
    auto message = client.another().discover();
    for (const std::uint8_t code : Bytes{12, 60, 61})
      message = without(message, code).plus(option::text(code, text));
    goes_up(message);
  }
}

// Values of overload that mean nothing, and fields that say they hold options and do not end.
TEST_F(Fields, InvalidOverloadIsRelayedUnchangedOrDropped) {
  covers({"MALF-overload-illegal"});
  relay_with({.option82 = true});

  asks();
  for (const std::uint8_t overload : Bytes{0, 4, 255, 3}) {
    const Message over{.sname = Bytes(64, 12), .file = Bytes(128, 12)};
    may_go_up(client.another().discover(over).plus(option::number(code::overload, overload)));
    const auto reply = server.offer(client, over.with({.flags = broadcast_flag}))
                           .plus(option::number(code::overload, overload));
    server.sends(reply);
    comes_out(Segment::downlink0, reply);
  }
}

}  // namespace
}  // namespace relayspec
