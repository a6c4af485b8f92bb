// SPDX-License-Identifier: Apache-2.0
// The exchange that serves as a barrier: a DISCOVER and an OFFER with the options that the cases' plain
// messages have, so that what a relay does to every message shows in it.
#include <algorithm>

#include "harness/dhcp4/protocol.h"
#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint32_t xid_prefix = 0xa7'00'00'00, scramble = 0x3c'5a'69, low_octets = 0xff'ff'ff;

std::uint32_t xid_for(std::uint32_t number) { return xid_prefix | ((number ^ scramble) & low_octets); }

std::optional<std::uint32_t> number_in(std::uint32_t xid) {
  if ((xid & ~low_octets) != xid_prefix) return std::nullopt;
  return (xid & low_octets) ^ scramble;
}

Mac barrier_mac(Segment downlink) {
  return Mac(downlink == Segment::downlink0 ? "02:00:5e:0f:00:01" : "02:00:5e:0f:01:01");
}

// A relay may wait for some seconds of itself, and for as many as it is set to. One that cannot read more
// than an octet of them relays other messages all the same.
constexpr unsigned plain_secs = 0xff;

Message request(std::uint32_t xid, Segment downlink, bool broadcast, std::uint16_t secs) {
  const Mac mac = barrier_mac(downlink);
  Bytes client_id{1};
  client_id.insert(client_id.end(), mac.begin(), mac.end());
  return {.xid = xid,
          .secs = secs,
          .flags = broadcast ? broadcast_flag : std::uint16_t{0},
          .chaddr = Bytes(mac.begin(), mac.end()),
          .options = {{option::type(Type::discover), option::of(code::client_id, client_id),
                       option::of(code::parameter_list, {1, 3, 6, 51})}}};
}

// A relay that corrupts op relays the message all the same, so where it came out says more than op does.
Protocol::Half half_of(const Bytes& message, Segment s) {
  if (s == Segment::uplink) return has_yiaddr(message) ? Protocol::Half::stray : Protocol::Half::request;
  return message[0] == boot_reply || has_yiaddr(message) ? Protocol::Half::reply : Protocol::Half::stray;
}

}  // namespace

Outgoing Protocol4::barrier_request(std::uint32_t number, Segment downlink, unsigned form) const {
  const auto secs =
      static_cast<std::uint16_t>(std::max(plain_secs, model_.world().settings.min_secs.value_or(0)));
  return {downlink, encode_udp({.eth_dst = Mac::broadcast,
                                .eth_src = barrier_mac(downlink),
                                .ip_dst = Ipv4("255.255.255.255"),
                                .ip_src = Ipv4("0.0.0.0"),
                                .sport = std::uint16_t{68},
                                .dport = std::uint16_t{67}},
                               encode(request(xid_for(number), downlink, form == 0, secs)))};
}

// Recognized on every segment and with any difference: by its xid, or, where a relay has corrupted that, by
// its client. What is wrong with it is a matter for the cases.
std::optional<Protocol::BarrierSight> Protocol4::barrier(const Sighting& s) const {
  if (!s.whole() || !s.key) return std::nullopt;
  const Bytes& message = datagram_of(s).payload;
  BarrierSight sight{.number = number_in(*s.key)};
  if (!sight.number) {
    if (message.size() < 34) return std::nullopt;
    const Mac client(message.data() + 28);
    const auto* const from = std::find_if(std::begin(all_downlinks), std::end(all_downlinks),
                                          [&](Segment d) { return client == barrier_mac(d); });
    if (from == std::end(all_downlinks)) return std::nullopt;
    sight.downlink = *from;
  }
  sight.half = half_of(message, s.segment);
  return sight;
}

// To giaddr, as a server sends it; if giaddr is not of this network, to where it should have been: a relay
// delivers by giaddr, and is right to.
Outgoing Protocol4::barrier_answer(const Outgoing& sent, const Sighting& relayed) {
  const World& world = model_.world();
  const Datagram& came = datagram_of(relayed);
  const Segment downlink = sent.segment;
  const Message asked = decode(decode_udp(sent.frame)->payload);
  const auto mac = barrier_mac(downlink);
  const std::size_t number = world.topology.server_at(came.ip_dst).value_or(0);
  const Host& server = world.topology.servers[number];
  Message reply{.op = boot_reply,
                .xid = asked.xid,
                .flags = asked.flags,
                .yiaddr = world.topology.host(downlink, 250),
                .giaddr = world.giaddr_of_answer(relayspec::giaddr_of(came.payload), downlink),
                .chaddr = Bytes(mac.begin(), mac.end()),
                .options = {{option::type(Type::offer), option::address(code::server_id, server.ipv4),
                             option::number32(code::lease_time, 3600),
                             option::address(code::subnet_mask, world.topology[downlink].netmask()),
                             option::address(code::router, world.topology[downlink].relay.ipv4),
                             option::address(code::dns, server.ipv4)}}};
  memory_.note_sent(encode(asked), downlink);
  const ExchangeKey key = exchange_of(asked);
  memory_.note_received(key, came.payload, world.settings.vss.empty(), number);
  if (const auto echo = memory_.echo(key)) reply = reply.plus(option::of(code::relay_agent, *echo));
  plain_answer_ = {Segment::uplink, encode_udp({.eth_dst = world.topology[Segment::uplink].relay.mac,
                                                .eth_src = server.mac,
                                                .ip_dst = *reply.giaddr,
                                                .ip_src = server.ipv4,
                                                .sport = std::uint16_t{67},
                                                .dport = world.port_towards_servers()},
                                               encode(reply))};
  return *plain_answer_;
}

std::vector<Difference> Protocol4::barrier_differences(const Outgoing& sent, const Sighting& came) const {
  const Message message = decode(decode_udp(sent.frame)->payload);
  const Datagram& datagram = datagram_of(came);
  if (sent.segment == Segment::uplink) {
    return compare(model_.expected(model_.delivered(message, memory_), came.segment), datagram);
  }
  // Whichever server it has come to.
  Expected e = model_.expected(model_.relayed(message, sent.segment, memory_), 0);
  for (const Host& server : model_.world().topology.servers) e.forms.push_back({server.mac, server.ipv4});
  // Others of the list need not be hosts at all.
  const auto& list = model_.world().settings.server_list;
  if (std::find(list.begin(), list.end(), datagram.ip_dst) != list.end())
    e.forms.push_back({datagram.eth_dst, datagram.ip_dst});
  return compare(e, datagram);
}

}  // namespace relayspec::dhcp4
