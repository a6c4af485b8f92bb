// What single messages do not show: remains of earlier ones, and weariness.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Sequence : public Case {
 protected:
  /// Both clients have asked, so that a relay that keeps books delivers to them.
  void both_ask() {
    const auto ours = client.discover(), theirs = neighbour.discover();
    client.sends(ours);
    server.gets(relayed(ours));
    neighbour.sends(theirs);
    server.gets(relayed_from(Segment::downlink1, theirs));
  }
};

// Marks in a long message, in places that a shorter one leaves empty.
Option marks() { return option::of(224, Bytes(255, 0xd7)); }

// A buffer that is used again must not give away what the last message held.
TEST_F(Sequence, ShortRequestsHoldNothingOfLongOnes) {
  covers({"MALF-no-stale-data"});

  const auto long_one = client.discover().plus(marks()).plus(marks()).plus(marks()),
             short_one = neighbour.discover();
  client.sends(long_one);
  server.gets(relayed(long_one));
  neighbour.sends(short_one);

  server.gets(relayed_from(Segment::downlink1, short_one));
}

// The same towards the clients, where one of them would read another's data.
TEST_F(Sequence, ShortRepliesHoldNothingOfLongOnes) {
  covers({"MALF-no-stale-data"});

  both_ask();
  const auto long_one =
                 server.offer(client, {.flags = broadcast_flag}).plus(marks()).plus(marks()).plus(marks()),
             short_one = server.offer(neighbour, {.flags = broadcast_flag});
  server.sends(long_one);
  client.gets(delivered(long_one));
  server.sends(short_one);

  neighbour.gets(delivered(short_one));
}

// A relay remembers nothing that could run full.
TEST_F(Sequence, OfManyClientsNeverEnds) {
  covers({"MALF-memory-flat"});

  for (std::uint32_t i = 0; i < 128; ++i) {
    Bytes chaddr = {2, 0, 0x5e, 0x0d, 0, static_cast<std::uint8_t>(i)};
    const auto message = client.discover({.xid = 0xd1'00'00'00 + i, .chaddr = chaddr});
    client.sends(message);
    server.gets(relayed(message));
  }
}

// RFC 1542, section 4.1.2: a reply to somebody else in between changes nothing of where the next one goes.
TEST_F(Sequence, RepliesInTurnsReachTheirOwnClients) {
  covers({"IF-reply-only-owner", "RFC1542-4.1.2-giaddr-selects-interface"});

  both_ask();
  const auto to_us = server.offer(client, {.flags = broadcast_flag}),
             to_them = server.offer(neighbour, {.flags = broadcast_flag});
  for (int i = 0; i < 3; ++i) {
    server.sends(to_us);
    client.gets(delivered(to_us));
    server.sends(to_them);
    neighbour.gets(delivered(to_them));
  }
}

}  // namespace
}  // namespace relayspec
