// SPDX-License-Identifier: Apache-2.0
// The relay stands in for the server: what a single exchange does not show. Renewal, rebinding, refusals,
// several servers, a restart in the middle of a lease.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Proxy : public Case {
 protected:
  void with_servers(unsigned n) {
    only_in({Dialect::proxy});
    relay_with({.servers = n});
  }

  /// A renewal, which the client sends to the relay, reaches the first server.
  void renews() {
    const auto renewal = client.renew();
    client.sends_to_relay(renewal, server.seen_by(client));
    server.gets(relayed(renewal));
  }

  /// Sends an OFFER that a relay need not be able to rewrite: it comes unaltered, or not at all.
  void offer_passes_unaltered(const Message& offer) {
    server.sends(offer);
    Delivered whole = delivered(offer);
    whole.message = offer;
    client.may_get(whole);
  }

  static Bytes joined(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  void names_no_relay(const Message& sent, const char* requirement) {
    for (const Arrival& a : comes_out(Segment::uplink, sent)) {
      const auto named = find_option(a.message, code::server_id);
      if (named != find_option(encode(sent), code::server_id)) continue;
      deviates(requirement, "servers get what names the relay as a server",
               "a server's identifier, or nothing", hex(*named));
    }
  }
};

// In addresses and in option 54 the client sees the relay. The boot server stays as it is.
TEST_F(Proxy, SiaddrAndBootFileAreUnchanged) {
  covers({"PROXY-server-hidden", "PROXY-siaddr-boot-kept"});
  with_servers(1);

  asks();
  goes_down(
      server.offer(client, {.siaddr = host_address(Segment::uplink, 77), .file = Bytes{'b', 'o', 'o', 't'}})
          .plus(option::text(66, "tftp.example")));
  // It may be the server itself: RFC 2131, section 4.3.1, has siaddr name the next server to use.
  asks();
  goes_down(server.offer(client, {.siaddr = server.address()}));
}

// The answer to a renewal names the relay as the first one did, and the server saw a request from the relay.
TEST_F(Proxy, AckToARenewalNamesTheRelay) {
  covers({"PROXY-renew-ack-54", "PROXY-renew-not-leaking-source"});
  with_servers(1);

  has_lease(client, server);
  renews();
  goes_down(server.ack(client, {.ciaddr = client.lease()}));
}

// A client that rebinds asks everyone on its link.
TEST_F(Proxy, AckToARebindingNamesTheRelay) {
  covers({"PROXY-54-ack-rewritten", "PROXY-renew-not-leaking-source"});
  with_servers(1);

  has_lease(client, server);
  const auto rebinding = client.renew();
  client.sends(rebinding, {.ip_src = client.lease()});
  server.gets(relayed(rebinding));
  goes_down(server.ack(client, {.ciaddr = client.lease()}));
}

// The answer to an INFORM names the relay too.
TEST_F(Proxy, AckToAnInformNamesTheRelay) {
  covers({"PROXY-54-ack-rewritten"});
  with_servers(1);

  const auto inform = client.inform();
  client.sends(inform, {.ip_src = client.lease()});
  server.gets(relayed(inform));
  goes_down(server.ack(client, {.ciaddr = client.lease(), .yiaddr = Ipv4("0.0.0.0")}));
}

// The refusal of a renewal as well.
TEST_F(Proxy, NakToARenewalNamesTheRelay) {
  covers({"PROXY-54-nak-rewritten"});
  with_servers(1);

  has_lease(client, server);
  renews();
  goes_down(server.nak(client, {.flags = broadcast_flag}));
}

// A client that comes back with an address of another network is refused in the relay's name.
TEST_F(Proxy, NakToARebootingClientNamesTheRelay) {
  covers({"PROXY-54-nak-rewritten"});
  with_servers(1);

  goes_up(client.reboot());
  goes_down(server.nak(client));
}

// Two offers look to the client as if one server had made them: the relay gives it one, or knows by the
// address that is asked for which server is meant.
TEST_F(Proxy, RequestNamesTheServerOfTheChosenOffer) {
  covers({"PROXY-second-offer-consistency", "PROXY-first-offer-only"});
  with_servers(2);

  asks();
  const Ipv4 other = host_address(Segment::downlink0, 180);
  goes_down(server.offer(client));
  const auto two = second_server.offer(client, {.yiaddr = other});
  second_server.sends(two);
  const bool both = client.may_get(delivered(two)).has_value();
  note("PROXY-first-offer-only", both ? "every offer is passed on" : "one offer is passed on");
  if (live() && !both) return;

  goes_up(replacing(client.request(second_server), code::requested_address,
                    option::address(code::requested_address, other)));
}

// After a restart the relay knows no lease; a renewal names no server and reaches all of them.
TEST_F(Proxy, RenewalAfterARestartReachesTheServers) {
  covers({"PROXY-state-loss-renew"});
  with_servers(2);

  relay_restarts();
  client.holds(client.lease());
  renews();
  second_server.gets(relayed(client.renew()));
  goes_down(server.ack(client, {.ciaddr = client.lease()}));
}

