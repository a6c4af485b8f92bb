// SPDX-License-Identifier: Apache-2.0
// The plain messages that stimuli are made from, as clients and servers send them (RFC 2131, tables 3 and 5).
#include <algorithm>

#include "harness/live/edits.h"

namespace relayspec::live {
namespace {

constexpr std::uint16_t server_port = 67, client_port = 68;
constexpr std::uint8_t type_forcerenew = 9;

Option client_id(const Sender& s) {
  Bytes data{1};
  data.insert(data.end(), s.mac.begin(), s.mac.end());
  return option::of(code::client_id, data);
}

// In the dialect `proxy` clients know the server by the relay's address.
Option chosen_server(const Stimulus& s, const dhcp4::World& world) {
  const bool proxy = world.dialect == Dialect::proxy;
  return option::address(code::server_id,
                         proxy ? world.proxy_id(s.downlink) : world.topology.servers[0].ipv4);
}

Message request(const Stimulus& s, const Sender& by, const dhcp4::World& world) {
  const Option wish = option::address(code::requested_address, by.lease);
  const Option parameters = option::of(code::parameter_list, {1, 3, 6, 51});
  Message m{.xid = by.xid, .secs = 3, .chaddr = Bytes(by.mac.begin(), by.mac.end())};
  switch (s.base) {
    case Base::selecting:
      m.options = {{option::type(Type::request), client_id(by), wish, chosen_server(s, world), parameters}};
      break;
    case Base::init_reboot:
      m.options = {{option::type(Type::request), client_id(by), wish}};
      break;
    case Base::renewing:
      m.ciaddr = by.lease;
      m.options = {{option::type(Type::request), client_id(by)}};
      break;
    case Base::decline:
      m.options = {{option::type(Type::decline), client_id(by), wish, chosen_server(s, world)}};
      break;
    case Base::release:
      m.ciaddr = by.lease;
      m.options = {{option::type(Type::release), client_id(by), chosen_server(s, world)}};
      break;
    case Base::inform:
      m.ciaddr = by.lease;
      m.options = {{option::type(Type::inform), client_id(by), parameters}};
      break;
    case Base::bootp_request:
      m.options = {{option::address(code::subnet_mask, Ipv4("255.255.255.0"))}};
      break;
    default:
      m.options = {{option::type(Type::discover), client_id(by), parameters}};
  }
  return m;
}

// What a server's message answers.
Base asked_by(Base reply) {
  switch (reply) {
    case Base::ack:
    case Base::nak:
      return Base::selecting;
    case Base::ack_to_inform:
      return Base::inform;
    case Base::bootp_reply:
      return Base::bootp_request;
    default:
      return Base::discover;
  }
}

Option type_of_reply(Base b) {
  if (b == Base::forcerenew) return option::number(code::message_type, type_forcerenew);
  return option::type(b == Base::offer ? Type::offer : b == Base::nak ? Type::nak : Type::ack);
}

Message reply(const Stimulus& s, const Sender& to, const dhcp4::World& world, const dhcp4::Memory& memory) {
  const Network& network = world.topology[s.downlink];
  const Host& server = world.topology.servers[0];
  const dhcp4::ExchangeKey key{to.xid, to.mac};
  Message m{.op = boot_reply,
            .xid = to.xid,
            .giaddr = world.giaddr_of_answer(memory.giaddr(key), s.downlink),
            .chaddr = Bytes(to.mac.begin(), to.mac.end())};
  const bool bootp = s.base == Base::bootp_reply, bare = s.base == Base::nak || s.base == Base::forcerenew;
  if (s.base == Base::ack_to_inform || s.base == Base::forcerenew)
    m.ciaddr = to.lease;
  else if (s.base != Base::nak)
    m.yiaddr = to.lease;
  std::vector<Option> options;
  if (!bootp) options = {type_of_reply(s.base), option::address(code::server_id, server.ipv4)};
  if (!bootp && !bare) options.push_back(option::number32(code::lease_time, 3600));
  if (!bare) {
    options.push_back(option::address(code::subnet_mask, network.netmask()));
    options.push_back(option::address(code::router, network.relay.ipv4));
  }
  // RFC 3046, section 2.2: a server returns option 82 as it got it.
  if (const auto echo = memory.echo(key)) options.push_back(option::of(code::relay_agent, *echo));
  m.options = std::move(options);
  return m;
}

Envelope from_client(const Sender& s) {
  return {.eth_dst = Mac::broadcast,
          .eth_src = s.mac,
          .ip_dst = Ipv4("255.255.255.255"),
          .ip_src = Ipv4("0.0.0.0"),
          .sport = client_port,
          .dport = server_port};
}

Envelope from_server(const Stimulus& s, const dhcp4::World& world, const Message& reply) {
  const Host& server = world.topology.servers[0];
  const Ipv4 to = reply.giaddr.value_or(Ipv4());
  return {.eth_dst = world.topology[Segment::uplink].relay.mac,
          .eth_src = server.mac,
          .ip_dst = world.is_relays(to) ? to : world.giaddr_of(s.downlink),
          .ip_src = server.ipv4,
          .sport = server_port,
          .dport = world.port_towards_servers()};
}

void apply(Draft& d, Stage stage) {
  for (const Edit& e : d.stimulus.edits) {
    const EditKind& kind = edit_kinds()[e.kind];
    if (kind.stage == stage) kind.apply(d, e.value);
  }
}

}  // namespace

namespace {

Mac mac_of(std::size_t network, std::uint64_t number) {
  const std::uint8_t octets[] = {
      0x02, 0x00, 0x5e, 0x0d, static_cast<std::uint8_t>(network), static_cast<std::uint8_t>(number % 64)};
  return Mac(octets);
}

}  // namespace

Sender::Sender(std::uint64_t number, Segment downlink, const Topology& topology)
    : xid(0x6c00'0000U | static_cast<std::uint32_t>(number * 0x01'02'03 & 0xff'ff'ff)),
      mac(mac_of(index(downlink), number)),
      lease(topology.host(downlink, static_cast<std::uint8_t>(100 + number % 64))) {}

Bytes request_before(const Stimulus& s, const Sender& sender, const dhcp4::World& world) {
  const Stimulus plain{.downlink = s.downlink, .base = asked_by(s.base)};
  return encode_udp(from_client(sender), encode(request(plain, sender, world)));
}

Bytes frame_of(const Stimulus& s, const Sender& sender, const dhcp4::World& world,
               const dhcp4::Memory& memory) {
  Draft d{.world = world, .stimulus = s, .sender = sender};
  const bool answer = is_answer(s.base);
  d.message = answer ? reply(s, sender, world, memory) : request(s, sender, world);
  apply(d, Stage::message);
  // By a giaddr that was edited; a destination that was is set below.
  d.envelope = answer ? from_server(s, world, d.message) : from_client(sender);
  d.octets = encode(d.message);
  apply(d, Stage::octets);
  apply(d, Stage::envelope);
  d.frame = encode_udp(d.envelope, d.octets);
  apply(d, Stage::frame);
  // What a link with an MTU of 1500 carries; a tag is not counted.
  constexpr std::size_t longest = 1514, tag = 4;
  const bool tagged = d.frame[12] == 0x81 && d.frame[13] == 0;
  d.frame.resize(std::min(d.frame.size(), longest + (tagged ? tag : 0)));
  return d.frame;
}

}  // namespace relayspec::live
