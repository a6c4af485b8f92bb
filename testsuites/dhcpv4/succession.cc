// SPDX-License-Identifier: Apache-2.0
// One message right behind another: what a relay keeps of a message, by mistake or by design, changes nothing
// of the next one. Each row of these tables is judged by what it is alone.
#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

using Make = std::function<Message(const Client&)>;

/// A kind of message.
struct Kind {
  std::string name;
  Make make;
  Envelope over = {};
};

// Makes a message so long that no relay fills it up, and not so long that there is no room for option 82.
Option enough() { return option::of(224, Bytes(50, 0x24)); }
const Bytes cut_off{code::host_name, 200, 'a', 'b'};

class Succession : public Case {
 protected:
  Kind plain_request() {
    return {"a DISCOVER", [](const Client& c) { return c.discover(); }};
  }
  Kind plain_reply() {
    return {"an OFFER", [this](const Client& c) { return server.offer(c); }};
  }
  std::vector<Kind> every_way_of_asking();
  std::vector<Kind> every_request();
  std::vector<Kind> every_reply();

  /// Each of these behind the other one, and the other one behind each.
  void in_turns_with(const Kind& other, const std::vector<Kind>& all) {
    client.holds(client.lease());
    in_batches(all, [&](const std::vector<Kind>& some) {
      std::vector<Kind> turns;
      const auto add = [&turns](Kind kind, const std::string& before) {
        kind.name += before;
        turns.push_back(std::move(kind));
      };
      std::string before;
      for (const Kind& kind : some) {
        add(other, before);
        add(kind, " behind " + other.name);
        before = " behind " + kind.name;
      }
      add(other, before);
      send_in_turn(turns);
    });
  }

  template <class Send>
  static void in_batches(const std::vector<Kind>& all, Send send) {
    // A few at a time, so that no buffer overflows.
    constexpr std::size_t batch = 20;
    for (std::size_t from = 0; from < all.size(); from += batch) {
      const auto at = [&](std::size_t n) { return all.begin() + static_cast<std::ptrdiff_t>(n); };
      send(std::vector<Kind>(at(from), at(std::min(from + batch, all.size()))));
    }
  }

 private:
  struct Turn {
    Kind kind;
    Client client;
    Message message;
  };

  // Every reply answers a request of its own, which has been relayed before.
  void send_in_turn(const std::vector<Kind>& kinds) {
    std::vector<Turn> turns;
    for (const Kind& kind : kinds) {
      Client one = client;
      one.use_xid(client.another().xid());
      turns.push_back({kind, one, kind.make(one)});
    }
    for (const Turn& t : turns)
      if (t.message.op == boot_reply) t.client.sends(t.client.discover());
    for (const Turn& t : turns)
      if (t.message.op == boot_reply) server.gets(relayed(t.client.discover()));
    for (Turn& t : turns) {
      t.message = t.kind.make(t.client);
      if (t.message.op == boot_reply) {
        server.sends(t.message, t.kind.over);
      } else {
        t.client.sends(t.message, t.kind.over);
      }
    }
    for (const Turn& t : turns) is_judged_by_model(t.message, t.kind.name);
  }
};

// By port, address, host and destination.
std::vector<Kind> Succession::every_way_of_asking() {
  const Make plain = plain_request().make;
  return {
      {"a request from port 67", plain, {.sport = std::uint16_t{67}}},
      {"a request from port 50000", plain, {.sport = std::uint16_t{50000}}},
      {"a request from an address", plain, {.ip_src = host_address(Segment::downlink0, 77)}},
      {"a request from another host", plain, {.eth_src = Mac("02:00:5e:0c:77:77")}},
      {"a request to the relay's address",
       plain,
       {.eth_dst = relay_mac(Segment::downlink0),
        .ip_dst = relay_address(Segment::downlink0),
        .ip_src = client.lease()}},
      {"a request to the subnet's broadcast address",
       plain,
       {.ip_dst = subnet_broadcast(Segment::downlink0), .ip_src = client.lease()}},
      {"a request of TTL 1", plain, {.ttl = std::uint8_t{1}}},
  };
}

