// SPDX-License-Identifier: Apache-2.0
// One message right behind another: what a relay keeps of a message, by mistake or by design, changes nothing
// of the next one. Each row of these tables is judged by what it is alone.
#include "succession.h"

#include <string>
#include <utility>
#include <vector>

#include "batches.h"

namespace relayspec {
namespace {

// Makes a message so long that no relay fills it up, and not so long that there is no room for option 82.
Option enough() { return option::of(224, Bytes(50, 0x24)); }
const Bytes cut_off{code::host_name, 200, 'a', 'b'};

}  // namespace

Succession::Kind Succession::plain_request() {
  return {"a DISCOVER", [](const Client& c) { return c.discover(); }};
}

Succession::Kind Succession::plain_reply() {
  return {"an OFFER", [this](const Client& c) { return server.offer(c); }};
}

void Succession::in_turns_with(const Kind& other, const std::vector<Kind>& all) {
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

void Succession::send_in_turn(const std::vector<Kind>& kinds) {
  struct Turn {
    Kind kind;
    Client client;
    Message message;
  };
  std::vector<Turn> turns;
  for (const Kind& kind : kinds) {
    const Client one = client.with_new_xid();
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

std::vector<Succession::Kind> Succession::every_way_of_asking() {
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

std::vector<Succession::Kind> Succession::every_request() {
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

std::vector<Succession::Kind> Succession::every_reply() {
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

namespace {

// RFC 1542, section 4.1.1: whether and how a request is relayed depends on that request alone.
TEST_F(Succession, RequestAfterARequestIsRelayedAlike) {
  covers({"MALF-each-message-alone"});

  in_turns_with(plain_request(), every_request());
}

TEST_F(Succession, RequestAfterAReplyIsRelayedAlike) {
  covers({"MALF-each-message-alone"});

  in_turns_with(plain_reply(), every_request());
}

// RFC 1542, section 4.1.2: what is done with a reply depends on that reply alone.
TEST_F(Succession, ReplyAfterARequestIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC1542-4.1.2-uses-htype-hlen-chaddr"});

  in_turns_with(plain_request(), every_reply());
}

TEST_F(Succession, ReplyAfterAReplyIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC1542-4.1.2-uses-htype-hlen-chaddr"});

  in_turns_with(plain_reply(), every_reply());
}

}  // namespace
}  // namespace relayspec
