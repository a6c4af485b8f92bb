// SPDX-License-Identifier: Apache-2.0
// A downlink with two addresses.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Alias : public Case {
 protected:
  Ipv4 second() const { return host_address(Segment::downlink0, 2); }
  void downlink_has_two_addresses() { address_is_added(Segment::downlink0, second()); }
};

// RFC 1542, section 4.1.1: of several addresses of the interface it is always the same one.
TEST_F(Alias, GiaddrIsAlwaysTheSameAddress) {
  covers({"RFC1542-4.1.1-giaddr-consistent-multi", "RFC1542-4.1.1-giaddr-consistent-request-reply-cycle"});

  std::optional<Ipv4> first;
  const auto looks_at = [&](const Message& m, const Envelope& from = {}) {
    client.sends(m, from);
    for (const Arrival& a : comes_out(Segment::uplink, m)) {
      const auto giaddr = giaddr_of(a.message);
      if (!first) first = giaddr;
      if (giaddr == first) continue;
      deviates("RFC1542-4.1.1-giaddr-consistent-multi", "giaddr changes from one message to the next",
               role_of(*first), role_of(giaddr.value_or(Ipv4())));
    }
  };
  looks_at(client.discover());
  downlink_has_two_addresses();
  for (int i = 0; i < 4; ++i) {
    const Client one = client.another();
    // Two in a row: of a relay that uses its addresses in turn, both are seen.
    const auto between = one.inform();
    client.sends(between);
    looks_at(one.another().discover());
    comes_out(Segment::uplink, between);
  }
  const Client one = client.another();
  looks_at(one.reboot());
  looks_at(one.inform(), {.ip_src = one.lease()});
  looks_at(one.renew(), {.eth_dst = relay_mac(Segment::downlink0),
                         .ip_dst = relay_address(Segment::downlink0),
                         .ip_src = one.lease()});
  relay_restarts();
  looks_at(client.discover());
}

// A server may answer to any of them; a relay knows all its addresses.
TEST_F(Alias, RepliesToEitherAddressAreDelivered) {
  covers({"IF-secondary-giaddr-reply", "IF-reply-source-ip"});

  downlink_has_two_addresses();
  const auto discover = client.discover();
  client.sends(discover);
  comes_out(Segment::uplink, discover);
  for (const Ipv4 giaddr : {relay_address(Segment::downlink0), second()}) {
    const auto offer = server.offer(client, {.flags = broadcast_flag, .giaddr = giaddr});
    server.sends(offer);
    if (comes_out(Segment::downlink0, offer).empty())
      deviates("IF-secondary-giaddr-reply", "a reply to one of the interface's addresses is dropped",
               "delivered", "nothing for giaddr " + giaddr.to_string());
  }
}

// RFC 3046, section 2.1.1 speaks of the addresses that the relay puts into giaddr; in practice none of its
// addresses is another relay's.
TEST_F(Alias, RequestWithTheSecondAddressAsGiaddrIsDropped) {
  covers({"RFC3046-2.1.1-own-address-as-giaddr"});
  relay_with({.option82 = true});

  downlink_has_two_addresses();
  if (!relays_again(Segment::downlink0, "RFC3046-2.1.1-own-address-as-giaddr")) return;
  client.sends(client.discover({.hops = 1, .giaddr = second()}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
}

}  // namespace
}  // namespace relayspec
