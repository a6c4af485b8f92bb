// SPDX-License-Identifier: Apache-2.0
#include "harness/live/left_open.h"

#include <algorithm>

namespace relayspec::live {
namespace {

using dhcp4::Fate;
using Octets = std::span<const std::uint8_t>;

// Whole, there once, and no option is cut off.
bool is_clear(Octets message, std::uint8_t c, std::size_t size) {
  const auto area = options_of(message);
  if (!area) return false;
  std::size_t instances = 0;
  for (const Option& o : area->elements) {
    // What is cut off may be an authentication, of which nothing is to be changed (RFC 3118, section 3).
    if (is_cut_off(o)) return false;
    if (code_of(o) != c) continue;
    ++instances;
    if (o.wire.size() != 2 + size || o.wire[1] != size) return false;
  }
  return instances == 1;
}

// The dialect `proxy` says what becomes of a Server Identifier of four octets in a message of one type; with
// another length, or of no one type, it says nothing.
bool is_open_server_id(const Difference& d, const dhcp4::World& world, Octets sent) {
  if (world.dialect != Dialect::proxy || d.field != option_name(code::server_id)) return false;
  if (!is_clear(sent, code::message_type, 1) || !is_clear(sent, code::server_id, 4)) return true;
  const auto type = find_option(sent, code::message_type);
  const auto is = [&](Type t) { return (*type)[0] == static_cast<std::uint8_t>(t); };
  return d.kind.starts_with("request") && !is(Type::request) && !is(Type::decline) && !is(Type::release);
}

// Of several servers the relay knows the chosen one by the lease: of a client that has been offered the
// address, for that address.
bool is_of_unknown_server(const dhcp4::Facts& f) {
  if (!f.proxy() || !f.from_client() || f.world.request_copies() < 2 || !f.has(code::server_id)) return false;
  if (!f.ethernet()) return true;
  // RFC 2131, table 5: a RELEASE names the address in ciaddr, others in option 50, in none both.
  const auto wish = f.option(code::requested_address);
  const Ipv4 ciaddr = *f.message->ciaddr;
  const bool by_ciaddr = f.is(Type::release) || (ciaddr != Ipv4() && !wish);
  if (by_ciaddr) return !f.memory.was_offered(f.key(), ciaddr);
  return ciaddr != Ipv4() || !wish || wish->size() != 4 ||
         !f.memory.was_offered(f.key(), dhcp4::address_in(*wish));
}

// RFC 3046, section 3.1, has the circuit id name the network of a reply, RFC 1542, section 4.1.2, giaddr.
// Where the option is not what the relay has sent from the network of giaddr, they may name two.
bool may_be_of_another_circuit(const dhcp4::Facts& f) {
  if (f.from_client() || !f.adds_option82() || !f.has(code::relay_agent)) return false;
  const auto owner = f.world.owner_of(f.giaddr());
  const bool names_network =
      owner && *owner != Segment::uplink && f.giaddr() != f.settings().giaddr && !f.settings().link_selection;
  return f.option(code::relay_agent) != f.memory.echo(f.key()) ||
         (names_network && f.memory.asked_on(f.key()) != owner);
}

// One of another element, that says nothing, beside the relay's own: which of both goes and what is left.
bool is_open_echo(const Difference& d, const dhcp4::World& world, Octets sent) {
  const auto area = options_of(sent);
  if (world.settings.trusted_downlinks.empty() || !area || !d.kind.starts_with("reply option 82"))
    return false;
  return std::any_of(area->elements.begin(), area->elements.end(),
                     [](const Option& o) { return code_of(o) == code::relay_agent && o.wire.size() == 2; });
}

// RFC 3046, section 2.1, has the echoed option removed. A server that has received none echoes none; and of
// an exchange that nobody knows nothing says, on a trusted circuit, who has added it.
bool is_of_the_server(const Difference& d, const dhcp4::World& world, const dhcp4::Memory& memory,
                      Octets sent) {
  const auto key = dhcp4::exchange_of(sent);
  if (!d.kind.starts_with("reply option 82") || !key) return false;
  // Nor of what the end of the message cuts off.
  const auto area = options_of(sent);
  const bool trusts = !world.settings.trusted_downlinks.empty();
  const bool cut_off = area && std::ranges::any_of(area->elements, [](const Option& o) {
                         return code_of(o) == code::relay_agent && (o.wire.size() < 2 || is_cut_off(o));
                       });
  if (trusts && cut_off) return true;
  return memory.received_without_option82(*key) || (trusts && !memory.echo(*key));
}

// RFC 3203, section 2.2: a FORCERENEW is unicast to a client that has its address.
bool is_forcerenew(Octets sent) {
  constexpr std::uint8_t forcerenew = 9;
  return find_option(sent, code::message_type) == Bytes{forcerenew};
}

// RFC 1542, section 4.1.2, sends a reply to yiaddr at chaddr: where either is no client's address, as zero, a
// group's, all hosts' or the relay's is, nothing says where it goes.
bool is_open_destination(const Difference& d, const Expected& e, const dhcp4::World& world) {
  if (e.direction != Direction::reply || d.field != "destination") return false;
  const Mac& address = e.forms.front().eth_dst;
  const Ipv4 to = e.forms.front().ip_dst;
  if (to == dhcp4::all_hosts) return false;
  return address == Mac() || (*address.begin() & 1) != 0 || dhcp4::is_of_no_host(to) ||
         dhcp4::is_loopback(to) || world.is_relays(to) || world.topology.is_directed_broadcast(to);
}

}  // namespace

void leave_open(dhcp4::Outcome& o, const dhcp4::Facts& f, const dhcp4::Model& model) {
  // A router looks at the IP header alone (RFC 1812, section 5.2.2).
  if (!f.datagram && f.layers.ipv4 && f.layers.lengths_fit && f.layers.header_checksum_good &&
      f.in_transit()) {
    o.fate = Fate::may_come;
    o.routed = true;
  }
  if (!f.message || o.fate == Fate::must_not_come || o.routed) return;
  if (o.fate == Fate::must_come && is_of_unknown_server(f)) o.fate = Fate::may_come;
  if (!may_be_of_another_circuit(f)) return;
  o.fate = Fate::may_come;
  o.on_any = true;
  o.copies.clear();
  for (std::size_t i = 0; i < f.settings().downlinks; ++i)
    o.copies.push_back(model.expected(model.delivered(*f.message, f.memory), all_downlinks[i]));
  for (Expected& e : o.copies) e.checksum_optional = f.datagram->udp_checksum == Checksum::absent;
}

bool is_left_open(const Difference& d, const Expected& e, const dhcp4::World& world,
                  const dhcp4::Memory& memory, Octets sent) {
  return is_open_server_id(d, world, sent) || is_open_echo(d, world, sent) ||
         is_of_the_server(d, world, memory, sent) || is_open_destination(d, e, world) ||
         (is_forcerenew(sent) && d.field == "destination");
}

}  // namespace relayspec::live
