// SPDX-License-Identifier: Apache-2.0
// The echo of option 82 in replies: unchanged, corrupted, of another relay, or missing. At most it names the
// network; the client never sees it.
#include <algorithm>
#include <set>
#include <utility>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Option82Reply : public Case {
 protected:
  void relay_adds() { relay_with({.option82 = true}); }

  /// The first client has asked, and the second one; what the servers got of their networks.
  void both_ask() {
    ours = content_of(client);
    theirs = content_of(neighbour);
  }

  Message offer_with(const std::vector<Option>& agents) {
    Message m = without(server.offer(client, {.flags = broadcast_flag}), code::relay_agent);
    for (const Option& o : agents) m = m.plus(o);
    return m;
  }

  /// A reply that the first network's client gets without any option 82.
  void is_delivered_stripped(const std::vector<Option>& agents) {
    const Message m = offer_with(agents);
    server.sends(m);
    client.gets(stripped(m));
  }
  /// The same where the relay may also drop it; whether it came.
  bool may_be_delivered_stripped(const Message& m) {
    server.sends(m);
    return client.may_get(stripped(m)).has_value();
  }
  Delivered stripped(const Message& m) {
    Delivered d = delivered(m);
    for (int i = 0; i < 8; ++i) d.message = without(d.message, code::relay_agent);
    return d;
  }

  Option echo_of(const Bytes& content) { return option::of(code::relay_agent, content); }

  Bytes ours{1, 1, 'o'}, theirs{1, 1, 't'};

 private:
  Bytes content_of(const Client& c) {
    return find_option(asks(c).message, code::relay_agent).value_or(Bytes{1, 1, 'x'});
  }
};

Bytes joined(const Bytes& a, const Bytes& b) {
  Bytes all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

// The same sub-options, the last one first.
Bytes backwards(const Bytes& content) {
  Bytes all;
  for (std::size_t at = 0; at + 2 <= content.size() && at + 2 + content[at + 1] <= content.size();
       at += 2U + content[at + 1]) {
    const auto from = content.begin() + static_cast<std::ptrdiff_t>(at);
    all.insert(all.begin(), from, from + 2 + content[at + 1]);
  }
  return all;
}

// RFC 3046, section 2.0: a sub-option may be empty.
TEST_F(Option82Reply, EchoWithEmptySubOptionsIsRemoved) {
  covers({"RFC3046-2.0-suboption-zero-length"});
  relay_adds();

  both_ask();
  is_delivered_stripped({echo_of(joined(ours, {152, 0, 19, 0}))});
}

// RFC 3046, section 2.0: they come in any order, and with others among them.
TEST_F(Option82Reply, EchoWithSubOptionsInAnyOrderIsRemoved) {
  covers({"RFC3046-2.0-suboption-order-free"});
  relay_adds();

  both_ask();
  is_delivered_stripped({echo_of(joined({200, 3, 'n', 'e', 'w'}, ours))});
  is_delivered_stripped({echo_of(backwards(ours))});
}

// RFC 3396, section 7: several instances are one option, cut at any octet.
TEST_F(Option82Reply, EchoSplitIntoInstancesIsRemoved) {
  covers({"RFC3396-7-split-82-in-reply"});
  relay_adds();

  both_ask();
  for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, ours.size() - 1}) {
    const auto at = ours.begin() + static_cast<std::ptrdiff_t>(std::min(cut, ours.size()));
    is_delivered_stripped(
        {echo_of(Bytes(ours.begin(), at)), option::text(12, "between"), echo_of(Bytes(at, ours.end()))});
  }
}

// RFC 3396: two whole ones are removed too.
TEST_F(Option82Reply, DoubledEchoIsRemoved) {
  covers({"RFC3046-82-duplicate-in-reply"});
  relay_adds();

  both_ask();
  is_delivered_stripped({echo_of(ours), option::text(12, "between"), echo_of(ours)});
}

// Without the echo giaddr still names the network.
TEST_F(Option82Reply, ReplyWithoutAnEchoIsDelivered) {
  covers({"RFC3046-2.2-reply-without-82"});
  relay_adds();

  both_ask();
  if (!may_be_delivered_stripped(offer_with({})))
    deviates("RFC3046-2.2-reply-without-82", "a reply without option 82 is dropped", "delivered by giaddr",
             "nothing");
}

// An echo that the relay has never sent: the reply is delivered by giaddr without it, or dropped.
TEST_F(Option82Reply, EchoOfAForeignOption82IsRemovedOrTheReplyDropped) {
  covers({"RFC3046-2.2-echo-only-own"});
  relay_adds();

  both_ask();
  const bool came = may_be_delivered_stripped(offer_with({agent({option::text(1, "nobody's")})}));
  note("RFC3046-2.2-echo-only-own",
       came ? "an unknown echo is delivered by giaddr" : "an unknown echo is dropped");
}

