// SPDX-License-Identifier: Apache-2.0
// What becomes of a request that carries option 82 already, by the operator's choice.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class RequestsWithOption82 : public Case {
 protected:
  /// Relayed with what is there, and with nothing more.
  Relayed as_it_is(const Message& sent) {
    Relayed r = relayed(sent);
    r.adds_option82 = false;
    return r;
  }
};

class Option82Policy : public RequestsWithOption82 {
 protected:
  void relay_follows(AgentOptionPolicy policy) { relay_with({.option82 = true, .option82_policy = policy}); }

  Message without_option82(const Message& over = {}) {
    // Long enough not to be filled up, so that nothing behind END comes into it.
    return client.discover(Message{.tail = Bytes{code::end}}.with(over))
        .plus(option::of(224, Bytes(100, 0x24)));
  }
  Message with_option82(const Message& over = {}) {
    return without_option82(over).plus(option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 't'}));
  }
  Message with_two(const Message& over = {}) {
    return with_option82(over).plus(option::of(code::relay_agent, {2, 3, 'a', 'b', 'c'}));
  }

  /// A request without the option, and its answer.
  void plain_exchange() {
    goes_up(client.another().discover());
    goes_up(client.discover());
    goes_down(server.offer(client));
  }
};

TEST_F(Option82Policy, AppendKeepsTheOptionAndAddsItsOwn) {
  covers({"POLICY-append-keeps-and-adds"});
  relay_follows(AgentOptionPolicy::append);

  for (const Message& m : {with_option82(), with_two()}) goes_up(m);
}

TEST_F(Option82Policy, ReplaceRemovesTheOptionAndAddsItsOwn) {
  covers({"POLICY-replace-takes-the-place"});
  relay_follows(AgentOptionPolicy::replace);

  const auto message = with_option82();
  client.sends(message);

  const auto got = server.gets(relayed(message));
  if (find_option(got.message, code::relay_agent) == find_option(encode(message), code::relay_agent))
    deviates("POLICY-replace-takes-the-place", "the option that is there is left", "the relay's own",
             hex(find_option(got.message, code::relay_agent).value_or(Bytes{})));
}

// All instances are one option (RFC 3396, section 7), so all of them go.
TEST_F(Option82Policy, ReplaceRemovesEveryInstance) {
  covers({"POLICY-replace-takes-the-place"});
  relay_follows(AgentOptionPolicy::replace);

  const auto message = with_two();
  client.sends(message);

  server.gets(relayed(message));
}

TEST_F(Option82Policy, ForwardAddsNothing) {
  covers({"POLICY-forward-leaves-as-is"});
  relay_follows(AgentOptionPolicy::forward);

  for (const Message& m :
       {with_option82(), with_two(), with_option82({.hops = 1, .giaddr = other_relay()})}) {
    client.sends(m);
    server.gets(relayed(m));
  }
}

TEST_F(Option82Policy, DiscardDropsTheRequest) {
  covers({"POLICY-discard-drops"});
  relay_follows(AgentOptionPolicy::discard);

  client.sends(with_option82());
  client.sends(with_two());

  nothing_comes_out();
  control_goes_up(without_option82());
}

TEST_F(Option82Policy, AppendAddsOption82ToPlainRequests) {
  covers({"POLICY-plain-requests-are-alike", "RFC3046-2.1-all-message-types"});
  relay_follows(AgentOptionPolicy::append);
  plain_exchange();
}

TEST_F(Option82Policy, ReplaceAddsOption82ToPlainRequests) {
  covers({"POLICY-plain-requests-are-alike", "RFC3046-2.1-all-message-types"});
  relay_follows(AgentOptionPolicy::replace);
  plain_exchange();
}

TEST_F(Option82Policy, ForwardAddsOption82ToPlainRequests) {
  covers({"POLICY-plain-requests-are-alike", "RFC3046-2.1-all-message-types"});
  relay_follows(AgentOptionPolicy::forward);
  plain_exchange();
}

TEST_F(Option82Policy, DiscardAddsOption82ToPlainRequests) {
  covers({"POLICY-plain-requests-are-alike", "RFC3046-2.1-all-message-types"});
  relay_follows(AgentOptionPolicy::discard);
  plain_exchange();
}

class Trust : public RequestsWithOption82 {
 protected:
  /// The first downlink's clients and switches are believed; the second one's are not.
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

// RFC 3046, section 2.1: trust is said circuit by circuit.
TEST_F(Trust, OtherDownlinkIsNotTrusted) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard", "RFC3046-2.1-trust-is-local",
          "SEC-trusted-interface-default"});
  relay_trusts_downlink0();

  neighbour.sends(neighbour.discover().plus(option::of(code::relay_agent, of_a_switch)));

  nothing_comes_out();
  control_goes_up(neighbour, neighbour.discover());
}

// A trusted downlink's clients without the option get one as everybody does.
TEST_F(Trust, RequestOfATrustedClientWithoutOption82GetsOne) {
  covers({"RFC3046-2.1-untrusted-without-82-relayed", "RFC3046-2.1-all-message-types"});
  relay_trusts_downlink0();

  has_lease(client, server);
}

// Who has not put it in does not take it out: the element that has expects it back.
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
