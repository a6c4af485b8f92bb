// SPDX-License-Identifier: Apache-2.0
// A lease from its first DISCOVER to its end and to the next lease of the same client, each hop of it looked
// at.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class LeaseLife : public Case {
 protected:
  /// RFC 2131, section 4.4.5: to the server itself, past the relay, unless that stands in for the server.
  void renews(const Client& c) {
    const auto renewal = c.renew();
    if (proxy()) {
      c.sends_to_relay(renewal, server.seen_by(c));
      server.gets(relayed_from(c.downlink(), renewal));
      return static_cast<void>(goes_down(c, server.ack(c, {.ciaddr = c.lease()})));
    }
    const auto ack = server.ack(c, {.ciaddr = c.lease()});
    c.sends_past_relay(renewal, server);
    server.gets_routed(renewal, c);
    server.sends_past_relay(ack, c);
    c.gets_routed(ack, server);
  }
  /// RFC 2131, section 4.4.5: to everyone on its link.
  void rebinds(const Client& c) {
    const auto renewal = c.renew();
    c.sends(renewal, {.ip_src = c.lease()});
    server.gets(relayed_from(c.downlink(), renewal));
    goes_down(c, server.ack(c, {.ciaddr = c.lease()}));
  }
  void informs(const Client& c) {
    const auto inform = c.inform();
    c.sends(inform, {.ip_src = c.lease()});
    server.gets(relayed_from(c.downlink(), inform));
    goes_down(c, server.ack(c, {.ciaddr = c.lease(), .yiaddr = Ipv4()}));
  }
  void releases_by_the_relay(const Client& c) {
    const auto release = c.release(server);
    c.sends_to_relay(release, relay_address(c.downlink()));
    server.gets(relayed_from(c.downlink(), release));
  }
  void declines(const Client& c) { goes_up(c, c.decline(server)); }
  /// RFC 2131, section 3.2: the client returns with an address that the server refuses, and begins again.
  void is_refused(const Client& c) {
    goes_up(c, c.reboot());
    goes_down(c, server.nak(c, {.flags = broadcast_flag}));
  }

  void lives(const Client& first) {
    has_lease(first, server);
    renews(first.with_new_xid());
    rebinds(first.with_new_xid());
    informs(first.with_new_xid());
    releases_by_the_relay(first.with_new_xid());
    const Client second = first.with_new_xid();
    has_lease(second, server);
    declines(second.with_new_xid());
    const Client third = first.with_new_xid();
    has_lease(third, server);
    is_refused(third.with_new_xid());
    has_lease(first.with_new_xid(), server);
  }
};

// RFC 2131, sections 3.1 to 4.4.6: a relay passes each message, whatever the client did before.
TEST_F(LeaseLife, EveryMessageOfALeaseIsRelayed) {
  covers({"MALF-each-message-alone", "RFC2131-4.3.2-renew-bypass", "RFC2131-4.3.2-rebinding-relayed",
          "RFC2131-4.4.4-release-via-relay", "RFC2131-4.4.4-decline-relayed",
          "RFC2131-4.3.5-inform-relayed"});

  lives(client);
}

TEST_F(LeaseLife, EveryMessageOfALeaseWithOption82IsRelayed) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-all-message-types", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  lives(client);
}

// The client moves to the other network, and back.
TEST_F(LeaseLife, ClientThatMovesToAnotherNetworkIsServed) {
  covers({"MALF-each-message-alone", "IF-same-chaddr-two-links"});

  const Mac mac = client.mac();
  Client moved = neighbour;
  moved.use_mac(mac);
  has_lease(client, server);
  releases_by_the_relay(client.with_new_xid());
  has_lease(moved.with_new_xid(), server);
  declines(moved.with_new_xid());
  has_lease(client.with_new_xid(), server);
}

}  // namespace
}  // namespace relayspec
