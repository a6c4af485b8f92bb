// SPDX-License-Identifier: Apache-2.0
// What becomes of a request that carries option 82 already, by the operator's choice.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Option82Policy : public Case {
 protected:
  void relay_follows(AgentOptionPolicy policy) { relay_with({.option82 = true, .option82_policy = policy}); }

  Message without_option82(const Message& over = {}) {
    // Of 300 octets at least, so that it is not filled up behind END, and so short that 576 octets hold it
    // with the longest option 82 behind it: no limit of the relay's own leaves that away.
    return client.discover(Message{.tail = Bytes{code::end}}.with(over))
        .plus(option::of(224, Bytes(41, 0x24)));
  }
  Message with_option82(const Message& over = {}) {
    return without_option82(over).plus(option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 't'}));
  }
  Message with_two(const Message& over = {}) {
    return with_option82(over).plus(option::of(code::relay_agent, {2, 3, 'a', 'b', 'c'}));
  }

  void request_of_another_relay_is_left_alone() {
    goes_up(with_option82({.hops = 1, .giaddr = other_relay()}));
    goes_up(without_option82({.hops = 1, .giaddr = other_relay()}));
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

// RFC 1542, section 4.1.1: the other options stay, those behind the option that is replaced too.
TEST_F(Option82Policy, ReplaceKeepsWhatIsBehindTheOption) {
  covers({"POLICY-replace-takes-the-place", "RFC1542-4.1.1-options-intact"});
  relay_follows(AgentOptionPolicy::replace);

  for (const std::size_t pads : {1, 2, 3, 30}) {
    const auto message = with_option82().plus(option::pads(pads)).plus(option::text(12, "behind"));
    client.sends(message);
    server.gets(relayed(message));
  }
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

// RFC 3046, section 2.1.1: behind another relay the request is forwarded without adding any, whatever is done
// to clients.
TEST_F(Option82Policy, AppendLeavesARequestOfAnotherRelayAlone) {
  covers({"RFC3046-2.1.1-relayed-no-82-added", "RFC3046-2.1.1-relayed-82-kept"});
  relay_follows(AgentOptionPolicy::append);
  request_of_another_relay_is_left_alone();
}

TEST_F(Option82Policy, ReplaceLeavesARequestOfAnotherRelayAlone) {
  covers({"RFC3046-2.1.1-relayed-82-kept", "RFC3046-2.1.1-relayed-no-82-added"});
  relay_follows(AgentOptionPolicy::replace);
  request_of_another_relay_is_left_alone();
}

TEST_F(Option82Policy, DiscardLeavesARequestOfAnotherRelayAlone) {
  covers({"RFC3046-2.1.1-relayed-82-kept", "RFC3046-2.1.1-relayed-no-82-added"});
  relay_follows(AgentOptionPolicy::discard);
  request_of_another_relay_is_left_alone();
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

}  // namespace
}  // namespace relayspec