std::vector<Kind> Succession::every_request() {
  const auto discover = [](const Message& over) -> Make {
    return [over](const Client& c) { return c.discover(over); };
  };
  const auto long_one = [](const Message& over) -> Make {
    return [over](const Client& c) { return c.discover(over).plus(enough()); };
  };
  std::vector<Kind> all = every_way_of_asking();
  const std::vector<Kind> odd = {
      {"a request of htype 6", discover({.htype = std::uint8_t{6}})},
      {"a request of htype 32 without a link address",
       discover({.htype = std::uint8_t{32}, .hlen = std::uint8_t{0}, .flags = broadcast_flag})},
      {"a request of hlen 0", discover({.hlen = std::uint8_t{0}})},
      {"a request of hlen 7", discover({.hlen = std::uint8_t{7}})},
      {"a request of hlen 255", discover({.hlen = std::uint8_t{255}})},
      {"a request with another cookie", discover({.cookie = Bytes{1, 2, 3, 4}})},
      {"a request of 236 octets",
       discover({.cookie = Bytes{}, .options = std::vector<Option>{}, .tail = Bytes{}})},
      {"a request of 238 octets",
       discover({.cookie = Bytes{99, 130}, .options = std::vector<Option>{}, .tail = Bytes{}})},
      {"a request of 240 octets", discover({.options = std::vector<Option>{}, .tail = Bytes{}})},
      {"a short request", discover({.tail = Bytes{code::end}})},
      {"a request without END", long_one({.tail = Bytes{}})},
      {"a request whose last option is cut off", long_one({.tail = cut_off})},
      {"a request with a code at its end", long_one({.tail = Bytes{code::message_type}})},
      {"a request with an empty option",
       discover({.options = {{option::type(Type::discover), option::of(code::host_name, {})}}})},
      {"a request of 1400 octets",
       [](const Client& c) {
         Message m = c.discover({.tail = Bytes{code::end}});
         for (std::uint8_t i = 0; i < 4; ++i) m = m.plus(option::of(224 + i, Bytes(250, i)));
         return m;
       }},
      {"a request of hops 1", discover({.hops = std::uint8_t{1}})},
      {"a request of hops 3", discover({.hops = std::uint8_t{3}})},
      {"a request of hops 16", discover({.hops = std::uint8_t{16}})},
      {"a request of hops 17", discover({.hops = std::uint8_t{17}})},
      {"a request of hops 255", discover({.hops = std::uint8_t{255}})},
      {"a request of another relay", discover({.hops = std::uint8_t{1}, .giaddr = other_relay()})},
      {"a request with the relay's own giaddr",
       discover({.hops = std::uint8_t{1}, .giaddr = relay_address(Segment::downlink0)})},
      {"a request with option 82",
       [](const Client& c) { return c.discover().plus(option::of(code::relay_agent, {1, 1, 'x'})); }},
      {"a BOOTP request", [](const Client& c) { return c.bootp(); }},
      {"an INFORM", [](const Client& c) { return c.inform(); }},
      {"a request of type 18", discover({.options = {{option::number(code::message_type, 18)}}})},
      {"a request with every flag", discover({.flags = std::uint16_t{0xffff}})},
      {"a request with full sname and file", discover({.sname = Bytes(64, 's'), .file = Bytes(128, 'f')})},
  };
  all.insert(all.end(), odd.begin(), odd.end());
  return all;
}