// What names the relay cannot be made to name a server again. It may be lost; it must not name to servers a
// server that they do not know.
TEST_F(Proxy, ReleasesAfterARestartDoNotNameTheRelay) {
  covers({"PROXY-state-loss-release"});
  with_servers(2);

  relay_restarts();
  client.holds(client.lease());
  const auto release = client.release(server);
  client.sends_to_relay(release, server.seen_by(client));

  names_no_relay(release, "PROXY-state-loss-release");
}

// A client that was offered an address before the restart asks for it, and finds that another host has it.
TEST_F(Proxy, DeclinesAfterARestartDoNotNameTheRelay) {
  covers({"PROXY-state-loss-decline"});
  with_servers(1);

  is_offered(client, server);
  relay_restarts();
  for (const Message& m : {client.request(server), client.decline(server)}) {
    client.sends(m);
    names_no_relay(m, "PROXY-state-loss-decline");
  }
}

// Option 54 may sit in file or sname, where overload says that there are options (RFC 2132, section 9.3).
TEST_F(Proxy, ServerIdentifierInOverloadedFieldsIsRewritten) {
  covers({"PROXY-54-in-overload"});
  with_servers(1);

  asks();
  const auto with_server = [&](std::uint8_t overload, Ipv4 a) {
    const Message m =
        without(server.offer(client), code::server_id).plus(option::number(code::overload, overload));
    const Bytes area = joined(option::address(code::server_id, a).wire, {code::end}), none{code::end};
    if (overload == 1) return m.with({.file = area});
    return overload == 2 ? m.with({.sname = area}) : m.with({.sname = area, .file = none});
  };
  for (const std::uint8_t overload : Bytes{1, 2, 3}) {
    server.sends(with_server(overload, server.address()));
    auto expected = delivered(with_server(overload, server.seen_by(client)));
    expected.server_id_rule = "PROXY-54-in-overload";
    client.may_get(expected);
  }
}

// RFC 2132, section 9.3: without option 52 they hold no options, whatever it looks like.
TEST_F(Proxy, FieldsWithoutOverloadAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});
  with_servers(1);

  asks();
  const Bytes name = joined(option::address(code::server_id, server.address()).wire, {code::end});
  goes_down(server.offer(client, {.sname = name, .file = name}));
}

// Nor does the field that option 52 does not name.
TEST_F(Proxy, LeavesTheFieldThatOverloadDoesNotName) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});
  with_servers(1);

  const Bytes name = joined(option::address(code::server_id, server.address()).wire, {code::end});
  const Bytes options = joined(option::text(12, "host").wire, {code::end});
  asks();
  goes_down(server.offer(client, {.sname = name, .file = options}).plus(option::number(code::overload, 1)));
  asks();
  goes_down(server.offer(client, {.sname = options, .file = name}).plus(option::number(code::overload, 2)));
}

// What is not 4 octets long is no Server Identifier, and nothing is written over it.
TEST_F(Proxy, InvalidServerIdentifierIsUnchanged) {
  covers({"PROXY-54-bad-length"});
  with_servers(1);

  asks();
  const Bytes address = octets_of(server.address());
  Bytes twice = address;
  twice.insert(twice.end(), address.begin(), address.end());
  for (const Bytes& data : {Bytes{}, Bytes(address.begin(), address.end() - 1), twice}) {
    offer_passes_unaltered(replacing(server.offer(client, {.flags = broadcast_flag}), code::server_id,
                                     option::of(code::server_id, data)));
  }
  const Message cut = without(server.offer(client, {.flags = broadcast_flag}), code::server_id)
                          .plus(option::of(224, Bytes(100, 0x24)));
  offer_passes_unaltered(cut.with({.tail = Bytes{code::server_id, 4, address[0], address[1]}}));
}

// The same on the way up: a REQUEST that names the relay and is signed cannot be made to name the server.
TEST_F(Proxy, AuthenticatedRequestIsNotChanged) {
  covers({"PROXY-auth-option90"});
  with_servers(1);

  is_offered(client, server);
  const auto request =
      client.request(server).plus(option::of(code::authentication, Bytes{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7}));
  client.sends(request);
  for (const Arrival& a : comes_out(Segment::uplink, request)) {
    if (find_option(a.message, code::server_id) == find_option(encode(request), code::server_id)) continue;
    deviates("PROXY-auth-option90", "a signed request is changed, so the server cannot verify it",
             "unaltered, or dropped", summary(a.message));
  }
}

// RFC 3118, section 3: a signed message that is changed is no longer valid. What the relay does with one is
// its choice.
TEST_F(Proxy, TreatmentOfAuthenticatedMessagesIsAChoice) {
  covers({"PROXY-auth-option90"});
  with_servers(1);

  asks();
  const auto offer = server.offer(client, {.flags = broadcast_flag})
                         .plus(option::of(code::authentication, Bytes{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7}));
  server.sends(offer);

  const auto came = comes_out(Segment::downlink0, offer);
  auto unaltered = delivered(offer);
  unaltered.server_id_rule = "PROXY-auth-option90";
  if (!came.empty()) client.compares(came.front(), unaltered);
  if (came.empty()) {
    note("PROXY-auth-option90", "signed replies are dropped");
  } else if (find_option(came.front().message, code::server_id) == octets_of(server.address())) {
    note("PROXY-auth-option90", "signed replies keep their Server Identifier");
  }
}

}  // namespace
}  // namespace relayspec
