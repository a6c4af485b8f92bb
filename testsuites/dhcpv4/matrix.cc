// SPDX-License-Identifier: Apache-2.0
// The reply matrix: every kind of reply with every combination of what a relay looks at, and what may be done
// with it, by rules that this file states once.
#include <string>
#include <utility>
#include <vector>

#include "batches.h"
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

enum class ReplyKind : std::uint8_t { offer, ack, nak, none, unknown };
enum class ReplyGiaddr : std::uint8_t { ours, other, uplink, foreign, zero };
enum class ReplyCircuit : std::uint8_t { ours, other, unknown, absent };
enum class ReplySender : std::uint8_t { server, unknown_server, client_side };

constexpr ReplyKind kinds[] = {ReplyKind::offer, ReplyKind::ack, ReplyKind::nak, ReplyKind::none,
                               ReplyKind::unknown};
constexpr ReplyCircuit circuits[] = {ReplyCircuit::ours, ReplyCircuit::other, ReplyCircuit::unknown,
                                     ReplyCircuit::absent};
/// htype and hlen: Ethernet, IEEE 802, InfiniBand (RFC 4390), none at all, and more than chaddr has.
const std::pair<std::uint8_t, std::uint8_t> hardware[] = {{1, 6}, {6, 6}, {32, 0}, {1, 0}, {1, 17}};

/// One place in the matrix.
struct Reply {
  ReplyKind kind = ReplyKind::offer;
  bool flag = true, yiaddr = true, ciaddr = false;
  std::pair<std::uint8_t, std::uint8_t> hw = {1, 6};
  ReplyGiaddr giaddr = ReplyGiaddr::ours;
  ReplyCircuit circuit = ReplyCircuit::ours;
  ReplySender sender = ReplySender::server;
  bool option82 = true;  ///< the relay adds option 82; else circuit-ids are absent, and not missed
};

std::string in_words(const Reply& r) {
  const char* const kind[] = {"OFFER", "ACK", "NAK", "plain BOOTP", "type 99"};
  const char* const giaddr[] = {"of its own downlink", "of the other downlink", "of the uplink", "foreign",
                                "zero"};
  const char* const circuit[] = {"its own", "the other network's", "unknown", "absent"};
  const char* const sender[] = {"the server", "an unknown server", "the client side"};
  return std::string(kind[static_cast<int>(r.kind)]) + " from " + sender[static_cast<int>(r.sender)] +
         (r.flag ? ", broadcast flag" : "") + (r.yiaddr ? "" : ", no yiaddr") + (r.ciaddr ? ", ciaddr" : "") +
         ", htype " + std::to_string(r.hw.first) + " hlen " + std::to_string(r.hw.second) + ", giaddr " +
         giaddr[static_cast<int>(r.giaddr)] + ", circuit-id " + circuit[static_cast<int>(r.circuit)];
}

class Matrix : public Case {
 protected:
  /// Every sender, giaddr and circuit-id for every kind of reply, with and without the flag: the ones that
  /// match.
  template <class Wanted>
  void replies_by_direction(bool option82, Wanted wanted) {
    std::vector<Reply> all;
    for (const ReplyKind kind : kinds)
      for (const bool flag : {true, false})
        for (const ReplySender sender :
             {ReplySender::server, ReplySender::unknown_server, ReplySender::client_side})
          for (const ReplyGiaddr giaddr : {ReplyGiaddr::ours, ReplyGiaddr::other, ReplyGiaddr::uplink,
                                           ReplyGiaddr::foreign, ReplyGiaddr::zero})
            for (const ReplyCircuit circuit : circuits) {
              const Reply r{.kind = kind,
                            .flag = flag,
                            .giaddr = giaddr,
                            .circuit = circuit,
                            .sender = sender,
                            .option82 = option82};
              if ((option82 || circuit == ReplyCircuit::absent) && wanted(r)) all.push_back(r);
            }
    send_all(option82, all);
  }

  /// A sample of all combinations, in which each value meets each other value.
  void replies_of_every_mixture() {
    std::vector<Reply> all;
    // Each place in the matrix has a number; every n-th is taken, n being prime to all the counts.
    constexpr std::size_t count = 5UL * 2 * 2 * 2 * 5 * 5 * 4 * 3, every = 59;
    for (std::size_t n = 0; n < count; n += every) {
      std::size_t left = n;
      const auto next = [&left](std::size_t choices) {
        const std::size_t chosen = left % choices;
        left /= choices;
        return chosen;
      };
      Reply r;
      r.sender = static_cast<ReplySender>(next(3));
      r.circuit = static_cast<ReplyCircuit>(next(4));
      r.giaddr = static_cast<ReplyGiaddr>(next(5));
      r.hw = hardware[next(5)];
      r.kind = kinds[next(5)];
      r.flag = next(2) == 0;
      r.yiaddr = next(2) == 0;
      r.ciaddr = next(2) == 0;
      all.push_back(r);
    }
    send_all(true, all);
  }

