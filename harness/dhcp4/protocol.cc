// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/protocol.h"

#include <fmt/format.h>
#include <tins/tins.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "harness/dhcp4/facts.h"
#include "harness/octets.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint16_t ipv4_type = 0x0800, arp_type = 0x0806, tagged_type = 0x8100;

std::uint16_t ethertype(const Bytes& frame) { return frame.size() < 14 ? 0 : read16(frame, 12); }

// An IPv4 packet whose datagram could not be read, a fragment or with broken lengths, yet of UDP: it may be a
// part of a message.
bool is_broken_udp(const Bytes& frame) {
  return frame.size() >= 34 && ethertype(frame) == ipv4_type && frame[23] == udp_protocol;
}

// RFC 792: where an ICMP message says that nobody listens, by the headers of the datagram that it quotes.
std::optional<std::pair<Ipv4, std::uint16_t>> refused_by(const Bytes& frame) {
  constexpr std::size_t ip = 14, least = ip + 20 + 8 + 20 + 4;
  constexpr std::uint8_t icmp_protocol = 1;
  if (frame.size() < least || ethertype(frame) != ipv4_type || frame[ip + 9] != icmp_protocol) return {};
  const std::size_t icmp = ip + 4U * (frame[ip] & 0x0f), quoted = icmp + 8;
  if (frame.size() < quoted + 20 || frame[icmp] != 3 || frame[icmp + 1] != 3) return {};
  const std::size_t udp = quoted + 4U * (frame[quoted] & 0x0f);
  if (frame.size() < udp + 4 || frame[quoted + 9] != udp_protocol) return {};
  std::uint32_t address = 0;  // in network order, as Ipv4 takes it
  std::memcpy(&address, &frame[quoted + 16], sizeof address);
  return std::pair(Ipv4(address), read16(frame, udp + 2));
}

bool is_dhcp_port(std::uint16_t port) { return port == 67 || port == 68; }

// Their link addresses, and so the chaddr of their messages, begin alike.
bool is_of_a_played_client(const Bytes& message) {
  constexpr std::size_t chaddr = 28;
  constexpr std::array<std::uint8_t, 3> prefix{0x02, 0x00, 0x5e};
  return message.size() >= chaddr + prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), &message[chaddr]);
}

Sighting sighting_of(Datagram d) {
  Sighting s;
  s.key = xid_of(d.payload);
  s.of_protocol = is_dhcp_port(d.sport) || is_dhcp_port(d.dport);
  s.packet = std::move(d);
  return s;
}

}  // namespace

bool has_broadcast_flag(std::span<const std::uint8_t> message) {
  return message.size() > 10 && (message[10] & 0x80) != 0;
}

bool has_yiaddr(std::span<const std::uint8_t> message) {
  return message.size() >= 20 && !zeros(message.subspan(16, 4));
}

bool has_type_of_reply(std::span<const std::uint8_t> message) {
  const auto type = find_option(message, code::message_type);
  const auto is = [&](Type t) { return type == Bytes{static_cast<std::uint8_t>(t)}; };
  return is(Type::offer) || is(Type::ack) || is(Type::nak);
}

bool is_request(Segment s, std::span<const std::uint8_t> message) {
  if (message.empty() || message[0] != boot_request) return false;
  return s == Segment::uplink || !(has_yiaddr(message) || has_type_of_reply(message));
}

const Datagram& datagram_of(const Sighting& s) { return *std::any_cast<Datagram>(&s.packet); }

void Protocol4::relay_starts(const RelaySettings& settings) {
  model_.world().settings = settings;
  memory_ = {};
  plain_answer_.reset();
}

// What the relay sends comes from its link address; with another one it is told by the client that it is
// about. Its host may speak other protocols there too (IPv6, LLDP, STP).
bool Protocol4::is_foreign(const Frame& f) const {
  constexpr std::size_t source = 6;
  const World& world = model_.world();
  if (!world.shares_links) return false;
  const auto type = ethertype(f.bytes);
  if (type != ipv4_type && type != arp_type && type != tagged_type) return true;
  if (f.bytes.size() >= 14 && Mac(&f.bytes[source]) == world.topology[f.segment].relay.mac) return false;
  const auto d = decode_udp(f.bytes);
  return !d || !is_of_a_played_client(d->payload);
}

