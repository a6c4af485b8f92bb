// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/facts.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "harness/octets.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::size_t ethernet_header = 14, tag_size = 4, least_ip_header = 20, udp_header = 8;

}  // namespace

Ipv4 address_in(std::span<const std::uint8_t> octets) {
  std::uint32_t address = 0;  // in network order, as Ipv4 takes it
  std::memcpy(&address, octets.data(), sizeof address);
  return Ipv4(address);
}

Layers layers_of(std::span<const std::uint8_t> frame) {
  Layers l;
  std::size_t at = ethernet_header;
  if (frame.size() < at) return l;
  if (read16(frame, 12) == 0x8100 && frame.size() >= at + tag_size) {
    l.tagged = true;
    l.vlan = read16(frame, at) & 0x0fff;
    at += tag_size;
  }
  const auto ip = frame.subspan(at);
  if (read16(frame, at - 2) != 0x0800 || ip.size() < least_ip_header) return l;
  l.ipv4 = true;
  const std::size_t header = (ip[0] & 0x0fU) * 4U, total = read16(ip, 2);
  l.lengths_fit = ip[0] >> 4 == 4 && header >= least_ip_header && header <= ip.size() && total <= ip.size() &&
                  total >= header;
  l.has_options = header > least_ip_header;
  l.header_checksum_good =
      header <= ip.size() && ones_complement_sum(ip.first(std::max(header, least_ip_header))) == 0xffff;
  l.fragment = (read16(ip, 6) & 0x3fff) != 0;
  l.protocol = ip[9];
  if (!l.lengths_fit) return l;
  l.destination = address_in(ip.subspan(16, 4));
  l.segment_size = total - header;
  if (l.protocol == udp_protocol && l.segment_size >= udp_header) l.udp_length = read16(ip, header + 4);
  return l;
}

Facts::Facts(const World& w, const Memory& m, Segment s, std::span<const std::uint8_t> frame)
    : world(w), memory(m), segment(s), layers(layers_of(frame)), datagram(decode_udp(frame)) {
  if (!datagram || size() < 236) return;
  read_message();
}

Facts::Facts(const World& w, const Memory& m, Segment s, Datagram d)
    : world(w),
      memory(m),
      segment(s),
      layers{.ipv4 = true,
             .header_checksum_good = true,
             .lengths_fit = true,
             .protocol = udp_protocol,
             .segment_size = 8 + d.payload.size(),
             .destination = d.ip_dst,
             .udp_length = 8 + d.payload.size()},
      datagram(std::move(d)) {
  if (size() < 236) return;
  read_message();
}

void Facts::read_message() {
  message = decode(datagram->payload);
  options = options_of(datagram->payload);
  const auto value = option(code::message_type);
  if (value && value->size() == 1) type_ = value->front();
}

bool Facts::from_server() const {
  const auto& list = settings().server_list;
  if (!list.empty()) return std::find(list.begin(), list.end(), datagram->ip_src) != list.end();
  const auto n = world.topology.server_at(datagram->ip_src);
  return n && *n < settings().servers;
}

bool Facts::to_limited_broadcast() const { return datagram->ip_dst == all_hosts; }
bool Facts::to_directed_broadcast() const { return datagram->ip_dst == world.topology[segment].broadcast(); }

// RFC 1812, section 4.2.2.11, and RFC 1122, section 3.2.1.3.
bool Facts::impossible_source() const {
  const Ipv4 a = datagram->ip_src;
  return is_loopback(a) || is_of_no_host(a) || world.topology.is_directed_broadcast(a);
}

bool Facts::has(std::uint8_t c) const { return count(c) > 0; }

std::size_t Facts::count(std::uint8_t c) const {
  if (!options) return 0;
  return static_cast<std::size_t>(std::count_if(options->elements.begin(), options->elements.end(),
                                                [&](const Option& o) { return code_of(o) == c; }));
}

std::optional<Bytes> Facts::option(std::uint8_t c) const { return find_option(datagram->payload, c); }

bool Facts::truncated_option() const {
  if (!options || options->elements.empty()) return false;
  const Bytes& last = options->elements.back().wire;
  return last[0] != code::pad && last.size() >= 2 && last.size() < 2U + last[1];
}

bool Facts::code_without_length() const {
  if (!options || options->elements.empty()) return false;
  const Bytes& last = options->elements.back().wire;
  return last[0] != code::pad && last.size() == 1;
}

// Of those that relays look at, or that always have a value (RFC 2132).
bool Facts::empty_valued_option() const {
  if (!options) return false;
  constexpr std::uint8_t valued[] = {code::overload,         code::message_type, code::server_id,
                                     code::max_message_size, code::client_id,    code::host_name};
  return std::any_of(options->elements.begin(), options->elements.end(), [&](const Option& o) {
    return o.wire.size() == 2 &&
           std::find(std::begin(valued), std::end(valued), o.wire[0]) != std::end(valued);
  });
}

bool Facts::only_pads() const {
  return options && !options->elements.empty() &&
         std::all_of(options->elements.begin(), options->elements.end(),
                     [](const Option& o) { return code_of(o) == code::pad; });
}

// RFC 2132, section 9.3: 1, 2 or 3, and then the fields hold whole options that end.
bool Facts::bad_overload() const {
  const auto value = option(code::overload);
  if (!value) return false;
  if (value->size() != 1 || (*value)[0] < 1 || (*value)[0] > 3) return true;
  const auto ends = [](const Bytes& field) {
    for (std::size_t at = 0; at < field.size(); at += field[at] == code::pad  ? 1U
                                                      : at + 1 < field.size() ? 2U + field[at + 1]
                                                                              : 2U) {
      if (field[at] == code::end) return true;
    }
    return false;
  };
  return (((*value)[0] & 1) != 0 && !ends(*message->file)) ||
         (((*value)[0] & 2) != 0 && !ends(*message->sname));
}

bool Facts::overloaded_option82() const {
  const auto value = option(code::overload);
  if (!value || value->size() != 1) return false;
  const auto holds = [](const Bytes& field) {
    std::size_t at = 0;
    while (at < field.size() && field[at] != code::end) {
      if (field[at] == code::relay_agent) return true;
      at += field[at] == code::pad || at + 1 == field.size() ? 1U : 2U + field[at + 1];
    }
    return false;
  };
  return (((*value)[0] & 1) != 0 && holds(*message->file)) ||
         (((*value)[0] & 2) != 0 && holds(*message->sname));
}

bool Facts::pads_between() const {
  return options && std::any_of(options->elements.begin(), options->elements.end(),
                                [](const Option& o) { return code_of(o) == code::pad; });
}

bool Facts::split_option() const {
  if (!options) return false;
  return std::any_of(options->elements.begin(), options->elements.end(), [&](const Option& o) {
    return code_of(o) != code::pad && code_of(o) != code::relay_agent && count(code_of(o)) > 1;
  });
}

bool Facts::names_unknown_server() const {
  const auto id = option(code::server_id);
  if (!id || id->size() != 4) return false;
  const Ipv4 a = address_in(*id);
  const auto n = world.topology.server_at(a);
  return !world.is_relays(a) && !(n && *n < settings().servers);
}

bool Facts::broken_option82() const {
  const auto content = option(code::relay_agent);
  if (!content) return false;
  std::size_t at = 0;
  while (at + 2 <= content->size() && at + 2 + (*content)[at + 1] <= content->size())
    at += 2U + (*content)[at + 1];
  return at != content->size() || content->empty();
}

const Row* first_that_applies(std::span<const Row> rows, const Facts& f) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.applies(f); });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace relayspec::dhcp4
