// SPDX-License-Identifier: Apache-2.0
// Replies in which option 82 may stay: on trusted downlinks, and where the relay appends its own to
// another's. RFC 3046, section 2.1: whoever has added the option removes it, and nobody else does.
#include <algorithm>
#include <string>
#include <utility>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t vss_control = 152;

using Instances = std::vector<Bytes>;

Bytes concatenated(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes part(const Bytes& all, std::size_t from, std::size_t to) {
  return {all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to)};
}

// RFC 3396, section 7: cut in two at every place, and in three with one octet alone in the middle at some.
std::vector<Instances> every_cut(const Bytes& content) {
  std::vector<Instances> all{{content}};
  const std::size_t size = content.size();
  for (std::size_t at = 1; at < size; ++at) {
    all.push_back({part(content, 0, at), part(content, at, size)});
    if (at + 1 < size && at % 3 == 0)
      all.push_back({part(content, 0, at), {content[at]}, part(content, at + 1, size)});
  }
  return all;
}

std::string described(const Instances& instances) {
  const std::string octets = "of " + std::to_string(instances.front().size()) + " octets";
  return instances.size() == 1 ? "one instance " + octets
                               : std::to_string(instances.size()) + " instances, the first " + octets;
}

// The places of the values' octets.
std::vector<std::size_t> places_of_values(const Bytes& content) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at + 2 <= content.size(); at += 2U + content[at + 1]) {
    for (std::size_t i = at + 2; i < at + 2 + content[at + 1] && i < content.size(); ++i) places.push_back(i);
  }
  return places;
}

class Option82Stays : public Case {
 protected:
  struct Setting {
    AgentOptionPolicy policy = AgentOptionPolicy::rfc;
    bool trusts = true;
    bool with_flags_and_vpn = false;
  };
  void relay_is(const Setting& s) {
    RelaySettings all{.option82 = true, .option82_policy = s.policy, .flags_suboption = s.with_flags_and_vpn};
    if (offers("remote-id")) all.remote_id = "switch-7";
    if (s.trusts) all.trusted_downlinks = {Segment::downlink0};
    if (s.with_flags_and_vpn) all.vss = "red";
    relay_with(all);
    appends = s.policy == AgentOptionPolicy::append;
    one = client;
    ours = echo_for(asks(one));
  }

  /// What another element may have added: quite unlike the relay's own, or almost the same.
  std::vector<std::pair<std::string, Bytes>> others() const {
    const auto values = places_of_values(ours);
    Bytes first = ours, middle = ours, last = ours;
    first.front() = 200;
    Bytes longer{200, 40};
    longer.resize(42, 0x99);
    // Not the lowest bit, which may make the name of one network that of the other.
    middle.at(values.at(values.size() / 2)) ^= 0x40;
    last.at(values.back()) ^= 0x40;
    std::vector<std::pair<std::string, Bytes>> all = {
        {"another's", {1, 4, 'p', 'o', 'r', 't'}},
        {"another's that is longer than the relay's", longer},
        {"another's that differs from the relay's in its first octet", first},
        {"another's that differs from the relay's in a middle octet", middle},
        {"another's that differs from the relay's in its last octet", last},
        {"another's that begins like the relay's", concatenated(ours, {200, 1, 'x'})}};
    if (const std::size_t end_of_first = 2U + ours.at(1); end_of_first < ours.size()) {
      all.push_back({"another's that is the relay's first sub-option", part(ours, 0, end_of_first)});
      all.push_back(
          {"another's that is the relay's but its first sub-option", part(ours, end_of_first, ours.size())});
    }
    // Behind another's a relay that appends takes the same octets for its own.
    if (!appends) all.push_back({"another's that ends like the relay's", concatenated({200, 1, 'x'}, ours)});
    return all;
  }

  void next(const std::string& row) {
    in_row(row);
    one = one.another();
  }
  Message offer_with(const Instances& instances) {
    Message m = without(server.offer(one, {.flags = broadcast_flag}), code::relay_agent);
    for (const Bytes& content : instances) m = m.plus(option::of(code::relay_agent, content));
    return m;
  }

