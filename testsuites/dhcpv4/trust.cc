// SPDX-License-Identifier: Apache-2.0
// Option 82 in requests of downlinks that the operator trusts, and of the others.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Trust : public Case {
 protected:
  /// The clients and switches of the first downlink are trusted; those of the second one are not.
  void relay_trusts_downlink0() { relay_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}}); }

  Message with(const Bytes& content) {
    return client.discover().plus(option::of(code::relay_agent, content));
  }
};

const Bytes of_a_switch{1, 4, 'p', 'o', 'r', 't'};

// RFC 3046, section 2.1: what a trusted element has put in stays octet for octet, with no second one beside
// it.
TEST_F(Trust, Option82OfATrustedClientIsKept) {
  covers({"RFC3046-2.1-trusted-82-kept", "RFC3046-2.1-trusted-no-second"});
  relay_trusts_downlink0();

  const auto last = with(of_a_switch);
  client.sends(last);
  server.gets(relayed(last));
  const auto first = client.discover({.options = {{agent({option::text(1, "port")}),
                                                   option::type(Type::discover), option::text(12, "host")}}});
  client.sends(first);
  server.gets(relayed(first));
}

// RFC 3046, section 2.1: trust is configured per circuit.
TEST_F(Trust, OtherDownlinkIsNotTrusted) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard", "RFC3046-2.1-trust-is-local",
          "SEC-trusted-interface-default"});
  relay_trusts_downlink0();

  neighbour.sends(neighbour.discover().plus(option::of(code::relay_agent, of_a_switch)));

  nothing_comes_out();
  control_goes_up(neighbour, neighbour.discover());
}

// A trusted downlink's clients without the option get one like any other client.
TEST_F(Trust, RequestOfATrustedClientWithoutOption82GetsOne) {
  covers({"RFC3046-2.1-untrusted-without-82-relayed", "RFC3046-2.1-all-message-types"});
  relay_trusts_downlink0();

  has_lease(client, server);
}

// A relay that has not added the option does not remove it: the element that added it expects it back.
TEST_F(Trust, EchoOfATrustedOption82IsKept) {
  covers({"RFC3046-2.1-trusted-82-not-stripped"});
  relay_trusts_downlink0();

  const auto discover = with(of_a_switch);
  const Arrival arrival = goes_up(discover);
  // Of an option that did not arrive as it was sent there is no echo.
  if (live() && find_option(arrival.message, code::relay_agent) != of_a_switch) return;
  const auto offer = server.offer(client, {.flags = broadcast_flag});
  server.sends(offer);

  for (const Arrival& a : comes_out(Segment::downlink0, offer)) {
    if (find_option(a.message, code::relay_agent) == of_a_switch) continue;
    deviates("RFC3046-2.1-trusted-82-not-stripped",
             "the option of a trusted element does not come back to it", hex(of_a_switch),
             find_option(a.message, code::relay_agent) ? "changed" : "not there");
  }
}

// Two of them, or one whose sub-options do not fit: trusted or not, the relay adds none and breaks nothing.
TEST_F(Trust, MalformedOption82OfATrustedClientIsRelayedOrDropped) {
  covers({"MALF-duplicate-82-request", "MALF-82-suboption-overrun-request"});
  relay_trusts_downlink0();

  for (const Message& m : {with(of_a_switch).plus(option::of(code::relay_agent, {2, 1, 'x'})),
                           with({1, 255, 'a', 'b'}), with({1}), with({})}) {
    client.sends(m);
    server.may_get(relayed(m));
  }
  const auto behind = with(of_a_switch)
                          .plus(option::of(code::relay_agent, {2, 1, 'x'}))
                          .with({.hops = 1, .giaddr = other_relay()});
  client.sends(behind);
  server.may_get(relayed(behind));
}

}  // namespace
}  // namespace relayspec
