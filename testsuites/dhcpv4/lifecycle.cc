// SPDX-License-Identifier: Apache-2.0
// Links that go down and come up, addresses that change, restarts of the relay during exchanges.
#include <chrono>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Lifecycle : public Case {
 protected:
  /// The relay has just been started while nothing can come through; waits until it has as many descriptors
  /// as before, or until the time is over.
  void starts_up(const std::optional<Holdings>& before) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    for (auto now = holdings(); now && before && std::chrono::steady_clock::now() < end; now = holdings())
      if (now->descriptors >= before->descriptors) return;
  }
};

// RFC 1542, section 4.1.2: the reply itself holds all that is needed, so a relay that has just been started
// delivers the answer to a request from before its start.
TEST_F(Lifecycle, ReplyAfterARestartIsDelivered) {
  covers({"RFC1542-4.1.2-stateless-after-restart"});

  asks();
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  relay_restarts();

  if (!may_go_down(offer))
    deviates("RFC1542-4.1.2-stateless-after-restart", "the answer to a request before the restart is dropped",
             "delivered by its giaddr", "nothing");
}

// Clients and servers do not wait until a relay is ready: it has its addresses and all the rest before it
// relays the first message.
TEST_F(Lifecycle, FirstMessagesAfterAStartAreRelayedCorrectly) {
  covers({"IF-traffic-during-start", "RFC1542-4.1.1-giaddr-fill"});

  std::vector<Message> requests, replies;
  relay_restarts_during([&] {
    replies.push_back(server.offer(client.another(), {.flags = broadcast_flag}));
    requests.push_back(client.another().discover());
    server.sends(replies.back());
    client.sends(requests.back());
  });
  for (const Message& m : requests)
    for (const Arrival& a : comes_out(Segment::uplink, m)) server.compares(a, relayed(m));
  for (const Message& m : replies)
    for (const Arrival& a : comes_out(Segment::downlink0, m)) client.compares(a, delivered(m));
  has_lease(client, server);
}

// The clients' link goes away and comes back.
TEST_F(Lifecycle, RelayServesAgainWhenTheDownlinkIsBack) {
  covers({"IF-flap"});

  has_lease(client, server);
  link_goes_down(Segment::downlink0);
  link_comes_up(Segment::downlink0);
  if (relays_again(Segment::downlink0, "IF-flap")) has_lease(client.another(), server);
}

// So does the servers'.
TEST_F(Lifecycle, RelayServesAgainWhenTheUplinkIsBack) {
  covers({"IF-flap"});

  has_lease(client, server);
  link_goes_down(Segment::uplink);
  link_comes_up(Segment::uplink);
  if (relays_again(Segment::downlink0, "IF-flap")) has_lease(client.another(), server);
}

// Replies to clients whose link is down are lost; other clients get theirs.
TEST_F(Lifecycle, OneDownlinkDownDoesNotAffectTheOther) {
  covers({"IF-flap"});
  relay_must_cope("IF-flap");

  link_goes_down(Segment::downlink1);
  if (!relays_again(Segment::downlink0, "IF-flap")) return;
  has_lease(client, server);
  server.sends(server.offer(client, {.flags = broadcast_flag, .giaddr = relay_address(Segment::downlink1)}),
               {.ip_dst = relay_address(Segment::uplink)});
  has_lease(client.another(), server);
}

// An interface that is down when the relay starts is used when it comes up.
TEST_F(Lifecycle, DownlinkThatIsDownAtTheStartIsServedLater) {
  covers({"IF-flap"});
  relay_must_cope("IF-flap");

  link_goes_down(Segment::downlink1);
  has_lease(client, server);
  link_comes_up(Segment::downlink1);
  if (relays_again(Segment::downlink1, "IF-flap")) has_lease(neighbour, server);
}

// The servers' link is down when the relay starts, as after a power failure, and comes up later.
TEST_F(Lifecycle, UplinkThatIsDownAtTheStartIsUsedLater) {
  covers({"IF-flap"});

  has_lease(client, server);
  const auto before = holdings();
  link_goes_down(Segment::uplink);
  relay_restarts();
  starts_up(before);
  link_comes_up(Segment::uplink);
  if (!relays_again(Segment::downlink0, "IF-flap")) return;
  const auto discover = client.discover();
  client.sends(discover);
  comes_out(Segment::uplink, discover);
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  server.sends(offer);
  if (comes_out(Segment::downlink0, offer).empty() && live())
    deviates("IF-flap", "a reply is dropped once the servers' link has come up", "delivered", "nothing");
}

// The clients' interface goes and a new one comes under its name, as when the host's network is set up again.
TEST_F(Lifecycle, RelayServesAgainWhenTheDownlinkIsRecreated) {
  covers({"IF-recreate"});

  has_lease(client, server);
  interface_is_recreated(Segment::downlink0);
  if (relays_again(Segment::downlink0, "IF-recreate", true)) has_lease(client.another(), server);
}

// So does the servers', with the routes over it.
TEST_F(Lifecycle, TheUplinkIsDeletedAndMadeAgain) {
  covers({"IF-recreate"});

  has_lease(client, server);
  interface_is_recreated(Segment::uplink);
  if (relays_again(Segment::downlink0, "IF-recreate", true)) has_lease(client.another(), server);
}

// The downlink gets another address while the relay runs.
TEST_F(Lifecycle, NewAddressOfTheDownlinkIsUsedAsGiaddr) {
  covers({"IF-address-change-runtime"});

  has_lease(client, server);
  const Ipv4 later = host_address(Segment::downlink0, 5);
  address_is_removed(Segment::downlink0, relay_address(Segment::downlink0));
  address_is_added(Segment::downlink0, later);
  if (!relays_again(Segment::downlink0, "IF-address-change-runtime")) return;
  const Client one = client.another();
  const auto discover = one.discover();
  one.sends(discover);
  for (const Arrival& a : comes_out(Segment::uplink, discover)) {
    if (giaddr_of(a.message) == later) continue;
    deviates("IF-address-change-runtime", "giaddr is still an address that the interface has lost",
             role_of(later), role_of(giaddr_of(a.message).value_or(Ipv4())));
  }
  const auto old = server.offer(one, {.flags = broadcast_flag});
  server.sends(old, {.ip_dst = later});
  if (!comes_out(Segment::downlink0, old).empty())
    deviates("IF-address-change-runtime", "a reply to a giaddr that the relay has lost is delivered",
             "nothing", "a frame");
  const auto offer = server.offer(one, {.flags = broadcast_flag, .giaddr = later});
  server.sends(offer);
  if (comes_out(Segment::downlink0, offer).empty())
    deviates("IF-address-change-runtime", "a reply to the new giaddr is dropped", "delivered", "nothing");
}

// An interface without an address has no giaddr to give.
TEST_F(Lifecycle, DownlinkWithoutAnAddressIsNotServed) {
  covers({"IF-no-ipv4-address"});

  has_lease(neighbour, server);
  address_is_removed(Segment::downlink0, relay_address(Segment::downlink0));
  if (!relays_again(Segment::downlink1, "IF-no-ipv4-address")) return;
  const auto discover = client.another().discover();
  client.sends(discover);
  has_lease(neighbour.another(), server);

  for (const Arrival& a : comes_out(Segment::uplink, discover)) {
    const bool zero = giaddr_of(a.message) == Ipv4();
    deviates("IF-no-ipv4-address",
             zero ? "a request leaves with giaddr zero" : "a request leaves with a giaddr that is gone",
             "nothing", role_of(giaddr_of(a.message).value_or(Ipv4())));
  }
}

}  // namespace
}  // namespace relayspec