  /// Of the relay's own nothing stays, however it is cut and whatever the request came by.
  void own_goes() {
    for (const Instances& instances : every_cut(ours)) {
      next("the relay's own in " + described(instances));
      asks(one);
      goes_down(one, offer_with(instances));
    }
    next("the relay's own of a request by unicast");
    const auto renewal = one.renew();
    one.sends_to_relay(renewal, relay_address(Segment::downlink0));
    server.gets(relayed(renewal));
    goes_down(one, server.ack(one, {.flags = broadcast_flag, .ciaddr = one.lease()}));
  }
  /// RFC 6607, section 5: a server that knows no VPNs returns the control too; delivered or dropped.
  void own_with_control_goes() {
    next("the relay's own with the control sub-option");
    asks(one);
    may_get(offer_with({concatenated(ours, {vss_control, 0})}));
  }
  /// All of another's stays, wherever its server has cut it. The relay may also drop it.
  void others_stay() {
    for (const auto& [row, theirs] : others()) {
      for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, theirs.size() / 2, theirs.size() - 1}) {
        asks_with(row + ", cut behind " + std::to_string(cut) + " octets", theirs);
        if (!server_has(theirs)) return;
        may_get(offer_with(cut == 0 ? Instances{theirs}
                                    : Instances{part(theirs, 0, cut), part(theirs, cut, theirs.size())}));
      }
    }
  }
  /// Of another's and the relay's behind it the relay's goes.
  void own_goes_behind(const std::vector<std::pair<std::string, Bytes>>& all) {
    for (const auto& [row, theirs] : all) {
      asks_with(row + " and the relay's own in one instance", theirs);
      if (!server_has(concatenated(theirs, ours))) return;
      goes_down(one, offer_with({concatenated(theirs, ours)}));
      asks_with(row + " and the relay's own in an instance each", theirs);
      goes_down(one, offer_with({theirs, ours}));
    }
    // A short one and, where there is more than one, a long one.
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 2); ++i) {
      const auto& [row, theirs] = all[i];
      for (const Instances& instances : every_cut(concatenated(theirs, ours))) {
        asks_with(row + " and the relay's own in " + described(instances), theirs);
        goes_down(one, offer_with(instances));
      }
    }
  }

  Client one = client;   ///< of the present row
  bool appends = false;  ///< the relay puts its own behind another's
  Bytes ours;            ///< what the relay adds, as servers return it

 private:
  Bytes echo_for(const Arrival&) {
    const auto echo = find_option(encode(server.offer(one)), code::relay_agent);
    if (echo && !places_of_values(*echo).empty()) return *echo;
    cannot_be_judged("the relay adds no option 82 of its own");
    return {1, 2, 'u', 's'};
  }
  void asks_with(const std::string& row, const Bytes& theirs) {
    next(row);
    goes_up(one, one.discover().plus(option::of(code::relay_agent, theirs)));
  }
  /// A server returns what it has got (RFC 3046, section 2.2). Where the relay has made something else of it,
  /// which is found in the request, no server sends the replies of the rows that follow.
  bool server_has(const Bytes& content) const {
    return !live() || find_option(encode(server.offer(one)), code::relay_agent) == content;
  }
  void may_get(const Message& reply) {
    server.sends(reply);
    one.may_get(delivered(reply));
  }
};

// RFC 3046, section 2.1: on a trusted circuit the relay adds to a request what is not there, and leaves what
// is.
TEST_F(Option82Stays, InRepliesToATrustedClient) {
  covers(
      {"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply", "RFC3046-2.1-trusted-82-not-stripped"});
  relay_is({});

  own_goes();
  others_stay();
}

// RFC 5010, RFC 6607: the relay's own differs from request to request, and servers leave a part of it out.
TEST_F(Option82Stays, InRepliesToATrustedClientWithFlagsAndVss) {
  covers({"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply", "RFC3046-2.1-trusted-82-not-stripped",
          "RFC6607-5-both-echoed"});
  relay_is({.with_flags_and_vpn = true});

  own_goes();
  own_with_control_goes();
  others_stay();
}

// Under policy append the two stand behind one another, and a server returns them as one option.
TEST_F(Option82Stays, InRepliesWithPolicyAppend) {
  covers(
      {"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply", "RFC3046-2.1-trusted-82-not-stripped"});
  relay_is({.policy = AgentOptionPolicy::append});

  own_goes();
  own_goes_behind(others());
}

// RFC 6607 knows of one VPN in a message, so the other element is one that names none.
TEST_F(Option82Stays, InRepliesWithPolicyAppendFlagsAndVss) {
  covers(
      {"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply", "RFC3046-2.1-trusted-82-not-stripped"});
  relay_is({.policy = AgentOptionPolicy::append, .with_flags_and_vpn = true});

  own_goes();
  own_goes_behind({others().front()});
}

// What an untrusted client has put in nobody expects back: it may stay or go, and the relay's own goes.
TEST_F(Option82Stays, OrGoesWithPolicyAppendToAnUntrustedClient) {
  covers({"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply"});
  relay_is({.policy = AgentOptionPolicy::append, .trusts = false});

  own_goes();
  own_goes_behind(others());
}

TEST_F(Option82Stays, InRepliesWithPolicyForward) {
  covers(
      {"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply", "RFC3046-2.1-trusted-82-not-stripped"});
  relay_is({.policy = AgentOptionPolicy::forward});

  own_goes();
  others_stay();
}

}  // namespace
}  // namespace relayspec
