#include "harness/bench/prober.h"

#include <algorithm>
#include <iterator>

#include "harness/dhcp4/addressing.h"
#include "relayspec/harness/bench.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t xid_prefix = 0xa7'00'00'00;
constexpr auto resend_after = 250ms;  // a probe that a full buffer swallowed is sent again
// Many times what a relay needs on the busiest machine. One that keeps falling silent gets less of it each
// time, so that a run over it ends.
constexpr Clock::duration most_patience = 4s, least_patience = 1s;

// A relay that spoils op in replies delivers them all the same; a request that leaks back has no yiaddr.
bool is_reply(const Bytes& message) {
  return message[0] == boot_reply ||
         (message.size() >= 20 &&
          std::any_of(message.begin() + 16, message.begin() + 20, [](auto octet) { return octet != 0; }));
}

bool is_probe(std::uint32_t xid) { return (xid & 0xff'00'00'00) == xid_prefix; }

Mac probe_mac(Segment downlink) {
  return Mac(downlink == Segment::downlink0 ? "02:00:5e:0f:00:01" : "02:00:5e:0f:01:01");
}

// Passes every filter that a relay may be told to apply: few hops, many secs, no option 82.
Message probe_request(std::uint32_t xid, Segment downlink) {
  const Mac mac = probe_mac(downlink);
  return {.xid = xid,
          .secs = 0x3fff,
          .flags = broadcast_flag,
          .chaddr = Bytes(mac.begin(), mac.end()),
          .options = {{option::type(Type::discover), option::of(code::parameter_list, {1, 3, 6})}}};
}

Message probe_reply(std::uint32_t xid, Segment downlink) {
  const Mac mac = probe_mac(downlink);
  return {.op = boot_reply,
          .xid = xid,
          .flags = broadcast_flag,
          .yiaddr = host_address(downlink, 250),
          .giaddr = relay_address(downlink),
          .chaddr = Bytes(mac.begin(), mac.end()),
          .options = {{option::type(Type::offer), option::address(code::server_id, server_address(0)),
                       option::number32(code::lease_time, 3600)}}};
}

}  // namespace

Prober::Prober(Traffic& traffic) : traffic_(traffic), patience_(most_patience) {
  traffic_.intercept = [this](Segment s, const Datagram& d, Frame& f) { return intercept(s, d, f); };
}

void Prober::relay_started(const RelaySettings& config, Dialect dialect,
                           const std::array<Ipv4, 2>& proxy_ids) {
  config_ = config;
  dialect_ = dialect;
  proxy_ids_ = proxy_ids;
  working_.clear();
  habits_.clear();
  changes.clear();
  outgrown.clear();
  of_first_.clear();
  exchanges_.clear();
}

std::uint32_t Prober::send(Segment downlink) {
  const std::uint32_t xid = xid_prefix | (++sent_ * 0x01'02'03 & 0xff'ff'ff);
  exchanges_[xid] = {.downlink = downlink};
  latest_[index(downlink)] = xid;
  traffic_.inject(downlink,
                  encode_udp({.eth_dst = Mac::broadcast,
                              .eth_src = probe_mac(downlink),
                              .ip_dst = Ipv4("255.255.255.255"),
                              .ip_src = Ipv4("0.0.0.0"),
                              .sport = std::uint16_t{68},
                              .dport = std::uint16_t{67}},
                             encode(probe_request(xid, downlink))),
                  "probe");
  return xid;
}

// A probe is known wherever and in whatever state it comes out: by its xid, or, where a relay has spoilt
// that, by its client. What is wrong with it is a matter for the cases.
std::optional<std::uint32_t> Prober::probe_in(const Bytes& message) const {
  const auto xid = xid_of(message);
  if (!xid || is_probe(*xid) || message.size() < 34) return xid && is_probe(*xid) ? xid : std::nullopt;
  for (const Segment s : {Segment::downlink0, Segment::downlink1}) {
    const Mac mac = probe_mac(s);
    if (std::equal(mac.begin(), mac.end(), message.begin() + 28)) return latest_[index(s)];
  }
  return std::nullopt;
}

bool Prober::intercept(Segment s, const Datagram& d, Frame& f) {
  const auto xid = probe_in(d.payload);
  if (!xid) return false;
  f.comments.emplace_back("probe");
  const auto it = exchanges_.find(*xid);
  if (it == exchanges_.end()) return true;  // sent to a predecessor of this relay
  Exchange& e = it->second;
  if (s == Segment::uplink && !e.up) {
    e.up = true;
    Message expected = probe_request(*xid, e.downlink)
                           .with({.hops = std::uint8_t{1}, .giaddr = giaddr_set_by(config_, e.downlink)});
    learn({e.downlink, Direction::request},
          {.direction = Direction::request,
           .segment = Segment::uplink,
           .message = encode(expected),
           .forms = {{server_mac(0), server_address(0)},
                     {server_mac(1), server_address(1)},
                     {server_mac(2), server_address(2)}},
           .adds_option82 = config_.option82,
           .sport = port_towards_servers(config_)},
          d);
    answer(*xid, e, d);
  } else if (s != Segment::uplink && e.up && !e.down && is_reply(d.payload)) {
    e.down = true;
    Message expected = probe_reply(*xid, e.downlink).with({.giaddr = e.giaddr});
    if (dialect_ == Dialect::proxy) {
      expected = replacing(expected, code::server_id,
                           option::address(code::server_id, proxy_ids_[index(e.downlink)]));
    }
    learn({e.downlink, Direction::reply},
          {.direction = Direction::reply,
           .segment = e.downlink,
           .message = encode(expected),
           .forms = {{Mac::broadcast, Ipv4("255.255.255.255")}},
           .strips_option82 = config_.option82,
           .broadcast_only = dialect_ == Dialect::proxy},
          d);
  }
  return true;
}

// The server's answer goes to giaddr, as a server would send it; if giaddr is nobody's, to where it should
// have been.
void Prober::answer(std::uint32_t xid, Exchange& e, const Datagram& request) {
  Message reply = probe_reply(xid, e.downlink);
  const auto giaddr = giaddr_of(request.payload);
  for (const Segment s : all_segments) {
    if (giaddr == relay_address(s)) reply.giaddr = giaddr;
  }
  if (giaddr &&
      std::find(further_addresses.begin(), further_addresses.end(), *giaddr) != further_addresses.end())
    reply.giaddr = giaddr;
  e.giaddr = *reply.giaddr;
  if (const auto echo = find_option(request.payload, code::relay_agent)) {
    // RFC 6607, section 3.3: a server that knows of VPNs takes the control sub-option out.
    reply = reply.plus(
        option::of(code::relay_agent, config_.vss.empty() ? *echo : without_sub_option(*echo, 152)));
  }
  traffic_.inject(Segment::uplink,
                  encode_udp({.eth_dst = relay_mac(Segment::uplink),
                              .eth_src = server_mac(0),
                              .ip_dst = *reply.giaddr,
                              .ip_src = server_address(0),
                              .sport = std::uint16_t{67},
                              .dport = port_towards_servers(config_)},
                             encode(reply)),
                  "probe");
}

// A habit is what a relay shows in its very first exchange, and in the next one as well. What later ones show
// besides may come of what it was sent in between, and is for the case that sent it.
void Prober::learn(const Way& way, const Expected& expected, const Datagram& d) {
  const auto differences = compare(expected, d);
  if (working_.insert(way).second) {
    for (const Difference& shown : differences) habits_.insert(shown.signature);
    of_first_[way] = differences;
    return;
  }
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(changes),
               [&](const Difference& shown) { return !habits_.contains(shown.signature); });
  const auto first = of_first_.extract(way);
  if (first.empty()) return;
  for (const Difference& once : first.mapped()) {
    const bool again = std::any_of(differences.begin(), differences.end(), [&](const Difference& shown) {
      return shown.signature == once.signature;
    });
    if (again) continue;
    habits_.erase(once.signature);
    outgrown.push_back(once);
  }
}

Fence Prober::fence(Segment downlink, int wake) {
  if (!works(downlink, Direction::request)) return Fence::silent;
  const bool both = works(downlink, Direction::reply);
  const auto end = Clock::now() + patience_;
  while (Clock::now() < end) {
    const std::uint32_t xid = send(downlink);
    const auto resend = std::min(Clock::now() + resend_after, end);
    while (Clock::now() < resend) {
      const bool any = traffic_.pump(resend, wake);
      const Exchange& e = exchange(xid);
      if (both ? e.down : e.up) return Fence::passed;
      if (!any && Clock::now() < resend)
        return Fence::dead;  // woken without a frame: the relay's process has ended
    }
  }
  patience_ = std::max(patience_ / 2, least_patience);
  return Fence::silent;
}

bool Prober::works(Segment downlink, Direction d) const { return working_.contains({downlink, d}); }

}  // namespace relayspec
