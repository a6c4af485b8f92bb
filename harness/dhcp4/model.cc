// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/model.h"

#include <algorithm>

#include "harness/dhcp4/facts.h"
#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {
namespace {

std::span<const Row> rows_of(const Facts& f) { return f.from_client() ? request_rows() : reply_rows(); }

// The rows of the link, network and transport layers come first: what no host takes in reaches no relay.
Outcome decide(const Facts& f) {
  const Row* row = first_that_applies(frame_rows(), f);
  if (row == nullptr) row = first_that_applies(rows_of(f), f);
  return {.fate = row->fate,
          .rule = row->rule,
          .routed = row->fate != Fate::must_not_come && f.layers.ipv4 && f.in_transit()};
}

std::vector<std::string> rules_due(const Facts& f, Fate fate) {
  std::vector<std::string> all;
  if (fate == Fate::must_not_come || first_that_applies(frame_rows(), f) != nullptr) return all;
  for (const Row& row : rows_of(f)) {
    if (row.fate == Fate::must_come && row.applies(f)) all.emplace_back(row.rule);
  }
  return all;
}

std::vector<Ipv4> addresses(const std::vector<World::FurtherAddress>& all) {
  std::vector<Ipv4> out;
  for (const auto& f : all) out.push_back(f.address);
  return out;
}

}  // namespace

bool World::is_relays(Ipv4 a) const {
  if (lost_addresses.contains(a)) return false;
  return owner_of(a).has_value();
}

std::optional<Segment> World::owner_of(Ipv4 a) const {
  const auto further = std::find_if(further_addresses.begin(), further_addresses.end(),
                                    [&](const FurtherAddress& f) { return f.address == a; });
  return further == further_addresses.end() ? topology.owner_of(a) : further->segment;
}

bool World::is_unnumbered(Segment s) const {
  return lost_addresses.contains(topology[s].relay.ipv4) &&
         std::none_of(further_addresses.begin(), further_addresses.end(),
                      [&](const FurtherAddress& f) { return f.segment == s; });
}

Ipv4 World::giaddr_of(Segment downlink) const {
  if (settings.giaddr) return *settings.giaddr;
  // RFC 3527, section 3: with link selection giaddr is free to be where the servers reach the relay best.
  return topology[settings.link_selection ? Segment::uplink : downlink].relay.ipv4;
}

Ipv4 World::proxy_id(Segment downlink) const {
  return proxy_is_giaddr ? giaddr_of(downlink) : topology[Segment::uplink].relay.ipv4;
}

Ipv4 World::giaddr_of_answer(std::optional<Ipv4> got, Segment downlink) const {
  const auto owner = got ? owner_of(*got) : std::nullopt;
  const bool shared = settings.link_selection || settings.giaddr;
  return owner && (owner == downlink || (shared && owner == Segment::uplink)) ? *got : giaddr_of(downlink);
}

std::uint16_t World::port_towards_servers() const {
  return static_cast<std::uint16_t>(settings.source_port.value_or(67));
}

std::size_t World::request_copies() const {
  return settings.server_list.empty() ? settings.servers : settings.server_list.size();
}

// An address that several networks share says nothing of which one it is (RFC 3527, section 3).
std::vector<Segment> Model::networks_of(const Message& reply, const Memory& memory) const {
  const Ipv4 giaddr = reply.giaddr.value_or(Ipv4());
  const auto owner = world_.owner_of(giaddr);
  if (owner && *owner != Segment::uplink && giaddr != world_.settings.giaddr) return {*owner};
  if (const auto asked = memory.asked_on(exchange_of(reply))) return {*asked};
  if (world_.settings.downlinks == 1) return {Segment::downlink0};
  return {Segment::downlink0, Segment::downlink1};
}

Outcome Model::fate(Segment segment, std::span<const std::uint8_t> frame, const Memory& memory) const {
  const Facts f(world_, memory, segment, frame);
  Outcome out = fate(f);
  out.due_by = rules_due(f, out.fate);
  return out;
}

Outcome Model::fate(const Facts& f) const { return decide(f); }

Outcome Model::outcome(Segment segment, std::span<const std::uint8_t> frame, const Memory& memory) const {
  const Facts f(world_, memory, segment, frame);
  Outcome out = outcome(f);
  out.due_by = rules_due(f, out.fate);
  return out;
}