std::vector<Kind> Succession::every_reply() {
  const auto offer = [this](const Message& over) -> Make {
    return [this, over](const Client& c) { return server.offer(c, over); };
  };
  const auto flagged = [this](Message over) -> Make {
    over.flags = broadcast_flag;
    return [this, over](const Client& c) { return server.offer(c, over).plus(enough()); };
  };
  const Make plain = offer({});
  return {
      {"an OFFER by broadcast", flagged({})},
      {"a NAK", [this](const Client& c) { return server.nak(c, {.flags = broadcast_flag}); }},
      {"a NAK without the flag", [this](const Client& c) { return server.nak(c); }},
      {"an ACK to ciaddr",
       [this](const Client& c) { return server.ack(c, {.ciaddr = c.lease(), .yiaddr = Ipv4()}); }},
      {"a BOOTP reply", [this](const Client& c) { return server.bootp_reply(c); }},
      {"a reply with a foreign giaddr", flagged({.giaddr = other_relay()})},
      {"a reply without giaddr", flagged({.giaddr = Ipv4()})},
      {"a reply of hlen 0", flagged({.hlen = std::uint8_t{0}})},
      {"a reply of hlen 255", flagged({.hlen = std::uint8_t{255}})},
      {"a reply of htype 32 without a link address",
       flagged({.htype = std::uint8_t{32}, .hlen = std::uint8_t{0}, .chaddr = Bytes{}})},
      {"a reply with another cookie", flagged({.cookie = Bytes{1, 2, 3, 4}})},
      {"a reply of 236 octets",
       [this](const Client& c) {
         return without(server.offer(c, {.flags = broadcast_flag,
                                         .cookie = Bytes{},
                                         .options = std::vector<Option>{},
                                         .tail = Bytes{}}),
                        code::relay_agent);
       }},
      {"a short reply", offer({.flags = broadcast_flag, .tail = Bytes{code::end}})},
      {"a reply without END", flagged({.tail = Bytes{}})},
      {"a reply whose last option is cut off", flagged({.tail = cut_off})},
      {"a reply with a code at its end", flagged({.tail = Bytes{code::message_type}})},
      {"a reply without option 82",
       [this](const Client& c) { return without(server.offer(c), code::relay_agent); }},
      {"a reply of 1400 octets",
       [this](const Client& c) {
         Message m = server.offer(c, {.flags = broadcast_flag, .tail = Bytes{code::end}});
         for (std::uint8_t i = 0; i < 4; ++i) m = m.plus(option::of(224 + i, Bytes(250, i)));
         return m;
       }},
      {"a reply of hops 17", offer({.hops = std::uint8_t{17}})},
      {"a reply with every other flag", offer({.flags = std::uint16_t{0x7fff}})},
      {"a reply with full sname and file", offer({.sname = Bytes(64, 's'), .file = Bytes(128, 'f')})},
      {"a reply from port 68", plain, {.sport = std::uint16_t{68}}},
      {"a reply from port 50067", plain, {.sport = std::uint16_t{50067}}},
      {"a reply from another address", plain, {.ip_src = host_address(Segment::uplink, 66)}},
      {"a reply from another host", plain, {.eth_src = Mac("02:00:5e:0c:77:88")}},
      {"a reply to the relay's other address", plain, {.ip_dst = relay_address(Segment::uplink)}},
  };
}

// RFC 1542, section 4.1.1: whether and how a request is relayed says the request alone.
TEST_F(Succession, RequestAfterARequestIsRelayedAlike) {
  covers({"MALF-each-message-alone"});

  in_turns_with(plain_request(), every_request());
}

TEST_F(Succession, RequestAfterAReplyIsRelayedAlike) {
  covers({"MALF-each-message-alone"});

  in_turns_with(plain_reply(), every_request());
}

// RFC 1542, section 4.1.2: and what becomes of a reply says the reply alone.
TEST_F(Succession, ReplyAfterARequestIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC1542-4.1.2-uses-htype-hlen-chaddr"});

  in_turns_with(plain_request(), every_reply());
}

TEST_F(Succession, ReplyAfterAReplyIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC1542-4.1.2-uses-htype-hlen-chaddr"});

  in_turns_with(plain_reply(), every_reply());
}

// RFC 3046, section 2.1: option 82 comes and goes, and all of this stays as it is without.
class SuccessionWithOption82 : public Succession {
 protected:
  void relay_adds() { relay_with({.option82 = true}); }
};

TEST_F(SuccessionWithOption82, RequestAfterARequestIsRelayedAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-all-message-types"});
  relay_adds();

  in_turns_with(plain_request(), every_request());
}

TEST_F(SuccessionWithOption82, RequestAfterAReplyIsRelayedAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-all-message-types"});
  relay_adds();

  in_turns_with(plain_reply(), every_request());
}

TEST_F(SuccessionWithOption82, ReplyAfterARequestIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-strip-on-reply"});
  relay_adds();

  in_turns_with(plain_request(), every_reply());
}

TEST_F(SuccessionWithOption82, ReplyAfterAReplyIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-strip-on-reply"});
  relay_adds();

  in_turns_with(plain_reply(), every_reply());
}