  /// Every address and link address for every kind of reply that is certainly for the relay.
  void replies_by_address(bool option82) {
    std::vector<Reply> all;
    for (const ReplyKind kind : kinds)
      for (const bool flag : {true, false})
        for (const bool yiaddr : {true, false})
          for (const bool ciaddr : {true, false})
            for (const auto& hw : hardware)
              all.push_back({.kind = kind,
                             .flag = flag,
                             .yiaddr = yiaddr,
                             .ciaddr = ciaddr,
                             .hw = hw,
                             .circuit = option82 ? ReplyCircuit::ours : ReplyCircuit::absent,
                             .option82 = option82});
    send_all(option82, all);
  }

  /// Every kind of reply comes through when the server sends it.
  void control_replies_of_the_server() {
    const Agents agents{agent_information_of(client), agent_information_of(neighbour)};
    for (const ReplyKind kind : kinds) {
      for (const auto& [r, to] : with_clients_that_ask({{.kind = kind}}))
        control_goes_down(to, message_of(r, to, agents));
    }
  }

 private:
  void send_all(bool option82, const std::vector<Reply>& all) {
    relay_with({.option82 = option82});
    const Agents agents{agent_information_of(client), agent_information_of(neighbour)};
    client.holds(client.lease());
    neighbour.holds(neighbour.lease());
    // One proof of silence serves a batch.
    in_batches(all, [&](const std::vector<Reply>& some) {
      std::vector<std::pair<Reply, Message>> sent;
      for (const auto& [r, to] : with_clients_that_ask(some)) {
        sent.emplace_back(r, message_of(r, to, agents));
        send(r, sent.back().second);
      }
      for (const auto& [r, m] : sent) judge(r, m);
    });
  }

  /// Option 82 as the servers got it from the two networks.
  struct Agents {
    Option ours, theirs;
  };

  Option agent_information_of(const Client& c) {
    return option::of(code::relay_agent, find_option(asks(c).message, code::relay_agent).value_or(Bytes{}));
  }

  /// Each behind a DISCOVER from the network that giaddr names, for relays that keep state.
  std::vector<std::pair<Reply, Client>> with_clients_that_ask(const std::vector<Reply>& replies) {
    std::vector<std::pair<Reply, Client>> all;
    for (const Reply& r : replies) {
      const Client one = (r.giaddr == ReplyGiaddr::other ? neighbour : client).with_new_xid();
      one.sends(one.discover());
      all.emplace_back(r, one);
    }
    for (const auto& [r, one] : all) server.gets(relayed_from(one.downlink(), one.discover()));
    return all;
  }

  Message message_of(const Reply& r, const Client& to, const Agents& agents) {
    const Message over{.htype = r.hw.first,
                       .hlen = r.hw.second,
                       .flags = r.flag ? broadcast_flag : std::uint16_t{0},
                       .ciaddr = r.ciaddr ? to.lease() : Ipv4(),
                       .yiaddr = r.yiaddr ? to.lease() : Ipv4(),
                       .giaddr = giaddr_of_kind(r.giaddr)};
    Message m = r.kind == ReplyKind::ack    ? server.ack(to, over)
                : r.kind == ReplyKind::nak  ? server.nak(to, over)
                : r.kind == ReplyKind::none ? server.bootp_reply(to, over)
                                            : server.offer(to, over);
    if (r.kind == ReplyKind::unknown) {
      // Without a Server Identifier: dialect `proxy` says nothing of messages that it does not know.
      m = without(replacing(m, code::message_type, option::number(code::message_type, 99)), code::server_id);
    }
    m = without(m, code::relay_agent);
    if (r.circuit == ReplyCircuit::ours) m = m.plus(agents.ours);
    if (r.circuit == ReplyCircuit::other) m = m.plus(agents.theirs);
    if (r.circuit == ReplyCircuit::unknown) m = m.plus(agent({option::text(1, "nowhere")}));
    return m;
  }

  Ipv4 giaddr_of_kind(ReplyGiaddr g) const {
    switch (g) {
      case ReplyGiaddr::ours:
        return relay_address(Segment::downlink0);
      case ReplyGiaddr::other:
        return relay_address(Segment::downlink1);
      case ReplyGiaddr::uplink:
        return relay_address(Segment::uplink);
      case ReplyGiaddr::foreign:
        return other_relay();
      case ReplyGiaddr::zero:
        break;
    }
    return Ipv4();
  }