Outcome Model::outcome(const Facts& f) const {
  const Memory& memory = f.memory;
  const Segment segment = f.segment;
  Outcome out = decide(f);
  if (!f.message || out.routed || out.fate == Fate::must_not_come) return out;
  if (f.from_client()) {
    const Relayed r = relayed(*f.message, segment, memory);
    for (std::size_t n = 0; n < world_.settings.servers && world_.settings.server_list.empty(); ++n)
      out.copies.push_back(expected(r, n));
    for (const Ipv4 server : world_.settings.server_list) {
      if (const auto n = world_.topology.server_at(server)) out.copies.push_back(expected(r, *n));
    }
  } else {
    const Delivered d = delivered(*f.message, memory);
    for (const Segment downlink : networks_of(*f.message, memory))
      out.copies.push_back(expected(d, downlink));
    out.on_any = out.copies.size() > 1;
  }
  for (Expected& e : out.copies) e.checksum_optional = f.datagram->udp_checksum == Checksum::absent;
  return out;
}

Expected Model::expected(const Relayed& r, std::size_t server) const {
  const Host& host = world_.topology.servers[server];
  return {.direction = Direction::request,
          .segment = Segment::uplink,
          .message = encode(r.message),
          .forms = {{host.mac, host.ipv4}},
          .adds_option82 = r.adds_option82,
          .option82_optional = r.option82_optional,
          .sport = r.any_port ? std::nullopt : std::optional(world_.port_towards_servers()),
          .checksum_optional = r.checksum_optional,
          .option82 = r.rules.added.empty() ? option82_rules(Direction::request) : r.rules,
          .replaced = r.replaced,
          .server_id_rule = r.server_id_rule,
          .giaddr_rule = r.giaddr_rule,
          .further_giaddrs = r.further_giaddrs,
          .topology = world_.topology,
          .further_addresses = addresses(world_.further_addresses)};
}

Expected Model::expected(const Delivered& d, Segment downlink) const {
  const Ipv4 none;
  Expected e{.direction = Direction::reply,
             .segment = downlink,
             .message = encode(d.message),
             .option82_optional = d.option82_optional,
             .strips_option82 = d.strips_option82,
             .broadcast_only = world_.dialect == Dialect::proxy && d.by == Delivered::By::broadcast,
             .checksum_optional = d.checksum_optional,
             .option82 = d.rules.added.empty() ? option82_rules(Direction::reply) : d.rules,
             .server_id_rule = d.server_id_rule,
             .echo = d.echo,
             .topology = world_.topology,
             .further_addresses = addresses(world_.further_addresses)};
  for (const auto& further : world_.further_addresses) {
    if (further.segment != downlink) e.of_other_links.push_back(further.address);
  }
  const Ipv4 yiaddr = d.message.yiaddr.value_or(none), ciaddr = d.message.ciaddr.value_or(none);
  const Ipv4 to = yiaddr != none ? yiaddr : ciaddr;
  const Form broadcast{Mac::broadcast, all_hosts};
  const Form unicast{Mac(e.message.data() + 28), to};
  const bool flag = (d.message.flags.value_or(0) & broadcast_flag) != 0;
  // RFC 951, section 3: an address of another length is none that an Ethernet frame can go to.
  constexpr std::size_t hlen = 2;
  const bool has_link_address = e.message[hlen] == Mac::address_size;
  switch (d.by) {
    case Delivered::By::unicast:
      e.forms = {unicast};
      break;
    case Delivered::By::broadcast:
      e.forms = {broadcast};
      break;
    case Delivered::By::either:
      e.forms =
          flag || to == none || !has_link_address ? std::vector{broadcast} : std::vector{unicast, broadcast};
  }
  // RFC 2131, section 3.2 wants a NAK at the client's link address, section 4.3.2 broadcast: both.
  if (has_link_address &&
      find_option(e.message, code::message_type) == Bytes{static_cast<std::uint8_t>(Type::nak)})
    e.forms.push_back({unicast.eth_dst, all_hosts});
  return e;
}

Expected Model::routed(const Bytes& message, const Envelope& sent, Segment to, const Mac& receiver) const {
  return {.direction = to == Segment::uplink ? Direction::request : Direction::reply,
          .segment = to,
          .message = message,
          .forms = {{receiver, *sent.ip_dst}},
          .transit = sent,
          .topology = world_.topology};
}

}  // namespace relayspec::dhcp4