// RFC 3046, section 3.1: a circuit-id is one as a whole. A part of one is unknown, as is one with more behind
// it: the reply is delivered by giaddr or dropped, and never reaches another network.
TEST_F(Option82Reply, EchoWithAPartOfACircuitIdReachesNoOtherNetwork) {
  covers({"RFC3046-3.1-unknown-circuit-id", "IF-reply-only-owner"});
  relay_adds();

  const Bytes first = sub_option(asks().message, 1).value_or(Bytes{'p', '1'});
  const Bytes second = sub_option(asks(neighbour).message, 1).value_or(Bytes{'p', '2'});
  for (const auto& [to, other] : {std::pair(client, second), std::pair(neighbour, first)}) {
    std::set<std::size_t> sizes{0, 1, other.size() / 2, other.size() - 1, other.size() + 1};
    for (const std::size_t size : sizes) {
      Bytes part = other;
      part.resize(size, 'x');
      goes_up(to, to.discover());
      const Message m = without(server.offer(to, {.flags = broadcast_flag}), code::relay_agent)
                            .plus(agent({option::of(1, part)}));
      server.sends(m);
      to.may_get(stripped(m));
    }
  }
}

// A remote-id alone may name the network, if that is where the relay keeps it; it never names another one.
TEST_F(Option82Reply, EchoWithARemoteIdAloneReachesNoOtherNetwork) {
  covers({"RFC3046-3.2-remote-id-in-reply"});
  relay_adds();

  both_ask();
  const Message m = offer_with({agent({option::text(2, "somewhere")})});
  server.sends(m);
  comes_out(Segment::downlink0, m);
}

// The echo may be the first option, and PADs of any number around it.
TEST_F(Option82Reply, EchoBetweenPadsIsRemoved) {
  covers({"RFC3046-2.1-strip-anywhere"});
  relay_adds();

  both_ask();
  for (const std::size_t pads : {1, 2, 3, 63}) {
    const Message m =
        offer_with({option::pads(pads), echo_of(ours), option::pads(pads), option::text(12, "behind")});
    server.sends(m);
    for (const Arrival& a : comes_out(Segment::downlink0, m)) {
      const auto left = find_option(a.message, code::relay_agent);
      if (left) deviates("RFC3046-2.1-strip-anywhere", "the echo reaches the client", "none", hex(*left));
      if (find_option(a.message, 12) == Bytes{'b', 'e', 'h', 'i', 'n', 'd'}) continue;
      deviates("RFC3046-2.1-strip-anywhere", "what stands behind the echo is lost", "the host name behind it",
               "none");
    }
  }
}

// Not one octet of it is left anywhere in the client's frame.
TEST_F(Option82Reply, NoOctetOfTheEchoReachesTheClient) {
  covers({"RFC3046-2.1-strip-no-trace", "SEC-82-leak-to-client"});
  relay_with({.option82 = true, .circuit_id = "secret-port-23", .remote_id = "secret-switch"});

  both_ask();
  const Message m = server.offer(client, {.flags = broadcast_flag});
  server.sends(m);
  const std::string_view mark = "secret";
  for (const Arrival& a : comes_out(Segment::downlink0, m)) {
    if (std::search(a.message.begin(), a.message.end(), mark.begin(), mark.end()) == a.message.end())
      continue;
    deviates("RFC3046-2.1-strip-no-trace", "octets of the option are left in the client's message",
             "none of them", "\"secret\" is in it");
  }
}

// RFC 3046, section 2.1: overloaded fields belong to the client; no relay looks there for its echo.
TEST_F(Option82Reply, OverloadedFieldsAreNotSearched) {
  covers({"RFC3046-2.1-no-parse-overloaded-reply"});
  relay_adds();

  both_ask();
  Bytes field = echo_of(theirs).wire;
  field.resize(std::min<std::size_t>(field.size(), 63));
  field.push_back(code::end);
  const Message m =
      without(server.offer(client, {.flags = broadcast_flag, .sname = field, .file = field}), code::server_id)
          .plus(option::number(code::overload, 3));
  goes_down(m);
  may_go_down(without(m, code::relay_agent));
}

