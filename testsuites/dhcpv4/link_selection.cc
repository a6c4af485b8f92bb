// SPDX-License-Identifier: Apache-2.0
// Link selection (RFC 3527): giaddr is the address at which servers reach the relay, sub-option 5 names the
// client's subnet.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t link_selection = 5;

class LinkSelection : public Case {
 protected:
  Bytes subnet_of(Segment s) const { return octets_of(topology()[s].subnet()); }

  void relay_selects_links() { relay_with({.option82 = true, .link_selection = true}); }

  /// An OFFER to a client of either network, with the agent information that its server got, less a
  /// sub-option.
  Message offer_without(const Client& to, std::uint8_t sub) {
    const Message m = server.offer(to, {.flags = broadcast_flag});
    const Bytes octets = encode(m);
    std::vector<Option> left;
    for (const std::uint8_t code : Bytes{1, 2}) {
      if (const auto value = sub_option(octets, code); value && code != sub)
        left.push_back(option::of(code, *value));
    }
    return replacing(m, code::relay_agent, agent(left));
  }
};

// RFC 3527, section 3: one address of 4 octets, the client's subnet. Relays put their interface's address
// there, and servers take it.
TEST_F(LinkSelection, NamesTheClientsSubnet) {
  covers({"RFC3527-3-format", "RFC3527-3-value-is-subnet", "RFC3527-3-on-all-messages"});
  relay_selects_links();

  const Arrival arrival = goes_up(client.discover());
  const auto value = sub_option(arrival.message, link_selection);

  // Without option 82 there is nothing to look into.
  if (!live() || !find_option(arrival.message, code::relay_agent)) return;
  const Bytes subnet = subnet_of(Segment::downlink0);
  if (!value) {
    deviates("RFC3527-3-on-all-messages", "sub-option 5 is missing", hex(subnet), "not there");
  } else if (value->size() != 4) {
    deviates("RFC3527-3-format", "sub-option 5 is not an address", "4 octets", hex(*value));
  } else if (!std::equal(subnet.begin(), subnet.end() - 1, value->begin())) {
    deviates("RFC3527-3-value-is-subnet", "sub-option 5 names another subnet", hex(subnet), hex(*value));
  } else if (*value != subnet) {
    if (strict())
      deviates("RFC3527-3-value-is-subnet", "sub-option 5 has host bits in it", hex(subnet), hex(*value));
    else
      note("RFC3527-3-value-is-subnet", "sub-option 5 is an address of the subnet, not its number");
  }
}

// RFC 3527, section 3: every message that gets a giaddr gets it, or the server would look for a subnet at
// giaddr.
TEST_F(LinkSelection, EveryMessageHasTheSubOption) {
  covers({"RFC3527-3-on-all-messages"});
  relay_selects_links();

  is_offered(client, server);
  const auto first = contains(goes_up(client.discover()), "RFC3527-3-on-all-messages", link_selection);
  if (live() && !first) return;
  for (const Message& m : {client.request(server), client.decline(server), client.inform(), client.bootp()})
    holds(goes_up(m), "RFC3527-3-on-all-messages", link_selection, first.value_or(Bytes{}));
}

// RFC 3527, section 3: clients of the other network are in the other subnet.
TEST_F(LinkSelection, DiffersBetweenClientNetworks) {
  covers({"RFC3527-3-value-is-subnet"});
  relay_selects_links();

  const auto value = sub_option(asks(neighbour).message, link_selection);

  if (value && (value->size() != 4 || (*value)[0] != subnet_of(Segment::downlink1)[0]))
    deviates("RFC3527-3-value-is-subnet", "sub-option 5 names another subnet",
             hex(subnet_of(Segment::downlink1)), hex(*value));
}

// RFC 3046, section 2.1.1: behind another relay giaddr is set already, and nothing is added.
TEST_F(LinkSelection, IsNotAddedBehindAnotherRelay) {
  covers({"RFC3527-3-not-when-giaddr-set", "RFC3046-2.1.1-relayed-giaddr-kept"});
  relay_selects_links();

  goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
}

// RFC 3527, section 3: the servers' answer comes to giaddr, and the client gets it.
TEST_F(LinkSelection, ReplyToTheSharedGiaddrIsDelivered) {
  covers({"RFC3527-3-giaddr-reachable", "RFC3527-3-giaddr-of-its-own"});
  relay_selects_links();

  asks();
  goes_down(server.offer(client));
}

// RFC 3527, section 3: whether a server echoes the sub-option makes no difference.
TEST_F(LinkSelection, ReplyWithoutTheSubOptionIsDelivered) {
  covers({"RFC3527-3-echo-independent"});
  relay_selects_links();

  asks();
  goes_down(offer_without(client, link_selection));
}

// With one giaddr for two networks the rest of the echo tells whose answer it is.
TEST_F(LinkSelection, RepliesWithOneGiaddrReachTheirOwnNetworks) {
  covers({"RFC3527-shared-giaddr-demux", "RFC3046-3.1-reply-by-circuit-id",
          "RFC3046-4.0-broadcast-only-on-circuit"});
  relay_selects_links();

  asks();
  asks(neighbour);
  for (int i = 0; i < 2; ++i) {
    const auto to_them = server.offer(neighbour, {.flags = broadcast_flag}),
               to_us = server.offer(client, {.flags = broadcast_flag});
    goes_down(neighbour, to_them);
    goes_down(to_us);
  }
}

