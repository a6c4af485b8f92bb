// SPDX-License-Identifier: Apache-2.0
// What else is in a message while a relay adds its option and removes it: all of it is unchanged.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class BesideOption82 : public Case {
 protected:
  void relay_adds(unsigned servers = 1) { relay_with({.option82 = true, .servers = servers}); }

  /// What comes out has the client's own options up to the one that is broken.
  void keeps_whole_options(const Message& m) {
    client.sends(m);
    const auto sent = options_of(encode(m));
    for (const Arrival& a : comes_out(Segment::uplink, m)) {
      const auto got = options_of(a.message);
      if (!got || !sent || sent->elements.size() < 2) continue;
      const auto whole = sent->elements.end() - 1;
      if (got->elements.size() + 1 >= sent->elements.size() &&
          std::equal(sent->elements.begin(), whole, got->elements.begin()))
        continue;
      deviates("RFC1542-4.1.1-options-intact", "options in front of the broken one are changed",
               "as they were", summary(a.message));
    }
  }
};

Option much() { return option::of(224, Bytes(100, 0x24)); }

const std::vector<Bytes> broken_ends{{12, 200, 'a', 'b'}, {12},         {53},         {82},
                                     {61, 255},           {82, 255, 1}, {82, 3, 1, 9}};

// Options that exceed the message, or have no length: an option that is inserted there could land anywhere.
TEST_F(BesideOption82, MalformedRequestsAreRelayedUnchangedOrDropped) {
  covers({"MALF-truncated-option", "MALF-code-without-length", "RFC1542-4.1.1-options-intact"});
  relay_adds();

  for (const Bytes& end : broken_ends)
    keeps_whole_options(client.another().discover({.tail = end}).plus(much()));
}

TEST_F(BesideOption82, MalformedRepliesAreDeliveredUnchangedOrDropped) {
  covers({"MALF-truncated-option-reply", "MALF-code-without-length", "RFC1542-4.1.2-options-intact-reply"});
  relay_adds();

  asks();
  for (const Bytes& end : broken_ends) {
    const Message reply =
        without(server.offer(client, {.flags = broadcast_flag, .tail = end}), code::relay_agent);
    server.sends(reply.plus(much()));
    for (const Arrival& a : comes_out(Segment::downlink0, reply)) {
      if (find_option(a.message, 224) == Bytes(100, 0x24)) continue;
      deviates("RFC1542-4.1.2-options-intact-reply", "an option in front of the broken one is changed",
               "as it was", "changed");
    }
  }
}

TEST_F(BesideOption82, EmptyOptionsAreRelayedUnchangedOrDropped) {
  covers({"MALF-zero-length-options", "MALF-duplicate-53"});
  relay_adds();

  for (const std::uint8_t code : Bytes{52, 53, 54, 57, 61, 12}) {
    may_go_up(
        client.another().discover({.options = {{option::of(code, {}), option::type(Type::discover),
                                                option::type(Type::request), option::text(12, "host")}}}));
  }
}

TEST_F(BesideOption82, MessagesWithoutAllFixedFieldsAreDropped) {
  covers({"MALF-short-all-lengths"});
  relay_adds();

  asks();
  const Bytes up = encode(client.discover()), down = encode(server.offer(client, {.flags = broadcast_flag}));
  for (const std::size_t size : {0, 1, 27, 28, 43, 44, 235}) {
    const auto n = static_cast<std::ptrdiff_t>(size);
    client.sends_octets(Bytes(up.begin(), up.begin() + n), std::to_string(size) + " octets of a DISCOVER");
    server.sends_octets(Bytes(down.begin(), down.begin() + n), std::to_string(size) + " octets of an OFFER");
  }

  nothing_comes_out();
  control_goes_up(client.discover());
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// Octets that a longer message left in the buffer do not fill up a shorter one.
TEST_F(BesideOption82, OctetsOfEarlierMessagesAreNotSent) {
  covers({"MALF-no-stale-data", "SEC-padding-zeroed"});
  relay_adds();

  auto marked = client.discover();
  for (int i = 0; i < 3; ++i) marked = marked.plus(option::of(224, Bytes(255, 0xd7)));
  goes_up(marked);
  goes_up(client.another().discover());
  asks();
  auto marked_reply = server.offer(client, {.flags = broadcast_flag});
  for (int i = 0; i < 3; ++i) marked_reply = marked_reply.plus(option::of(224, Bytes(255, 0xd7)));
  goes_down(marked_reply);
  goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 2131, section 4.1: fields that hold options are the client's and the server's.
TEST_F(BesideOption82, OverloadedFieldsAreUnchanged) {
  covers({"RFC2131-4.1-overload-untouched-request", "RFC2131-4.1-overload-untouched-reply"});
  relay_adds();

  const Message over{.sname = Bytes{12, 2, 'a', 'b', 255, 1, 2}, .file = Bytes{43, 1, 7, 255, 9}};
  goes_up(client.discover(over).plus(option::number(code::overload, 3)));
  asks();
  goes_down(
      server.offer(client, over.with({.flags = broadcast_flag})).plus(option::number(code::overload, 3)));
}

// RFC 2132, section 2, RFC 3396: unknown options, repeated ones and PADs between them.
TEST_F(BesideOption82, UnknownAndRepeatedOptionsAreUnchanged) {
  covers({"RFC2132-2-unknown-options-pass", "RFC2132-2-pad-between-options", "RFC3396-7-split-options-pass"});
  relay_adds();

  const std::vector<Option> odd{option::of(254, {1, 2, 3}), option::pads(3),     option::text(12, "first"),
                                option::text(12, "second"), option::of(128, {}), option::pads(1)};
  auto up = client.discover();
  for (const Option& o : odd) up = up.plus(o);
  up = up.plus(option::of(200, {9}));
  goes_up(up);
  asks();
  auto down = server.offer(client, {.flags = broadcast_flag});
  for (const Option& o : odd) down = down.plus(o);
  goes_down(down.plus(option::of(200, {9})));
}

// Every server gets the same copy, option 82 and all, whether it is short or long, and whether the relay adds
// something.
TEST_F(BesideOption82, AllServersGetTheSameCopy) {
  covers({"SRV-copies-identical", "SRV-each-gets-copy"});
  relay_adds(2);

  auto long_one = client.another().discover();
  for (int i = 0; i < 3; ++i) long_one = long_one.plus(option::of(224, Bytes(255, 0x31)));
  const auto of_a_relay = client.another().discover({.hops = 1, .giaddr = other_relay()});
  for (const Message& message : {client.discover(), long_one, of_a_relay}) {
    client.sends(message);
    const auto one = server.gets(relayed(message)), two = second_server.gets(relayed(message));
    if (one.message == two.message) continue;
    deviates("SRV-copies-identical", "two servers get different copies", hex(one.message, 16),
             hex(two.message, 16));
  }
}

}  // namespace
}  // namespace relayspec
