// SPDX-License-Identifier: Apache-2.0
// What single messages do not show: octets of earlier ones, and tables that become full.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Sequence : public Case {
 protected:
  /// Both clients have asked, so that a relay that keeps state delivers to them.
  void both_ask() {
    asks(client);
    asks(neighbour);
  }
};

// Marks in a long message, in places that a shorter one leaves empty.
Option marks() { return option::of(224, Bytes(255, 0xd7)); }

// A buffer that is used again must not give away what the last message held.
TEST_F(Sequence, ShortRequestHasNoOctetsOfALongerOne) {
  covers({"MALF-no-stale-data"});

  goes_up(client.discover().plus(marks()).plus(marks()).plus(marks()));

  goes_up(neighbour, neighbour.discover());
}

// The same towards the clients, where one of them would read another's data.
TEST_F(Sequence, ShortReplyHasNoOctetsOfALongerOne) {
  covers({"MALF-no-stale-data"});

  both_ask();
  goes_down(server.offer(client, {.flags = broadcast_flag}).plus(marks()).plus(marks()).plus(marks()));

  goes_down(neighbour, server.offer(neighbour, {.flags = broadcast_flag}));
}

// A relay has no table that becomes full: here 1000 clients get no answer from a server.
TEST_F(Sequence, RequestsOf_1000ClientsAreRelayed) {
  covers({"MALF-flood-liveness", "MALF-memory-flat", "MALF-no-flood"});

  for (std::uint32_t i = 0; i < 1000; ++i) {
    Bytes chaddr = {2, 0, 0x5e, 0x0d, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    goes_up(client.discover({.xid = 0xd1'00'00'00 + i, .chaddr = chaddr}));
  }
}

// RFC 1542, section 4.1.2: a reply to somebody else in between changes nothing of where the next one goes.
TEST_F(Sequence, AlternatingRepliesReachTheirOwnClients) {
  covers({"IF-reply-only-owner", "RFC1542-4.1.2-giaddr-selects-interface"});

  both_ask();
  const auto to_us = server.offer(client, {.flags = broadcast_flag}),
             to_them = server.offer(neighbour, {.flags = broadcast_flag});
  for (int i = 0; i < 3; ++i) {
    goes_down(to_us);
    goes_down(neighbour, to_them);
  }
}

}  // namespace
}  // namespace relayspec