// Where fields begin and end, up to the last octet of `file`.
constexpr std::size_t runts[] = {0,  1,  2,  4,  7,  8,  12,  16,  20,  24,  27,
                                 28, 34, 43, 44, 45, 64, 107, 108, 200, 234, 235};

class ShortMessagesInSuccession : public Succession {
 protected:
  /// Whole messages come out once each; nothing comes of the runts that follow them. One that comes again is
  /// a runt that has been filled up with its octets.
  void runts_behind_whole_messages() {
    a_second_copy_breaks("MALF-no-stale-data");
    for (const Kind& whole : {plain_request(), plain_reply()})
      for (const Kind& cut : {plain_request(), plain_reply()}) send_pairs(whole, cut);
    nothing_comes_out();
  }

 private:
  void send_pairs(const Kind& whole, const Kind& cut) {
    std::vector<std::pair<Client, Client>> pairs;
    for (std::size_t i = 0; i < std::size(runts); ++i) {
      Client one = client;
      one.use_xid(client.another().xid());
      pairs.emplace_back(client.another(), one);
      for (const Client& c : {pairs.back().first, pairs.back().second}) c.sends(c.discover());
    }
    for (const auto& [first, second] : pairs)
      for (const Client& c : {first, second}) server.gets(relayed(c.discover()));

    std::vector<std::pair<std::string, Message>> sent;
    for (std::size_t i = 0; i < std::size(runts); ++i) {
      const Message message = whole.make(pairs[i].first);
      const std::string what = std::to_string(runts[i]) + " octets of " + cut.name;
      sent.emplace_back(whole.name + " in front of " + what, message);
      message.op == boot_reply ? server.sends(message) : pairs[i].first.sends(message);
      Bytes octets = encode(cut.make(pairs[i].second));
      const bool reply = octets[0] == boot_reply;
      octets.resize(runts[i]);
      reply ? server.sends_octets(octets, what) : pairs[i].second.sends_octets(octets, what);
    }
    for (const auto& [name, m] : sent) is_judged_by_model(m, name);
  }
};

// A relay that takes no notice of how many octets have come reads on in those of the message before.
TEST_F(ShortMessagesInSuccession, AreNotCompletedFromTheMessageBefore) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-empty-udp"});

  runts_behind_whole_messages();
}

TEST_F(ShortMessagesInSuccession, AreNotCompletedFromTheMessageBeforeWithOption82) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-empty-udp"});
  relay_with({.option82 = true});

  runts_behind_whole_messages();
}

// RFC 1542, section 4.1.2: an answer goes to the client that it names, at port 68, from wherever the request
// came.
class RepliesInSuccession : public Succession {
 protected:
  void answers_to_requests_of_every_way() {
    for (const std::uint16_t flags : {std::uint16_t{0}, broadcast_flag}) {
      answers([&](const Client& c) { return server.offer(c, {.flags = flags}); });
      answers([&](const Client& c) { return server.nak(c, {.flags = flags}); });
    }
  }

 private:
  void answers(const Make& make) {
    std::vector<std::pair<std::string, Message>> sent;
    for (const Kind& kind : every_way_of_asking()) {
      Client one = client;
      one.use_xid(client.another().xid());
      const Message request = kind.make(one);
      one.sends(request, kind.over);
      if (server.may_get(relayed(request)) || !live()) sent.emplace_back(kind.name, make(one));
    }
    for (const auto& [name, m] : sent) server.sends(m);
    for (const auto& [name, m] : sent) is_judged_by_model(m, "an answer to " + name);
  }
};

TEST_F(RepliesInSuccession, ReachTheClientThatTheyName) {
  covers(
      {"RFC1542-4.1.2-uses-htype-hlen-chaddr", "RFC1542-4.1.2-dport-68", "RFC1542-4.1.2-unicast-delivery"});

  answers_to_requests_of_every_way();
}

TEST_F(RepliesInSuccession, ReachTheClientThatTheyNameWithOption82) {
  covers({"RFC1542-4.1.2-uses-htype-hlen-chaddr", "RFC1542-4.1.2-dport-68", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  answers_to_requests_of_every_way();
}

}  // namespace
}  // namespace relayspec
