// SPDX-License-Identifier: Apache-2.0
// Messages of attackers and unknown hosts: replies from places where no server is, messages with forged
// addresses.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Security : public Case {};

// A reply from an address that is no configured server's: it may be one of a server's other addresses.
TEST_F(Security, ReplyOfAnUnknownServerIsAChoice) {
  covers({"SEC-unknown-server-reply"});

  asks(client);
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  server.sends(offer, {.ip_src = host_address(Segment::downlink1, 66)});

  const bool came = client.may_get(delivered(offer)).has_value();
  note("SEC-unknown-server-reply",
       came ? "replies of unknown servers are delivered" : "replies of unknown servers are dropped");
}

// A client that acts as a server, even with the server's address, reaches no client.
TEST_F(Security, ReplySentByAClientIsDropped) {
  covers({"SEC-clientside-spoofed-server-source", "SEC-server-role-separation"});

  asks(client);
  asks(neighbour);
  for (const Client& victim : {neighbour, client}) {
    const auto offer = server.offer(victim, {.flags = broadcast_flag});
    client.sends_to_relay(offer, relay_address(Segment::downlink0),
                          {.ip_src = server.address(), .sport = std::uint16_t{67}});
    neighbour.sends_to_relay(offer, relay_address(Segment::downlink1),
                             {.ip_src = server.address(), .sport = std::uint16_t{67}});
  }

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// By broadcast either.
TEST_F(Security, ReplyBroadcastByAClientIsDropped) {
  covers({"MALF-op-2-clientside-broadcast"});

  asks(client);
  asks(neighbour);
  client.sends(server.offer(neighbour, {.flags = broadcast_flag}),
               {.ip_src = client.lease(), .sport = std::uint16_t{67}});

  nothing_comes_out();
  control_goes_down(neighbour, server.offer(neighbour, {.flags = broadcast_flag}));
}

// A request that comes in on the servers' side is from no client of this relay.
TEST_F(Security, RequestFromTheServerSideIsDropped) {
  covers({"MALF-op-1-serverside", "SEC-server-role-separation"});

  server.sends(client.discover(), {.eth_dst = Mac::broadcast,
                                   .ip_dst = Ipv4("255.255.255.255"),
                                   .ip_src = Ipv4("0.0.0.0"),
                                   .sport = std::uint16_t{68}});

  nothing_comes_out();
  control_goes_up(client.discover());
}

// A server that answers by broadcast on its own network: taken or not, it reaches the right client or none.
TEST_F(Security, BroadcastReplyOfAServerReachesItsClientOrNone) {
  covers({"RFC1542-4.1-reply-by-broadcast"});

  asks(client);
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  server.sends(offer, {.eth_dst = Mac::broadcast, .ip_dst = Ipv4("255.255.255.255")});

  const bool came = client.may_get(delivered(offer)).has_value();
  note("RFC1542-4.1-reply-by-broadcast",
       came ? "replies by broadcast are taken" : "replies by broadcast are dropped");
}

// The relay's host has several addresses; giaddr is what counts, not which of them a reply was sent to.
TEST_F(Security, ReplyToAnyAddressOfTheRelayIsDelivered) {
  covers({"IF-reply-dst-any-own", "RFC2131-4.1-listen-67-at-giaddr"});

  asks(client);
  asks(neighbour);
  for (const Segment to : all_segments) {
    const auto offer = server.offer(client, {.flags = broadcast_flag});
    server.sends(offer, {.ip_dst = relay_address(to)});
    client.gets(delivered(offer));
  }
}

// RFC 2131, section 4.1 has servers speak from port 67; of a relay nothing of the kind is said.
TEST_F(Security, ReplyFromAnotherPortIsAChoice) {
  covers({"MALF-sport-not-67-reply"});

  asks(client);
  for (const std::uint16_t port : std::vector<std::uint16_t>{68, 50067}) {
    const auto offer = server.offer(client, {.flags = broadcast_flag});
    server.sends(offer, {.sport = port});
    const bool came = client.may_get(delivered(offer)).has_value();
    if (!came) note("MALF-sport-not-67-reply", "replies from port " + std::to_string(port) + " are dropped");
  }
}

// chaddr need not be where the frame came from: a relay does not see bridges.
TEST_F(Security, RequestWithAnotherLinkSourceIsAChoice) {
  covers({"SEC-chaddr-vs-source-mac"});

  const auto message = client.discover();
  client.sends(message, {.eth_src = Mac("02:00:5e:0c:77:77")});

  const bool came = server.may_get(relayed(message)).has_value();
  if (!came) note("SEC-chaddr-vs-source-mac", "a chaddr that is not the sender's is dropped");
}

// RFC 2131, section 4.3.2: a client whose address does not fit gets a NAK, and the relay delivers it.
TEST_F(Security, NakOfAnyServerReachesTheClient) {
  covers({"SEC-nak-filter"});

  asks(client);
  goes_down(server.nak(client, {.flags = broadcast_flag}));
}

// The octets that a relay adds to fill up are zeros, not what its memory held.
TEST_F(Security, PaddingAddedByTheRelayIsZero) {
  covers({"SEC-padding-zeroed"});

  goes_up(client.discover().plus(option::of(224, Bytes(255, 0xd7))).plus(option::of(225, Bytes(255, 0xd7))));
  const auto brief = client.another().discover({.tail = Bytes{code::end}});
  client.sends(brief);
  for (const Arrival& a : comes_out(Segment::uplink, brief)) server.compares(a, relayed(brief));
}

// One network's flood of requests does not keep the other's clients from being served. A client repeats what
// is lost in the flood; other cases judge the flood itself.
TEST_F(Security, FloodOnOneDownlinkDoesNotStopTheOther) {
  covers({"SEC-starvation-rate-limit", "MALF-flood-liveness"});
  relay_with({.option82 = true});

  for (std::uint32_t i = 0; i < 600; ++i) {
    const Mac sender(
        Bytes{2, 0, 0x5e, 0x0e, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}.data());
    client.sends_octets(
        encode(client.discover(
            {.hops = 200, .xid = 0xd4'00'00'00 + i, .chaddr = Bytes(sender.begin(), sender.end())})),
        "a DISCOVER with hops 200", {.eth_src = sender});
  }
  constexpr int attempts = 4;
  bool comes = false;
  for (int i = 0; i < attempts && !comes; ++i) {
    const auto discover = neighbour.discover({.secs = static_cast<std::uint16_t>(4 * i)});
    neighbour.sends(discover);
    comes = server.may_get(relayed_from(Segment::downlink1, discover)).has_value() || !live();
  }
  if (!comes)
    deviates("SEC-starvation-rate-limit",
             "a flood on one network keeps the other's requests from the servers",
             "a request in " + std::to_string(attempts) + " comes out", "none");
  nothing_reaches_clients();
  control_goes_up(neighbour, neighbour.discover());
}

// DISCOVERs of one link address on two networks are two clients.
TEST_F(Security, OneLinkAddressOn_2NetworksIs_2Clients) {
  covers({"IF-same-chaddr-two-links"});

  const Mac mac = client.mac();
  const Bytes chaddr(mac.begin(), mac.end());
  asks(client);
  goes_up(neighbour, neighbour.discover({.xid = client.xid(), .chaddr = chaddr}));
  goes_down(server.offer(client, {.flags = broadcast_flag}));
  goes_down(neighbour,
            server.offer(neighbour, {.xid = client.xid(), .flags = broadcast_flag, .chaddr = chaddr}));
}

// An address that a relay delivers to may belong to another host until the client takes it: it must not be
// put into the kernel's ARP table for the client.
TEST_F(Security, OfferDoesNotChangeTheArpTable) {
  covers({"IF-no-arp-pollution"});

  // Of numbers of their own, so that the relay's host has resolved their addresses in no other case.
  Client asker(*this, Segment::downlink0, 150), holder = asker.another();
  asker.use_xid(client.xid());
  holder.holds(asker.lease());
  asks(asker);
  goes_down(server.offer(asker));
  const auto routed = server.ack(holder, {.ciaddr = asker.lease(), .yiaddr = asker.lease()});
  server.sends_past_relay(routed, asker);

  for (const Arrival& a : comes_out(Segment::downlink0, routed)) {
    if (a.datagram.eth_dst == holder.mac()) continue;
    deviates("IF-no-arp-pollution", "the relay's host takes the client of an offer for the address's holder",
             role_of(holder.mac()), role_of(a.datagram.eth_dst));
  }
}

}  // namespace
}  // namespace relayspec
