// SPDX-License-Identifier: Apache-2.0
#include "harness/live/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/octets.h"
#include "relayspec/harness/edits.h"

namespace relayspec::live {
namespace {

constexpr std::uint16_t bootps = 67, bootpc = 68;
constexpr std::size_t least_message = 240;

/// A message as it stood in the capture.
struct Seen {
  Ipv4 from, to;
  std::uint16_t dport = 0;
  Bytes octets;
  Message message;

  bool request() const { return message.op == boot_request; }
  std::optional<Bytes> option82() const { return find_option(octets, code::relay_agent); }
  bool relayed() const { return *message.giaddr != Ipv4(); }
  /// The same message in another place on its way has the same.
  auto identity() const {
    return std::tuple(request(), *message.xid, *message.chaddr, find_option(octets, code::message_type));
  }
  auto place() const { return std::tuple(from.to_string(), to.to_string(), dport, *message.hops); }
};

// IEEE 802.1Q and 802.1ad: tags say in which network a frame was, and nothing of the message.
Bytes without_tags(Bytes frame) {
  while (frame.size() >= 18) {
    const std::uint16_t type = read16(frame, 12);
    if (type != 0x8100 && type != 0x88a8 && type != 0x9100) break;
    frame.erase(frame.begin() + 12, frame.begin() + 16);
  }
  return frame;
}

struct Reading {
  std::vector<Seen> seen;
  std::size_t others = 0, short_ones = 0;
};

Reading read_messages(const Capture& capture) {
  Reading r;
  for (const Frame& f : capture.frames) {
    const auto d = decode_udp(without_tags(f.bytes));
    const bool dhcp = d && (d->dport == bootps || d->dport == bootpc);
    if (!dhcp) {
      ++r.others;
    } else if (d->payload.size() < least_message) {
      ++r.short_ones;
    } else {
      r.seen.push_back({d->ip_src, d->ip_dst, d->dport, d->payload, decode(d->payload)});
    }
  }
  return r;
}

/// Of the places in which a message was seen, the one nearest to who sent it: of a request where it had the
/// fewest hops, of a reply where it still had option 82, and giaddr.
bool is_nearer(const Seen& a, const Seen& b) {
  if (a.request()) return *a.message.hops < *b.message.hops;
  return std::tuple(a.option82().has_value(), a.dport == bootps) >
         std::tuple(b.option82().has_value(), b.dport == bootps);
}

// Messages that come again from the same place are sent again.
std::vector<Seen> as_sent(const std::vector<Seen>& all) {
  std::map<decltype(all.front().identity()), const Seen*> nearest;
  for (const Seen& s : all) {
    const Seen*& known = nearest[s.identity()];
    if (!known || is_nearer(s, *known)) known = &s;
  }
  std::vector<Seen> sent;
  for (const Seen& s : all) {
    if (nearest[s.identity()]->place() == s.place()) sent.push_back(s);
  }
  return sent;
}

class Translator {
 public:
  explicit Translator(const dhcp4::World& world) : world_(world) {}

  Packet packet(const Seen& s) { return s.request() ? request(s) : reply(s); }

 private:
  struct Client {
    Mac mac;
    Segment downlink;
  };

  // A network is told by the relay's address in it, or by none.
  Segment downlink_of(const Seen& s) {
    const auto key = std::pair(*s.message.xid, *s.message.chaddr);
    if (const auto known = downlinks_.find(key); known != downlinks_.end()) return known->second;
    const auto at = networks_.try_emplace(s.message.giaddr->to_string(), networks_.size()).first->second;
    const Segment downlink = all_downlinks[at % world_.settings.downlinks];
    downlinks_[key] = downlink;
    return downlink;
  }

  Mac mac_of(const Bytes& chaddr, Segment downlink) {
    const auto n = macs_.try_emplace(chaddr, macs_.size()).first->second;
    return Mac(fmt::format("02:00:5e:0c:{:02x}:{:02x}", (index(downlink) << 6 | n >> 8) & 0xff, n & 0xff));
  }

  std::uint32_t xid_of(std::uint32_t xid) {
    constexpr std::uint32_t first = 0x6d00'0001;
    return xids_.try_emplace(xid, first + static_cast<std::uint32_t>(xids_.size())).first->second;
  }

  Ipv4 client_address(Ipv4 a, Segment downlink) {
    constexpr std::size_t first = 100, most = 100;
    if (a == Ipv4() || a == Ipv4("255.255.255.255")) return a;
    const auto n = addresses_.try_emplace(a.to_string(), addresses_.size()).first->second;
    return world_.topology.host(downlink, static_cast<std::uint8_t>(first + n % most));
  }

  std::size_t server_of(Ipv4 a) {
    const auto n = servers_.try_emplace(a.to_string(), servers_.size()).first->second;
    return n % world_.request_copies() % server_count;
  }
  Ipv4 server_address(Ipv4 a) { return world_.topology.servers[server_of(a)].ipv4; }

  void translate_option(Option& o, Segment downlink, const Bytes& chaddr) {
    if (o.wire.size() < 6) return;
    const auto value = o.wire.begin() + 2;
    if (code_of(o) == code::requested_address && o.wire.size() == 6) {
      o = option::address(code::requested_address, client_address(address_in(o), downlink));
    } else if (code_of(o) == code::server_id && o.wire.size() == 6) {
      const bool proxy = world_.dialect == Dialect::proxy;
      const Ipv4 server = server_address(address_in(o));
      o = option::address(code::server_id, proxy && asking_ ? world_.proxy_id(downlink) : server);
    } else if (code_of(o) == code::client_id && o.wire.size() >= 9 &&
               std::equal(value + 1, value + 7, chaddr.begin())) {
      const Mac mac = mac_of(chaddr, downlink);
      std::copy(mac.begin(), mac.end(), value + 1);
    }
  }