// RFC 3396, section 7: nor does it matter into how many options the server has cut it, or in which order it
// is.
TEST_F(LinkSelection, RepliesWithASplitEchoReachTheirOwnNetworks) {
  covers({"RFC3396-7-split-82-in-reply", "RFC3046-2.0-suboption-order-free"});
  relay_selects_links();

  // Each reply answers a request of its own.
  const Client second = neighbour.another();
  asks(neighbour);
  asks(second);
  const Message whole = server.offer(neighbour, {.flags = broadcast_flag});
  const Bytes content = find_option(encode(whole), code::relay_agent).value_or(Bytes{1, 2, 'x', 'y'});
  const auto with = [&](const Client& c, const std::vector<Bytes>& instances) {
    Message m = without(server.offer(c, {.flags = broadcast_flag}), code::relay_agent);
    for (const Bytes& instance : instances) m = m.plus(option::of(code::relay_agent, instance));
    return m;
  };
  Bytes behind_another{200, 3, 'n', 'e', 'w'};
  behind_another.insert(behind_another.end(), content.begin(), content.end());
  const auto cut = content.begin() + std::min<std::ptrdiff_t>(3, std::ssize(content));
  const auto stripped = [&](const Message& m) {
    Delivered d = delivered(m);
    d.message = without(d.message, code::relay_agent);
    return d;
  };
  const Message split = with(neighbour, {Bytes(content.begin(), cut), Bytes(cut, content.end())}),
                longer = with(second, {behind_another});
  server.sends(split);
  neighbour.gets(stripped(split));
  // What is more than the relay has sent may be too much for it.
  server.sends(longer);
  if (!second.may_get(stripped(longer)))
    deviates("RFC3046-2.0-suboption-order-free",
             "a reply with a sub-option in front of the relay's is dropped", "delivered", "nothing");
}

// Without an echo the relay does not know the network, unless it remembers the request: no client gets the
// reply, or the right one.
TEST_F(LinkSelection, RepliesWithoutAnEchoReachNoOtherNetwork) {
  covers({"RFC3527-shared-giaddr-no-echo"});
  relay_selects_links();

  asks(neighbour);
  const auto reply = without(server.offer(neighbour, {.flags = broadcast_flag}), code::relay_agent);
  server.sends(reply);

  neighbour.may_get(delivered(reply));
}

// An echo that is longer than what any relay adds: the reply may be dropped, and does no harm.
TEST_F(LinkSelection, ALongEchoIsDeliveredOrDropped) {
  covers({"MALF-82-long-reply"});
  relay_selects_links();

  asks();
  Message m = without(server.offer(client, {.flags = broadcast_flag}), code::relay_agent);
  for (int i = 0; i < 8; ++i) m = m.plus(option::of(code::relay_agent, Bytes(255, 0xc8)));
  server.sends_frames(fragments(server.frame_of(m), 1480), "an OFFER with 8 options 82 of 255 octets");
  comes_out(Segment::downlink0, m);
  goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 3046, section 2.2: a server that knows nothing of option 82 returns none. With one client network alone
// the reply can be for no other.
TEST_F(LinkSelection, ASingleNetworkNeedsNoEcho) {
  covers({"RFC3046-2.2-reply-without-82"});
  relay_with({.option82 = true, .downlinks = 1, .link_selection = true});

  asks();
  const auto reply = without(server.offer(client, {.flags = broadcast_flag}), code::relay_agent);
  server.sends(reply);
  if (!client.may_get(delivered(reply))) {
    deviates("RFC3046-2.2-reply-without-82", "a reply without option 82 is dropped", "delivered by giaddr",
             "nothing");
  }
}

// RFC 1542, section 4.1.2: although one giaddr serves all networks, the relay drops replies with any other
// giaddr.
TEST_F(LinkSelection, ReplyWithAForeignGiaddrAndARightEchoIsDropped) {
  covers({"RFC1542-4.1.2-giaddr-foreign-discard"});
  relay_selects_links();

  asks();
  server.sends(server.offer(client, {.flags = broadcast_flag, .giaddr = host_address(Segment::uplink, 77)}));
  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 3527, section 4: a client that chooses its subnet by itself is not trusted.
TEST_F(LinkSelection, RequestFromAClientWithTheSubOptionIsDropped) {
  covers({"RFC3527-4-untrusted-guard"});
  relay_selects_links();

  client.sends(client.discover().plus(agent({option::of(link_selection, subnet_of(Segment::downlink1))})));

  nothing_comes_out();
  control_goes_up(client.discover());
}

// The operator says at which of its addresses the relay is reached.
TEST_F(LinkSelection, WorksWithAConfiguredGiaddr) {
  covers({"RFC3527-3-giaddr-of-its-own", "RFC3527-3-giaddr-reachable"});
  relay_with({.option82 = true, .link_selection = true, .giaddr = relay_address(Segment::downlink1)});

  is_offered(client, server);
  const auto in_request = sub_option(goes_up(client.request(server)).message, link_selection);
  holds(goes_up(client.discover()), "RFC3527-3-on-all-messages", link_selection,
        in_request.value_or(Bytes{}));
  goes_down(server.offer(client, {.flags = broadcast_flag}));
}

}  // namespace
}  // namespace relayspec