  /// To where a reply for that network goes whose giaddr is right: a reply that never reached the relay would
  /// not count as dropped.
  void send(const Reply& r, const Message& m) {
    const Ipv4 to = relay_address(r.giaddr == ReplyGiaddr::other ? Segment::downlink1 : Segment::downlink0);
    if (r.sender == ReplySender::client_side) {
      client.another().sends_to_relay(m, relay_address(Segment::downlink0), {.sport = std::uint16_t{67}});
    } else if (r.sender == ReplySender::unknown_server) {
      server.sends(m, {.ip_dst = to, .ip_src = host_address(Segment::uplink, 99)});
    } else {
      server.sends(m, {.ip_dst = to});
    }
  }

  /// Where giaddr and circuit-id name different networks, either may be right (RFC 3046, section 3.1).
  void judge(const Reply& r, const Message& m) {
    // The RFCs do not say what a giaddr on the servers' side means; no client may get the reply.
    if (r.giaddr == ReplyGiaddr::uplink) comes_out(Segment::uplink, m);
    const bool by_circuit = r.option82 && r.giaddr != ReplyGiaddr::foreign && r.giaddr != ReplyGiaddr::zero;
    const bool apart = by_circuit && ((r.circuit == ReplyCircuit::ours && r.giaddr != ReplyGiaddr::ours) ||
                                      (r.circuit == ReplyCircuit::other && r.giaddr != ReplyGiaddr::other));
    if (apart) {
      is_judged_by_model(m, in_words(r),
                         {r.circuit == ReplyCircuit::ours ? Segment::downlink0 : Segment::downlink1});
    } else {
      is_judged_by_model(m, in_words(r));
    }
  }
};

// RFC 1542, section 4.1.2: whatever the reply's addresses are, it reaches the client's network once, in a
// form that its flag, yiaddr, ciaddr and link address allow.
TEST_F(Matrix, EveryFormOfReplyReachesItsClient) {
  covers({"RFC1542-4.1.2-unicast-delivery", "RFC1542-4.1.2-broadcast-delivery",
          "RFC1542-4.1.2-reply-only-to-clients", "RFC1122-3.2.1.3-no-dst-zero",
          "RFC1122-3.3.6-link-bcast-needs-ip-bcast"});
  replies_by_address(false);
}

// RFC 3046, section 2.1: the same with agent information in it.
TEST_F(Matrix, EveryFormOfReplyWithOption82ReachesItsClient) {
  covers({"RFC3046-2.1-strip-on-reply", "RFC3046-4.0-broadcast-only-on-circuit"});
  replies_by_address(true);
}

// RFC 1542, section 4.1.2: giaddr decides on whose network a reply comes out, and a reply whose giaddr is no
// downlink's does not come out.
TEST_F(Matrix, GiaddrSelectsTheNetworkOfAReply) {
  covers({"RFC1542-4.1.2-giaddr-selects-interface", "RFC1542-4.1.2-giaddr-foreign-discard",
          "RFC1542-4.1.2-giaddr-zero-discard"});
  replies_by_direction(false, [](const Reply& r) { return r.sender == ReplySender::server; });
}

// RFC 3046, section 3.1: the circuit-id may choose the network too, but no reply goes to a network that
// neither names.
TEST_F(Matrix, GiaddrOrCircuitIdSelectsTheNetworkOfAReply) {
  covers(
      {"RFC3046-3.1-circuit-id-vs-giaddr", "RFC3046-3.1-unknown-circuit-id", "RFC3046-2.2-reply-without-82"});
  replies_by_direction(true, [](const Reply& r) { return r.sender == ReplySender::server; });
}

// A server may answer from another of its addresses; be it delivered or not, it goes nowhere else.
TEST_F(Matrix, ReplyOfAnUnknownServerReachesNoOtherNetwork) {
  covers({"SEC-unknown-server-reply"});
  replies_by_direction(true, [](const Reply& r) {
    return r.sender == ReplySender::unknown_server && r.circuit != ReplyCircuit::unknown && r.flag;
  });
}

// Clients are no servers.
TEST_F(Matrix, NoReplyFromTheClientSideReachesAClient) {
  covers({"MALF-op-2-clientside"});
  replies_by_direction(true, [](const Reply& r) {
    return r.sender == ReplySender::client_side && r.circuit != ReplyCircuit::unknown && r.flag;
  });
  control_replies_of_the_server();
}

// Several odd values in one reply: it is still not delivered to the wrong network.
TEST_F(Matrix, ReplyWithSeveralOdditiesReachesNoOtherNetwork) {
  covers({"IF-reply-only-owner", "RFC1542-4.1.2-reply-only-to-clients"});
  replies_of_every_mixture();
}

}  // namespace
}  // namespace relayspec