std::optional<Sighting> Protocol4::read(const Frame& f) {
  if (ethertype(f.bytes) == arp_type) return std::nullopt;
  if (auto d = decode_udp(f.bytes)) return sighting_of(std::move(*d));
  if (auto s = read_fragment(f)) return s;
  Sighting s;
  s.of_protocol = is_broken_udp(f.bytes);
  return s;
}

// RFC 791: the fragments of one datagram have one identification.
std::optional<Sighting> Protocol4::read_fragment(const Frame& f) {
  try {
    Tins::EthernetII eth(f.bytes.data(), static_cast<std::uint32_t>(f.bytes.size()));
    const auto* ip = eth.find_pdu<Tins::IP>();
    if (ip == nullptr || !ip->is_fragmented()) return std::nullopt;
    const auto id = ip->id();
    Sighting s;
    s.of_protocol = is_broken_udp(f.bytes);
    if (reassemblers_[index(f.segment)].process(eth) == Tins::IPv4Reassembler::REASSEMBLED) {
      if (auto d = decode_udp(eth.serialize())) s = sighting_of(std::move(*d));
    }
    s.fragments_of = id;
    return s;
  } catch (const Tins::exception_base&) {
    return std::nullopt;
  }
}

// RFC 826: the host that has the address answers to the one who asks.
std::vector<Protocol::Answer> Protocol4::answer(const Frame& f) {
  if (const auto refused = refused_by(f.bytes)) refused_ = refused;
  if (ethertype(f.bytes) != arp_type) return {};
  try {
    const Tins::EthernetII eth(f.bytes.data(), static_cast<std::uint32_t>(f.bytes.size()));
    const auto& arp = eth.rfind_pdu<Tins::ARP>();
    if (arp.opcode() == Tins::ARP::REPLY) answered_.emplace_back(f.segment, arp.sender_ip_addr());
    if (arp.opcode() != Tins::ARP::REQUEST) return {};
    asked_.emplace_back(f.segment, arp.target_ip_addr());
    const auto host = hosts_.find({f.segment, arp.target_ip_addr()});
    if (host == hosts_.end()) return {};
    auto reply = Tins::ARP::make_arp_reply(arp.sender_ip_addr(), host->first.second, arp.sender_hw_addr(),
                                           host->second);
    return {{{f.segment, reply.serialize()},
             "ARP answer of " + model_.world().topology.role_of(host->first.second)}};
  } catch (const Tins::exception_base&) {
    return {};  // a broken ARP frame asks for nothing
  }
}

void Protocol4::forget() {
  asked_.clear();
  refused_.reset();
  answered_.clear();
  hosts_.clear();
  for (auto& r : reassemblers_) r.clear_streams();
  for (const Host& server : model_.world().topology.servers)
    add_host(Segment::uplink, server.ipv4, server.mac);
}

void Protocol4::add_host(Segment s, Ipv4 address, const Mac& mac) { hosts_[{s, address}] = mac; }

// What waits for an answer is sent as soon as that has come; only an address that no host has is asked for
// on.
bool Protocol4::is_resolving() const {
  return std::any_of(asked_.begin(), asked_.end(),
                     [&](const auto& asked) { return !hosts_.contains(asked); });
}

std::string Protocol4::host_says() const {
  const Topology& t = model_.world().topology;
  if (refused_)
    return fmt::format("says by ICMP that nobody listens at {} port {}", t.role_of(refused_->first),
                       refused_->second);
  const auto vain =
      std::find_if(asked_.begin(), asked_.end(), [&](const auto& asked) { return !hosts_.contains(asked); });
  return vain == asked_.end() ? ""
                              : fmt::format("asks by ARP for {}, which no host has", t.role_of(vain->second));
}

bool Protocol4::contains(const Resolutions& all, Segment s, Ipv4 a) {
  return std::find(all.begin(), all.end(), std::pair(s, a)) != all.end();
}

// A relay that is told to be its own server passes its copies on as often as hops allow.
std::size_t Protocol4::request_copies() const {
  constexpr std::size_t most_hops = 16;
  return model_.world().request_copies() * (serves_itself() ? 1 + most_hops : 1);
}

bool Protocol4::serves_itself() const {
  const auto& list = model_.world().settings.server_list;
  return std::any_of(list.begin(), list.end(), [&](Ipv4 a) { return model_.world().is_relays(a); });
}

