// A relay keeps nothing of what it has relayed (RFC 1542, section 4.1): what it holds of memory and
// descriptors is the same after a thousand messages as after a hundred.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Resources : public Case {
 protected:
  using Holdings = RelayProcess::Holdings;

  /// Measures between rounds of as many messages. In the first ones a relay may still touch pages for the
  /// first time.
  template <class Round>
  void stay_flat(Round round) {
    std::uint32_t i = 0;
    const auto go_on = [&](std::uint32_t n) {
      for (const std::uint32_t end = i + n; i < end; ++i) round(i);
      return holdings();
    };
    go_on(messages);
    const auto earlier = go_on(messages), before = go_on(messages), after = go_on(messages);
    if (!earlier || !before || !after) return;
    if (after->descriptors > before->descriptors) {
      deviates("MALF-memory-flat", "the relay opens descriptors and does not close them",
               at_most(before->descriptors), std::to_string(after->descriptors));
    }
    // Who keeps something of every message grows in every round.
    if (after->memory > before->memory + allowance && before->memory > earlier->memory + allowance) {
      deviates("MALF-memory-flat", "the relay takes memory for every message and keeps it",
               at_most((before->memory + allowance) / 1024) + " KiB",
               std::to_string(after->memory / 1024) + " KiB");
    }
  }

  static Bytes chaddr_of(std::uint32_t i) {
    return {2, 0, 0x5e, 0x0d, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
  }

 private:
  static constexpr std::uint32_t messages = 128;
  static constexpr std::size_t allowance = 64 * 1024;
  static std::string at_most(std::size_t n) { return "at most " + std::to_string(n); }
};

// Every message from another client, so that a table of clients would grow.
TEST_F(Resources, AreNotSpentOnClients) {
  covers({"MALF-memory-flat"});

  stay_flat([&](std::uint32_t i) {
    const auto message = client.discover({.xid = 0xd2'00'00'00 + i, .chaddr = chaddr_of(i)});
    client.sends(message);
    server.gets(relayed(message));
  });
}

// Replies, each to another client.
TEST_F(Resources, AreNotSpentOnReplies) {
  covers({"MALF-memory-flat"});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  stay_flat([&](std::uint32_t i) {
    const auto reply = server.offer(client, {.flags = broadcast_flag, .siaddr = Ipv4(i)});
    server.sends(reply);
    client.gets(delivered(reply));
  });
}

// And what is thrown away leaves nothing behind.
TEST_F(Resources, AreNotSpentOnRubbish) {
  covers({"MALF-memory-flat", "MALF-short-all-lengths"});

  stay_flat([&](std::uint32_t i) {
    const std::size_t octets = i % 236;
    client.sends_octets(Bytes(octets, 0x01), std::to_string(octets) + " octets of rubbish");
    server.sends_octets(Bytes(octets, 0x02), std::to_string(octets) + " octets of rubbish");
    if (i % 32 == 31) nothing_comes_out();
  });
}

}  // namespace
}  // namespace relayspec
