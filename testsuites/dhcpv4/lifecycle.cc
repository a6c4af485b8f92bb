// SPDX-License-Identifier: Apache-2.0
// A relay's life: links go and come, addresses change, it is stopped and started in the middle of things.
#include <chrono>
#include <utility>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Lifecycle : public Case {
 protected:
  /// The relay has just been started while nothing can come through; it has opened as much as before, or has
  /// had its time.
  void starts_up(const std::optional<Holdings>& before) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    for (auto now = holdings(); now && before && std::chrono::steady_clock::now() < end; now = holdings())
      if (now->descriptors >= before->descriptors) return;
  }
};

// RFC 1542, section 4.1.2: the reply says by itself where it belongs, so a relay that has just been started
// delivers what another one asked for.
TEST_F(Lifecycle, ReplyAfterARestartIsDelivered) {
  covers({"RFC1542-4.1.2-stateless-after-restart"});

  asks();
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  relay_restarts();

  if (!may_go_down(offer))
    deviates("RFC1542-4.1.2-stateless-after-restart", "the answer to a request before the restart is dropped",
             "delivered by its giaddr", "nothing");
}

class ReplyBeforeAnyRequest : public Case {
 protected:
  /// Servers answer what a relay has passed on, and another one, just started, has seen no request at all.
  void is_delivered() {
    const Client other = client.another();
    for (const Client& c : {client, other}) asks(c);
    std::vector<std::pair<Client, Message>> replies{{client, server.offer(client, {.flags = broadcast_flag})},
                                                    {other, server.nak(other, {.flags = broadcast_flag})}};
    if (offers("multi-downlink")) {
      asks(neighbour);
      replies.emplace_back(neighbour, server.offer(neighbour, {.flags = broadcast_flag}));
    }
    const bool seen = relay_restarts_before([&] {
      for (const auto& [to, m] : replies) server.sends(m);
    });
    if (!seen) cannot_be_judged("nothing shows when this relay listens");
    for (const auto& [to, m] : replies) {
      in_row(summary(encode(m)) + " on " + interface_name(to.downlink()));
      is_delivered_or_never(to, m);
    }
  }

 private:
  /// One that is lost, and delivered when a request has gone before it, shows that the relay needs that.
  void is_delivered_or_never(const Client& to, const Message& m) {
    const auto came = comes_out(to.downlink(), m);
    for (const Arrival& a : came) to.compares(a, delivered(m));
    if (!came.empty() || !live()) return;
    server.sends(m);
    if (!to.may_get(delivered(m))) return;
    deviates("RFC1542-4.1.2-stateless-after-restart",
             "a reply is lost where the relay has seen no request since its start", "delivered by its giaddr",
             "nothing");
  }
};

// RFC 1542, section 4.1.2: giaddr and the client's address in the reply are all that a relay needs.
TEST_F(ReplyBeforeAnyRequest, IsDelivered) {
  covers({"RFC1542-4.1.2-stateless-after-restart"});

  is_delivered();
}

// RFC 3046, section 2.1: its option 82 goes, though the relay has not added any since its start.
TEST_F(ReplyBeforeAnyRequest, IsDeliveredWithoutItsOption82) {
  covers({"RFC1542-4.1.2-stateless-after-restart", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  is_delivered();
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

// What comes for clients whose link is down is lost; the others get theirs.
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

class Alias : public Case {
 protected:
  Ipv4 second() const { return host_address(Segment::downlink0, 2); }
  void downlink_has_two_addresses() { address_is_added(Segment::downlink0, second()); }
};

// RFC 1542, section 4.1.1: of several addresses of the interface it is always the same one.
TEST_F(Alias, GiaddrIsAlwaysTheSameAddress) {
  covers({"RFC1542-4.1.1-giaddr-consistent-multi", "RFC1542-4.1.1-giaddr-consistent-request-reply-cycle"});

  std::optional<Ipv4> first;
  const auto looks_at = [&](const Message& m) {
    client.sends(m);
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
    // Two in a row, so that a relay that takes its addresses in turns is not always looked at in the same
    // turn.
    const auto between = one.inform();
    client.sends(between);
    looks_at(one.another().discover());
    comes_out(Segment::uplink, between);
  }
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