// Behind END there is no echo, whatever it looks like.
TEST_F(Option82Reply, OctetsBehindEndAreNoEcho) {
  covers({"MALF-options-after-end-reply", "RFC1542-4.1.2-options-intact-reply"});
  relay_adds();

  both_ask();
  Bytes tail = joined({code::end}, echo_of(theirs).wire);
  tail.resize(80, 0);
  const Message m = offer_with({echo_of(ours)}).with({.tail = tail});
  server.sends(m);
  const auto came = comes_out(Segment::downlink0, m);
  if (came.empty())
    deviates("MALF-options-after-end-reply", "octets behind END keep a reply from its client", "delivered",
             "nothing");
  for (const Arrival& a : came) {
    if (std::search(a.message.begin(), a.message.end(), theirs.begin(), theirs.end()) != a.message.end())
      continue;
    // Where none of the octets behind END are left they were not taken for options.
    const bool some_left = a.message.size() >= 4 && a.message.back() == 0 &&
                           std::count(a.message.end() - 4, a.message.end(), 0) == 4;
    deviates(some_left ? "MALF-options-after-end-reply" : "RFC1542-4.1.2-options-intact-reply",
             "octets behind END are taken out", "as they were", "gone");
  }
}

// The echo at the very end, where END is missing.
TEST_F(Option82Reply, EchoWithoutEndIsRemoved) {
  covers({"MALF-missing-end-reply", "RFC3046-2.1-strip-on-reply", "RFC1542-4.1.2-options-intact-reply"});
  relay_adds();

  both_ask();
  const Message m = offer_with({option::of(224, Bytes(100, 0x24)), echo_of(ours)}).with({.tail = Bytes{}});
  server.sends(m);
  for (const Arrival& a : comes_out(Segment::downlink0, m)) {
    if (const auto left = find_option(a.message, code::relay_agent))
      deviates("RFC3046-2.1-strip-on-reply", "the echo reaches the client", "none", hex(*left));
    if (find_option(a.message, 224) != Bytes(100, 0x24))
      deviates("RFC1542-4.1.2-options-intact-reply", "an option in front of the echo is lost",
               "option 224 whole", "changed");
  }
}

// Sub-options that overrun their option, or an option that overruns its message: dropped, or stripped clean.
TEST_F(Option82Reply, MalformedEchoIsRemovedOrTheReplyDropped) {
  covers({"MALF-82-suboption-overrun-reply", "MALF-82-overruns-message-reply", "MALF-circuit-id-reflection"});
  relay_adds();

  both_ask();
  for (const Bytes& content : {Bytes{1, 255, 'a', 'b'}, Bytes{1}, Bytes{}, Bytes{1, 0},
                               Bytes{1, 4, '%', 's', '\n', 0}, joined({1, 253}, Bytes(253, '/'))})
    may_be_delivered_stripped(offer_with({echo_of(content)}));

  Bytes tail{code::relay_agent, 255};
  tail.resize(22, 0x33);
  const Client other = client.another();
  goes_up(other.discover());
  const Message cut = server.offer(other, {.flags = broadcast_flag})
                          .plus(option::of(224, Bytes(100, 0x24)))
                          .with({.tail = tail});
  server.sends(cut);
  for (const Arrival& a : comes_out(Segment::downlink0, cut)) {
    if (find_option(a.message, 224) == Bytes(100, 0x24)) continue;
    deviates("MALF-82-overruns-message-reply", "an option in front of the broken one is changed", "as it was",
             "changed");
  }
}

// More than any relay has put in, over all instances together.
TEST_F(Option82Reply, LongEchoIsRemovedOrTheReplyDropped) {
  covers({"MALF-82-long-reply"});
  relay_adds();

  both_ask();
  const Message m = offer_with(std::vector<Option>(8, echo_of(Bytes(255, 0x01))));
  server.sends_frames(fragments(server.frame_of(m), 1480), "an OFFER with 8 options 82 of 255 octets");
  client.may_get(stripped(m));
}

// A relay that adds no option 82 has not added this one (RFC 3046, section 2.1).
TEST_F(Option82Reply, RelayWithoutOption82LeavesItInReplies) {
  covers({"RFC3046-82-off-reply-with-82"});

  asks();
  const Message m =
      server.offer(client, {.flags = broadcast_flag}).plus(agent({option::text(1, "far-away")}));
  server.sends(m);
  const auto came = comes_out(Segment::downlink0, m);
  if (came.empty()) return;
  const bool kept = find_option(came.front().message, code::relay_agent).has_value();
  note("RFC3046-82-off-reply-with-82",
       kept ? "another's option 82 is left in a reply" : "another's option 82 is taken out");
}

// RFC 3046, section 3.1: the circuit-id is the circuit's, so a restart does not change it.
TEST_F(Option82Reply, CircuitIdIsTheSameAfterARestart) {
  covers({"RFC3046-3.1-circuit-id-stable"});
  relay_adds();

  const auto before = sub_option(asks().message, 1);
  relay_restarts();
  const auto after = sub_option(asks().message, 1);
  if (before && after && before != after)
    deviates("RFC3046-3.1-circuit-id-stable", "after a restart the relay gives another circuit-id",
             hex(*before), hex(*after));
}

}  // namespace
}  // namespace relayspec