  static Ipv4 address_in(const Option& o) {
    return Ipv4(fmt::format("{}.{}.{}.{}", o.wire[2], o.wire[3], o.wire[4], o.wire[5]));
  }

  Message translate(const Seen& s, Segment downlink) {
    Message m = s.message;
    asking_ = s.request();
    m.xid = xid_of(*m.xid);
    m.ciaddr = client_address(*m.ciaddr, downlink);
    m.yiaddr = client_address(*m.yiaddr, downlink);
    if (m.siaddr != Ipv4()) m.siaddr = server_address(*m.siaddr);
    const Bytes chaddr = *m.chaddr;
    if (m.options) {
      for (Option& o : *m.options) translate_option(o, downlink, chaddr);
    }
    if (m.htype == 1 && m.hlen == 6) {
      const Mac mac = mac_of(chaddr, downlink);
      std::copy(mac.begin(), mac.end(), m.chaddr->begin());
    }
    return m;
  }

  static void take_out_option82(Message& m) {
    if (m.options) std::erase_if(*m.options, [](const Option& o) { return code_of(o) == code::relay_agent; });
  }

  // One that was seen behind a relay is what the client had sent without what the relay has put in.
  Packet request(const Seen& s) {
    const Segment downlink = downlink_of(s);
    Message m = translate(s, downlink);
    if (s.relayed()) {
      take_out_option82(m);
      m.hops = static_cast<std::uint8_t>(*m.hops > 0 ? *m.hops - 1 : 0);
      m.giaddr = Ipv4();
    }
    const bool to_server = !s.relayed() && s.to != Ipv4("255.255.255.255") && s.dport == bootps;
    if (to_server) unicast_.insert(*s.message.xid);
    const Network& network = world_.topology[downlink];
    Envelope e{.eth_dst = Mac::broadcast,
               .eth_src = Mac(m.chaddr->data()),
               .ip_dst = Ipv4("255.255.255.255"),
               .ip_src = Ipv4("0.0.0.0"),
               .sport = bootpc,
               .dport = bootps};
    if (to_server) {
      e.eth_dst = network.relay.mac;
      e.ip_dst = server_address(s.to);
      e.ip_src = *m.ciaddr;
    }
    return {downlink, encode_udp(e, encode(m))};
  }

  Packet reply(const Seen& s) {
    const Segment downlink = downlink_of(s);
    Message m = translate(s, downlink);
    const Host& server =
        world_.topology.servers[server_of(s.relayed() && s.dport == bootpc ? Ipv4() : s.from)];
    // What was renewed past the relay is answered past it.
    const bool past_relay = unicast_.contains(*s.message.xid);
    if (!past_relay) m.giaddr = world_.giaddr_of(downlink);
    const Ipv4 client = m.ciaddr != Ipv4() ? *m.ciaddr : *m.yiaddr;
    const Envelope e{.eth_dst = world_.topology[Segment::uplink].relay.mac,
                     .eth_src = server.mac,
                     .ip_dst = past_relay ? client : *m.giaddr,
                     .ip_src = server.ipv4,
                     .sport = bootps,
                     .dport = past_relay ? bootpc : world_.port_towards_servers()};
    return {Segment::uplink, encode_udp(e, encode(m)), !past_relay};
  }

  const dhcp4::World& world_;
  bool asking_ = false;
  std::map<std::pair<std::uint32_t, Bytes>, Segment> downlinks_;
  std::map<std::string, std::size_t> networks_, addresses_, servers_;
  std::map<Bytes, std::size_t> macs_;
  std::map<std::uint32_t, std::uint32_t> xids_;
  std::set<std::uint32_t> unicast_;
};

bool is_stimulus(const Frame& f) {
  if (f.origin != Origin::harness) return false;
  return std::none_of(f.comments.begin(), f.comments.end(),
                      [](const std::string& c) { return c == "barrier" || c.starts_with("ARP answer"); });
}

}  // namespace

Translation packets_of_own(const Capture& capture) {
  Translation t{.remarks = capture.remarks};
  std::set<Bytes> added;  // option 82 of requests as servers have got them
  for (const Frame& f : capture.frames) {
    const auto d = decode_udp(f.bytes);
    const auto option82 = d ? find_option(d->payload, code::relay_agent) : std::nullopt;
    if (f.origin == Origin::relay && f.segment == Segment::uplink && option82) added.insert(*option82);
    if (!is_stimulus(f)) continue;
    const bool echoes = f.segment == Segment::uplink && option82 && added.contains(*option82);
    t.packets.push_back(packet_of(f));
    t.packets.back().echoes = echoes;
  }
  return t;
}

Translation translated(const Capture& capture, const dhcp4::World& world) {
  Translation t{.remarks = capture.remarks};
  const Reading reading = read_messages(capture);
  if (reading.short_ones > 0) {
    t.remarks.push_back(
        fmt::format("{} messages of fewer than {} octets are left out", reading.short_ones, least_message));
  }
  Translator translator(world);
  for (const Seen& s : as_sent(reading.seen)) t.packets.push_back(translator.packet(s));
  return t;
}

}  // namespace relayspec::live
