// SPDX-License-Identifier: Apache-2.0
// Interfaces of other kinds, names and prefixes than the lab's own: what carries IPv4 and its broadcasts
// carries DHCP (RFC 1542, section 4.1).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr const char* of_any_kind = "IF-of-any-kind";

class Links : public Case {
 protected:
  /// Both networks are served, by broadcast and by unicast, and what goes over the relay's host as well.
  void serve() {
    has_lease(client, server);
    has_lease(neighbour, server);
    const Client one = client.another();
    goes_up(one, one.discover({.flags = broadcast_flag}));
    goes_down(one, server.offer(one, {.flags = broadcast_flag}));
    const auto release = one.release(server);
    one.sends_to_relay(release, relay_address(Segment::downlink0));
    server.gets(relayed(release));
  }
};

// Virtual machines and containers are often behind bridges.
TEST_F(Links, DownlinkMayBeABridge) {
  covers({of_any_kind, "SRV-each-gets-copy", "SRV-reply-once"});
  relay_must_cope(of_any_kind);
  interface_is(Segment::downlink0, {.bridge = true});

  serve();
}

TEST_F(Links, UplinkMayBeABridge) {
  covers({of_any_kind, "SRV-each-gets-copy", "SRV-reply-once"});
  relay_must_cope(of_any_kind);
  interface_is(Segment::uplink, {.bridge = true});

  serve();
}

// RFC 1542, section 4.1.1: a request goes on as a datagram to a server's address. Where that is reached by a
// tunnel, there is no link-layer address.
TEST_F(Links, MayHaveNoLinkAddressTowardsServers) {
  covers({of_any_kind, "SRV-each-gets-copy", "SRV-reply-once"});
  relay_must_cope(of_any_kind);
  interface_is(Segment::uplink, {.tunnel = true});

  serve();
}

// Linux allows names of 15 letters.
TEST_F(Links, InterfaceNamesMayHave_15Letters) {
  covers({of_any_kind, "RFC3046-3.1-circuit-id-identifies"});
  relay_must_cope(of_any_kind);
  relay_with({.option82 = true});
  interface_is(Segment::downlink0, {.name = "downlink-no-000"});
  interface_is(Segment::downlink1, {.name = "downlink-no-001"});
  interface_is(Segment::uplink, {.name = "uplink-no-00002"});

  serve();
}

// An address and a route to the clients are enough: the clients' subnet need not be that of the interface.
TEST_F(Links, DownlinkAddressMayHaveAPrefixOf_32Bits) {
  covers({of_any_kind, "RFC1542-4.1.1-giaddr-fill"});
  relay_must_cope(of_any_kind);
  for (const Segment s : all_segments) interface_is(s, {.prefix_length = 32});

  serve();
}

}  // namespace
}  // namespace relayspec