// One copy too many for a server, or one for a host that the operator has not named.
std::string Protocol4::rule_against_copy_to(Ipv4 to) const {
  const RelaySettings& settings = model_.world().settings;
  const auto& list = settings.server_list;
  const auto number = model_.world().topology.server_at(to);
  const bool named = list.empty() ? number && *number < settings.servers
                                  : std::find(list.begin(), list.end(), to) != list.end();
  return named ? "SRV-each-gets-copy" : "RFC1542-4.1.1-destination-configurable";
}

// By where a datagram came out and what it is.
std::string Protocol4::rule_against(const Sighting& s, bool sent_there) const {
  const bool request = s.whole() && is_request(s.segment, datagram_of(s).payload);
  if (s.segment == Segment::uplink) {
    if (!request) return "RFC1542-4.1.2-reply-only-to-clients";
    return serves_itself() ? "HOP-loop-self" : rule_against_copy_to(datagram_of(s).ip_dst);
  }
  if (request && !sent_there) return "IF-request-not-leaked";
  if (request && !datagram_of(s).eth_dst.is_broadcast()) return rule_against_copy_to(datagram_of(s).ip_dst);
  if (request) return "RFC1542-4.1.1-no-rebroadcast-on-ingress";
  if (sent_there) return "SRV-reply-once";
  // With one giaddr for all networks only option 82 names the network.
  const RelaySettings& settings = model_.world().settings;
  if (!settings.giaddr && !settings.link_selection) return "IF-reply-only-owner";
  return s.whole() && has_broadcast_flag(datagram_of(s).payload) ? "RFC3046-4.0-broadcast-only-on-circuit"
                                                                 : "RFC3527-shared-giaddr-demux";
}

// A reply that is lost under some settings alone is lost by what they bring with them.
Protocol::LostReply Protocol4::rule_for_lost_reply(Segment downlink, const Outgoing& answer,
                                                   bool comes_elsewhere) const {
  const auto sent = decode_udp(answer.frame);
  const Message reply = sent ? decode(sent->payload) : Message{};
  const Outcome outcome = model_.fate(answer.segment, answer.frame, memory_);
  if (outcome.fate != Fate::must_come) return {outcome.rule, true};
  return {
      rule_for_lost_reply(downlink, reply, comes_elsewhere ? outcome.rule : "RFC1542-4.1.2-reply-delivered")};
}

std::string Protocol4::rule_for_lost_reply(Segment downlink, const Message& reply, std::string rule) const {
  const bool broadcast = (reply.flags.value_or(0) & broadcast_flag) != 0;
  if (!broadcast && reply.yiaddr && has_asked_in_vain(downlink, *reply.yiaddr))
    return "RFC1542-4.1.2-unicast-no-arp";
  // It uses ciaddr where yiaddr is another address, and gets no ARP answer for that.
  const Ipv4 ciaddr = reply.ciaddr.value_or(Ipv4());
  if (!broadcast && reply.yiaddr && *reply.yiaddr != Ipv4() && ciaddr != *reply.yiaddr &&
      has_asked_in_vain(downlink, ciaddr))
    return "RFC1542-4.1.2-unicast-delivery";
  return rule;
}

bool Protocol4::are_alike(const Sighting& a, const Sighting& b) const {
  if (!a.whole() || !b.whole() || a.segment != b.segment) return false;
  const Datagram &x = datagram_of(a), &y = datagram_of(b);
  return x.payload == y.payload && x.eth_dst == y.eth_dst && x.eth_src == y.eth_src && x.ip_dst == y.ip_dst &&
         x.ip_src == y.ip_src && x.dport == y.dport && x.sport == y.sport;
}

std::vector<std::string> Protocol4::rules_of_plain(Direction d) const {
  if (d == Direction::reply && !plain_answer_) return {};
  const Outgoing plain = d == Direction::reply ? *plain_answer_ : barrier_request(0, Segment::downlink0, 0);
  return model_.fate(plain.segment, plain.frame, memory_).due_by;
}

std::string Protocol4::summary(const Sighting& s) const {
  return s.whole() ? relayspec::summary(datagram_of(s).payload) : "a frame that is no whole datagram";
}

std::string Protocol4::addressed(const Sighting& s) const {
  const Datagram& d = datagram_of(s);
  const Topology& t = model_.world().topology;
  return fmt::format("from {} port {} to {} port {}, link destination {}", t.role_of(d.ip_src), d.sport,
                     t.role_of(d.ip_dst), d.dport, t.role_of(d.eth_dst));
}

}  // namespace relayspec::dhcp4
