// A relay keeps nothing of what it has relayed (RFC 1542, section 4.1): what it holds of memory and
// descriptors does not go on growing with the messages.
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Resources : public Case {
 protected:
  using Holdings = RelayProcess::Holdings;

  /// Measures between rounds of as many messages, `burst` by burst. In the first ones a relay may still touch
  /// pages for the first time. `allowance`: octets that a round may cost.
  template <class Burst>
  void stay_flat(std::uint32_t messages, std::size_t allowance, Burst burst) {
    std::uint32_t from = 0;
    const auto go_on = [&] {
      for (const std::uint32_t end = from + messages; from < end; from += at_once) burst(from);
      return holdings();
    };
    go_on();
    const auto earlier = go_on(), before = go_on(), after = go_on();
    if (!earlier || !before || !after) return;
    // Who keeps something of every message grows in every round; one round may happen upon a descriptor that
    // a relay is about to close.
    if (after->descriptors > before->descriptors && before->descriptors > earlier->descriptors) {
      deviates("MALF-memory-flat", "the relay opens descriptors and does not close them",
               at_most(before->descriptors), std::to_string(after->descriptors));
    }
    if (after->memory > before->memory + allowance && before->memory > earlier->memory + allowance) {
      deviates("MALF-memory-flat", "the relay takes memory for every message and keeps it",
               at_most((before->memory + allowance) / 1024) + " KiB",
               std::to_string(after->memory / 1024) + " KiB");
    }
  }

  /// All kinds of it, again and again.
  void rubbish_leaves_nothing() {
    const Bytes overrun{12, 200, 'x'};
    const auto ask = [&](const Message& over) { return client.another().discover(over); };
    const auto answer = [&](const Message& over) { return server.offer(client.another(), over); };
    // Each kind of it comes eight times a round; a relay that remembers transactions may do so here too.
    stay_flat(8 * at_once, 32 * 1024, [&](std::uint32_t from) {
      const std::vector<Message> up{ask({.op = 3}),
                                    ask({.hlen = 255}),
                                    ask({.hops = 255}),
                                    ask({.giaddr = relay_address(Segment::downlink0)}),
                                    ask({.giaddr = Ipv4("255.255.255.255")}),
                                    ask({.tail = overrun}),
                                    ask({}).plus(option::of(code::message_type, {})),
                                    ask({}).plus(agent({option::text(1, "forged")}))},
          down{answer({.op = 3}),
               answer({.hlen = 255}),
               answer({.giaddr = Ipv4("198.51.100.77")}),
               answer({.giaddr = Ipv4()}),
               answer({.tail = overrun}),
               answer({.chaddr = Bytes(16, 0xff)}),
               answer({}).plus(option::of(code::relay_agent, {})),
               answer({}).plus(option::of(code::relay_agent, {1, 255, 'x'}))};
      for (const Message& m : up) client.sends(m);
      for (const Message& m : down) server.sends(m);
      for (const Message& m : up) comes_out(Segment::uplink, m);
      for (const Message& m : down) comes_out(Segment::downlink0, m);
      for (const std::size_t octets : {from % 236, (from + at_once / 2) % 236}) {
        client.sends_octets(Bytes(octets, 0x01), std::to_string(octets) + " octets of rubbish");
        server.sends_octets(Bytes(octets, 0x02), std::to_string(octets) + " octets of rubbish");
      }
      nothing_comes_out();
    });
  }

  /// As many messages go out before the answers to them are looked at.
  static constexpr std::uint32_t at_once = 16;

  static Bytes chaddr_of(std::uint32_t i) {
    return {2, 0, 0x5e, 0x0d, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
  }

  /// Rounds of so many, and 256 octets of each.
  static constexpr std::uint32_t few = 64;
  static constexpr std::size_t some_of_each = few * 256;

 private:
  static std::string at_most(std::size_t n) { return "at most " + std::to_string(n); }
};

// Every message from another client, so that a table of clients would grow.
TEST_F(Resources, AreNotSpentOnClients) {
  covers({"MALF-memory-flat"});

  stay_flat(few, some_of_each, [&](std::uint32_t from) {
    std::vector<Message> sent;
    for (std::uint32_t i = from; i < from + at_once; ++i) {
      sent.push_back(client.discover({.xid = 0xd2'00'00'00 + i, .chaddr = chaddr_of(i)}));
      client.sends(sent.back());
    }
    for (const Message& m : sent) server.gets(relayed(m));
  });
}

// Replies, each to another client.
TEST_F(Resources, AreNotSpentOnReplies) {
  covers({"MALF-memory-flat"});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  stay_flat(few, some_of_each, [&](std::uint32_t from) {
    std::vector<Message> sent;
    for (std::uint32_t i = from; i < from + at_once; ++i) {
      sent.push_back(server.offer(client, {.flags = broadcast_flag, .siaddr = Ipv4(i)}));
      server.sends(sent.back());
    }
    for (const Message& m : sent) client.gets(delivered(m));
  });
}

// And what is thrown away, or odd and relayed all the same, leaves nothing behind.
TEST_F(Resources, AreNotSpentOnRubbish) {
  covers({"MALF-memory-flat", "MALF-short-all-lengths"});

  rubbish_leaves_nothing();
}

TEST_F(Resources, AreNotSpentOnRubbishBesideOption82) {
  covers({"MALF-memory-flat", "MALF-short-all-lengths"});
  relay_with({.option82 = true});

  rubbish_leaves_nothing();
}

}  // namespace
}  // namespace relayspec
