// SPDX-License-Identifier: Apache-2.0
// A relay keeps nothing of what it has relayed (RFC 1542, section 4.1): what it holds of memory and
// descriptors does not go on growing with the messages.
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Resources : public Case {
 protected:
  using Holdings = ::relayspec::Holdings;

  /// Sends burst after burst until the relay holds no more than six rounds before, or the time is over.
  /// Memory may grow for a while: a relay that reads several messages at once touches a page for each of them
  /// the first time, and one that collects garbage lets its heap grow for a while. Descriptors run out sooner
  /// than that.
  template <class Burst>
  void stay_flat(Burst burst) {
    std::vector<Holdings> held;
    for (std::uint32_t round = 0, from = 0; round < most_rounds; ++round) {
      for (std::uint32_t i = 0; i < bursts; ++i, from += at_once) burst(from);
      const auto now = holdings();
      if (!now) return;
      held.push_back(*now);
      if (round < rounds) continue;
      if (grows_each_time({held.end() - rounds - 1, held.end()}, &Holdings::descriptors))
        return blame(&Holdings::descriptors, held, "the relay opens descriptors and does not close them");
      if (now->memory <= held[round - rounds].memory) return;
    }
    blame(&Holdings::memory, held, "the relay takes memory for every message and keeps it");
  }

  static bool grows_each_time(const std::vector<Holdings>& held, std::size_t Holdings::*what) {
    for (std::size_t i = 1; i < held.size(); ++i)
      if (held[i].*what <= held[i - 1].*what) return false;
    return true;
  }

  void blame(std::size_t Holdings::*what, const std::vector<Holdings>& held, const std::string& reason) {
    deviates("MALF-memory-flat", reason, "no more behind a round of messages than before it",
             "more and more over " + std::to_string(held.size()) + " rounds: from " +
                 std::to_string(held.front().*what) + " to " + std::to_string(held.back().*what));
  }

  /// All kinds of it, again and again.
  void malformed_messages_leave_nothing() {
    const Bytes overrun{12, 200, 'x'};
    const auto ask = [&](const Message& over) { return client.another().discover(over); };
    const auto answer = [&](const Message& over) { return server.offer(client.another(), over); };
    stay_flat([&](std::uint32_t from) {
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
               answer({.giaddr = host_address(Segment::uplink, 77)}),
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
        client.sends_octets(Bytes(octets, 0x01), std::to_string(octets) + " octets that are no message");
        server.sends_octets(Bytes(octets, 0x02), std::to_string(octets) + " octets that are no message");
      }
      nothing_comes_out();
    });
  }

  /// As many messages go out before the answers to them are looked at.
  static constexpr std::uint32_t at_once = 16;

  static Bytes chaddr_of(std::uint32_t i) {
    return {2, 0, 0x5e, 0x0d, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
  }

 private:
  static constexpr std::uint32_t bursts = 4;
  /// So many without growth are enough: a few octets of each of their messages would fill a page.
  static constexpr std::uint32_t rounds = 6;
  static constexpr std::uint32_t most_rounds = 250;
};

// Every message from another client, so that a table of clients would grow.
TEST_F(Resources, MemoryIsFlatWithManyClients) {
  covers({"MALF-memory-flat"});

  stay_flat([&](std::uint32_t from) {
    std::vector<Message> sent;
    for (std::uint32_t i = from; i < from + at_once; ++i) {
      sent.push_back(client.discover({.xid = 0xd2'00'00'00 + i, .chaddr = chaddr_of(i)}));
      client.sends(sent.back());
    }
    for (const Message& m : sent) server.gets(relayed(m));
  });
}

// Replies, each to another client.
TEST_F(Resources, MemoryIsFlatWithManyReplies) {
  covers({"MALF-memory-flat"});

  stay_flat([&](std::uint32_t from) {
    std::vector<Message> asked, sent;
    for (std::uint32_t i = from; i < from + at_once; ++i) {
      asked.push_back(client.discover({.xid = 0xd3'00'00'00 + i}));
      client.sends(asked.back());
    }
    for (const Message& m : asked) server.gets(relayed(m));
    for (const Message& m : asked) {
      sent.push_back(server.offer(client, {.xid = m.xid, .flags = broadcast_flag}));
      server.sends(sent.back());
    }
    for (const Message& m : sent) client.gets(delivered(m));
  });
}

// Messages of every kind, from both networks.
TEST_F(Resources, MemoryIsFlatWithEveryKindOfMessage) {
  covers({"MALF-memory-flat"});

  const Message other_cookie{
      .cookie = Bytes{1, 2, 3, 4}, .options = {{option::raw(Bytes(60, 0x52))}}, .tail = Bytes{}};
  client.holds(client.lease());
  stay_flat([&](std::uint32_t) {
    goes_up(client.bootp(other_cookie));
    goes_down(server.bootp_reply(client, other_cookie));
    goes_up(client.inform());
    goes_down(server.ack(client, {.ciaddr = client.lease(), .yiaddr = Ipv4()}));
    // Without the name of a server, which a relay that stands in for it need not know.
    for (const Message& m : {client.renew(), without(client.release(server), code::server_id)}) {
      client.sends_to_relay(m, relay_address(Segment::downlink0));
      server.gets(relayed(m));
    }
    goes_down(server.nak(client, {.flags = broadcast_flag}));
    asks(neighbour);
    goes_down(neighbour, server.offer(neighbour));
  });
}

// Messages that are dropped, or malformed and relayed, leave nothing behind either.
TEST_F(Resources, MemoryIsFlatWithMalformedMessages) {
  covers({"MALF-short-all-lengths", "MALF-memory-flat"});

  malformed_messages_leave_nothing();
}

TEST_F(Resources, MemoryIsFlatWithMalformedMessagesAndOption82) {
  covers({"MALF-short-all-lengths", "MALF-memory-flat"});
  relay_with({.option82 = true});

  malformed_messages_leave_nothing();
}

}  // namespace
}  // namespace relayspec
