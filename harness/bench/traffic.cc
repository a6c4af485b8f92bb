#include "harness/bench/traffic.h"

#include <tins/tins.h>

#include <algorithm>

#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

constexpr std::size_t flood_limit =
    5'000;  // frames of the relay in one case; the busiest case expects a dozen

bool is_arp(const Frame& f) { return f.bytes.size() >= 42 && f.bytes[12] == 0x08 && f.bytes[13] == 0x06; }

bool is_dhcp_port(std::uint16_t port) { return port == 67 || port == 68; }

// An IPv4 packet whose datagram could not be read, with more fragments to follow or as one itself, or with
// broken lengths, yet of UDP: a part of a message for all we know.
bool is_broken_udp(const Frame& f) {
  return f.bytes.size() >= 34 && f.bytes[12] == 0x08 && f.bytes[13] == 0x00 && f.bytes[23] == 17;
}

}  // namespace

void Traffic::inject(Segment s, Bytes frame, std::string comment) {
  lab_.inject(s, frame);
  comments_[index(s)].emplace_back(std::move(frame), std::move(comment));
}

// The buffers take thousands of frames, and the harness itself sends a dozen in a case: only a flood fills
// them.
std::vector<Frame> Traffic::receive(Clock::time_point deadline, int wake) {
  try {
    return lab_.receive(deadline, wake);
  } catch (const FramesLost&) {
    from_relay_ = flood_limit + 1;
    throw Flood{};
  }
}

bool Traffic::pump(Clock::time_point deadline, int wake) {
  auto frames = receive(deadline, wake);
  const bool any = !frames.empty();
  for (Frame& f : frames) take_in(std::move(f));
  if (from_relay_ > flood_limit) throw Flood{};
  return any;
}

void Traffic::take_in(Frame f) {
  if (f.origin == Origin::harness) {
    auto& waiting = comments_[index(f.segment)];
    if (!waiting.empty() && waiting.front().first == f.bytes) {
      if (!waiting.front().second.empty()) f.comments.push_back(std::move(waiting.front().second));
      waiting.pop_front();
    }
    record.push_back(std::move(f));
    return;
  }
  ++from_relay_;
  const Segment segment = f.segment;
  if (is_arp(f)) {
    answer_arp(f);
    record.push_back(std::move(f));
    return;
  }
  const auto datagram = decode_udp(f.bytes);
  if (datagram && intercept && intercept(segment, *datagram, f)) {
    record.push_back(std::move(f));
    return;
  }
  record.push_back(std::move(f));
  const bool counts =
      everything_counts || (datagram ? is_dhcp_port(datagram->sport) || is_dhcp_port(datagram->dport)
                                     : is_broken_udp(record.back()));
  if (!datagram && take_in_fragment(record.back().bytes, segment)) return;
  if (counts) put_out(segment, datagram);
}

void Traffic::put_out(Segment s, const std::optional<Datagram>& datagram) {
  const auto xid = datagram ? xid_of(datagram->payload) : std::nullopt;
  emissions.push_back({record.size() - 1, s, datagram, xid});
}

// A datagram in fragments becomes an emission when it is whole; until then each fragment is one.
bool Traffic::take_in_fragment(const Bytes& frame, Segment segment) {
  try {
    Tins::EthernetII eth(frame.data(), static_cast<std::uint32_t>(frame.size()));
    const auto* ip = eth.find_pdu<Tins::IP>();
    if (ip == nullptr || !ip->is_fragmented()) return false;
    const auto id = ip->id();
    if (reassemblers_[index(segment)].process(eth) != Tins::IPv4Reassembler::REASSEMBLED) return false;
    std::erase_if(emissions, [&](const Emission& e) {
      if (e.datagram || e.segment != segment) return false;
      const Bytes& other = record[e.frame].bytes;
      return other.size() >= 20 && static_cast<std::uint16_t>(other[18] << 8 | other[19]) == id;
    });
    const auto datagram = decode_udp(eth.serialize());
    put_out(segment, datagram);
    return true;
  } catch (const Tins::exception_base&) {
    return false;
  }
}

// RFC 826: the host that has the address answers to the one who asks.
void Traffic::answer_arp(const Frame& f) {
  try {
    const Tins::EthernetII eth(f.bytes.data(), static_cast<std::uint32_t>(f.bytes.size()));
    const auto& arp = eth.rfind_pdu<Tins::ARP>();
    if (arp.opcode() == Tins::ARP::REPLY) answered_.emplace_back(f.segment, arp.sender_ip_addr());
    if (arp.opcode() != Tins::ARP::REQUEST) return;
    asked_.emplace_back(f.segment, arp.target_ip_addr());
    const auto host = hosts_.find({f.segment, arp.target_ip_addr()});
    if (host == hosts_.end()) return;
    auto reply = Tins::ARP::make_arp_reply(arp.sender_ip_addr(), host->first.second, arp.sender_hw_addr(),
                                           host->second);
    inject(f.segment, reply.serialize(), "ARP answer of " + role_of(host->first.second));
  } catch (const Tins::exception_base&) {
    // A broken ARP frame asks for nothing.
  }
}

void Traffic::add_host(Segment s, Ipv4 address, const Mac& mac) { hosts_[{s, address}] = mac; }

bool Traffic::asked_for(Segment s, Ipv4 address) const {
  return std::find(asked_.begin(), asked_.end(), std::pair(s, address)) != asked_.end();
}

bool Traffic::answered_for(Segment s, Ipv4 address) const {
  return std::find(answered_.begin(), answered_.end(), std::pair(s, address)) != answered_.end();
}

void Traffic::discard() {
  for (bool more = true; more;) {
    try {
      more = pump(Clock::now());
    } catch (const Flood&) {
      more = true;
    }
    clear();
  }
}

void Traffic::clear() {
  record.clear();
  emissions.clear();
  asked_.clear();
  answered_.clear();
  hosts_.clear();
  for (auto& r : reassemblers_) r.clear_streams();
  from_relay_ = 0;
  everything_counts = false;
  for (std::size_t n = 0; n < server_count; ++n) add_host(Segment::uplink, server_address(n), server_mac(n));
}

}  // namespace relayspec
