// SPDX-License-Identifier: Apache-2.0
// giaddr: the address of the interface that faces the client, and nothing else.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Giaddr : public Case {
 protected:
  Message offer(const Message& over = {}) {
    return server.offer(client, Message{.flags = broadcast_flag}.with(over));
  }
  /// The client asks, and the server answers with this giaddr to two of the relay's addresses: the one that
  /// answers are sent to, and the one on the servers' side.
  void is_answered_with(Ipv4 giaddr) {
    asks();
    for (const Segment to : {Segment::uplink, Segment::downlink0})
      server.sends(offer({.giaddr = giaddr}), {.ip_dst = relay_address(to)});
  }
};

// RFC 1542, section 4.1.1: a zero giaddr is filled with the address of the interface that the request came in
// by.
TEST_F(Giaddr, ZeroIsFilledWithTheDownlinksAddress) {
  covers({"RFC1542-4.1.1-giaddr-fill", "RFC1542-4.1.1-giaddr-never-broadcast"});

  goes_up(client.discover());
}

// RFC 1542, section 4.1.1: the second network has an address of its own.
TEST_F(Giaddr, ZeroIsFilledWithTheSecondDownlinksAddress) {
  covers({"IF-giaddr-per-interface", "RFC1542-4.1.1-giaddr-fill"});

  goes_up(neighbour, neighbour.discover());
}

// RFC 1542, section 4.1.1: a giaddr that another relay has set stays.
TEST_F(Giaddr, OfAnotherRelayIsKept) {
  covers({"RFC1542-4.1.1-giaddr-nonzero-kept"});

  goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
}

// RFC 1542, section 4.1.2: a reply for another relay's giaddr is dropped without a sign.
TEST_F(Giaddr, ForeignInAReplyIsDiscarded) {
  covers({"RFC1542-4.1.2-giaddr-foreign-discard"});

  is_answered_with(host_address(Segment::uplink, 77));

  nothing_comes_out();
  control_goes_down(offer());
}

// RFC 1542, section 4.1.2: zero is no interface's address either.
TEST_F(Giaddr, ZeroInAReplyIsDiscarded) {
  covers({"RFC1542-4.1.2-giaddr-zero-discard"});

  is_answered_with(Ipv4("0.0.0.0"));

  nothing_comes_out();
  control_goes_down(offer());
}

// RFC 1542, section 4.1.2: the client sees giaddr as the server sent it.
TEST_F(Giaddr, IsUnchangedInAReply) {
  covers({"RFC1542-3.4-giaddr-in-reply-kept"});

  asks();
  goes_down(server.offer(client));
}

// RFC 1542, section 4.1.2: the relay's address on the servers' side names no client network.
TEST_F(Giaddr, OfTheUplinkInAReplyReachesNoClient) {
  covers({"RFC1542-4.1.2-giaddr-serverside-address"});

  is_answered_with(relay_address(Segment::uplink));

  nothing_reaches_clients();
  control_goes_down(offer());
}

}  // namespace
}  // namespace relayspec
