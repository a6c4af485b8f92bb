// SPDX-License-Identifier: Apache-2.0
// Octets of an earlier message: a relay that reads into a buffer again must not take what the last message
// left there for the rest of a shorter one, be it to find the end of its options or to put its own option in.
#include "stale_octets.h"

#include <string>
#include <utility>
#include <vector>

#include "batches.h"

namespace relayspec {
namespace {

const Option port_of_a_switch = option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 't'});

// A reader of options that enters here anywhere reaches the end: options without a value, PADs, and then END.
Option trap() {
  Bytes octets;
  while (octets.size() < 250) octets.insert(octets.end(), {0xd7, code::pad});
  octets.insert(octets.end(), 4, code::end);
  return option::of(225, octets);
}

// A long message, in which the trap begins where the options of a short one end.
Message with_trap(Message m) {
  m.options->insert(m.options->begin() + 1, trap());
  return m.with({.tail = Bytes{code::end}});
}

}  // namespace

// The message with these octets behind its options, and an option that fills it up to this size in all. Not
// every message has room for one.
void StaleOctets::add_filled(std::vector<Short>& all, const std::string& name, const Message& m,
                             std::size_t size, const Bytes& tail) {
  const Message ended = m.with({.tail = tail});
  const std::size_t bare = encode(ended).size();
  if (size >= bare + 2)
    all.push_back({name, encode(ended.plus(option::of(224, Bytes(size - bare - 2, 0x31))))});
}

// Every length at which a message of few options may be cut, and every way in which its options may end
// there.
std::vector<StaleOctets::Short> StaleOctets::every_end_of(const Message& m, const std::string& kind) {
  const Bytes whole = encode(m.plus(option::of(224, Bytes(100, 0x32))));
  std::vector<Short> all;
  for (std::size_t size = 236; size <= 300; ++size) {
    const std::string name = kind + " of " + std::to_string(size) + " octets, ";
    all.push_back({name + "cut", {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}});
    if (size % 4 != 0 && size < 298) continue;
    add_filled(all, name + "with END", m, size, {code::end});
    add_filled(all, name + "without END", m, size, {});
    add_filled(all, name + "a code at its end", m, size, {code::host_name});
    add_filled(all, name + "a code and a length at its end", m, size, {code::host_name, 9});
  }
  return all;
}

void StaleOctets::requests_hold_their_own_octets(const std::vector<Option>& options) {
  only_in({Dialect::rfc, Dialect::proxy});
  asks(before);
  in_batches(every_end_of(client.discover({.options = options}), "a DISCOVER"),
             [this](const std::vector<Short>& some) { send_requests(some); });
}

void StaleOctets::replies_hold_their_own_octets() {
  only_in({Dialect::rfc, Dialect::proxy});
  asks(before);
  asks();
  in_batches(every_end_of(offer_to(client), "an OFFER"),
             [this](const std::vector<Short>& some) { send_replies(some); });
}

Message StaleOctets::offer_to(const Client& c) {
  return server.offer(
      c, {.flags = broadcast_flag,
          .options = {{option::type(Type::offer), option::address(code::server_id, server.address())}}});
}

void StaleOctets::send_requests(const std::vector<Short>& some) {
  std::vector<std::pair<std::string, Message>> sent;
  for (const Short& s : some) {
    const Client other = before.another(), one = client.with_new_xid();
    sent.emplace_back("the long message before " + s.name, with_trap(other.discover()));
    other.sends(sent.back().second);
    sent.emplace_back(s.name, decode(s.octets).with({.xid = one.xid()}));
    one.sends(sent.back().second);
  }
  for (const auto& [name, m] : sent) is_judged_by_model(m, name);
}

void StaleOctets::send_replies(const std::vector<Short>& some) {
  std::vector<std::pair<Client, Client>> clients;
  for (std::size_t i = 0; i < some.size(); ++i) {
    clients.emplace_back(before.another(), client.with_new_xid());
    clients.back().first.sends(clients.back().first.discover());
    clients.back().second.sends(clients.back().second.discover());
  }
  for (const auto& [other, one] : clients) {
    server.gets(relayed_from(other.downlink(), other.discover()));
    server.gets(relayed(one.discover()));
  }
  std::vector<std::pair<std::string, Message>> sent;
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& [other, one] = clients[i];
    sent.emplace_back("the long message before " + some[i].name, with_trap(offer_to(other)));
    server.sends(sent.back().second);
    sent.emplace_back(some[i].name, decode(some[i].octets).with({.xid = one.xid()}));
    server.sends(sent.back().second);
  }
  for (const auto& [name, m] : sent) is_judged_by_model(m, name);
}

namespace {

// RFC 1542, section 4.1.1: what is relayed is preserved intact: with no octet that was not in it.
TEST_F(StaleOctets, AreNotInRequests) {
  covers(
      {"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-truncated-option", "MALF-code-without-length"});

  requests_hold_their_own_octets({option::type(Type::discover)});
}

// RFC 3046, section 2.1: the option goes behind the last one of this message, and before its END.
TEST_F(StaleOctets, AreNotInRequestsWithOption82) {
  covers({"MALF-no-stale-data", "RFC3046-2.1-no-end-present", "MALF-truncated-option",
          "MALF-code-without-length"});
  relay_with({.option82 = true});

  requests_hold_their_own_octets({option::type(Type::discover)});
}

// The same where there is one already.
TEST_F(StaleOctets, AreNotInRequestsWithPolicyAppend) {
  covers({"MALF-no-stale-data", "POLICY-append-keeps-and-adds"});
  relay_with({.option82 = true, .option82_policy = AgentOptionPolicy::append});

  requests_hold_their_own_octets({option::type(Type::discover), port_of_a_switch});
}

TEST_F(StaleOctets, AreNotInRequestsWithPolicyReplace) {
  covers({"MALF-no-stale-data", "POLICY-replace-takes-the-place"});
  relay_with({.option82 = true, .option82_policy = AgentOptionPolicy::replace});

  requests_hold_their_own_octets({option::type(Type::discover), port_of_a_switch});
}

TEST_F(StaleOctets, AreNotInRequestsWithPolicyForward) {
  covers({"MALF-no-stale-data", "POLICY-forward-leaves-as-is"});
  relay_with({.option82 = true, .option82_policy = AgentOptionPolicy::forward});

  requests_hold_their_own_octets({option::type(Type::discover), port_of_a_switch});
}

// What is not discarded gets the option as everything does.
TEST_F(StaleOctets, AreNotInRequestsWithPolicyDiscard) {
  covers({"MALF-no-stale-data", "POLICY-plain-requests-are-alike"});
  relay_with({.option82 = true, .option82_policy = AgentOptionPolicy::discard});

  requests_hold_their_own_octets({option::type(Type::discover)});
}

// RFC 1542, section 4.1.2: the same towards the clients, of whom one would read another's data.
TEST_F(StaleOctets, AreNotInReplies) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-truncated-option-reply",
          "MALF-code-without-length"});

  replies_hold_their_own_octets();
}

// RFC 3046, section 2.1: nor where an echo is taken out, or looked for.
TEST_F(StaleOctets, AreNotInRepliesWithoutTheirEcho) {
  covers({"MALF-no-stale-data", "MALF-missing-end-reply", "MALF-truncated-option-reply",
          "MALF-code-without-length"});
  relay_with({.option82 = true});

  replies_hold_their_own_octets();
}

}  // namespace
}  // namespace relayspec
