// SPDX-License-Identifier: Apache-2.0
// For unit tests: a small DHCPv4 relay on a link without wires, right unless its faults change what comes
// out.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "harness/engine/testing.h"
#include "harness/live/duel.h"
#include "relayspec/harness/datagram.h"
#include "relayspec/harness/device.h"

namespace relayspec {
inline void PrintTo(const DifferenceGroup& d, std::ostream* out) {
  *out << d.stimuli << " " << d.broken_by << " [" << d.requirement << "] " << d.what << ": " << d.sent << ": "
       << d.reference << " | " << d.observed << "\n";
}
}  // namespace relayspec

namespace relayspec::live {

class SmallRelay : public Device, private Surroundings {
 public:
  SmallRelay() {
    wire.relay = [this](const Outgoing& out) { hear(out); };
  }
  const std::string& name() const override { return name_; }
  Link& link() override { return wire; }
  void start(const RelaySettings&) override {
    running_ = true;
    deaf_ = false;
    end_.reset();
    wire.wake_never();
  }
  void stop() override { running_ = false; }
  bool started() const override { return running_; }
  std::optional<std::string> ended() override { return end_; }
  int wake_fd() const override { return 3; }
  std::string output() override { return ""; }
  std::optional<Holdings> holdings() const override { return std::nullopt; }
  void flush_neighbours() override {}
  Surroundings* surroundings() override { return this; }

  /// Change what is about to come out; false: it does not come. Not called for barriers of the engine.
  std::function<bool(Message&, Envelope&)> on_request, on_reply;
  /// True ends the process.
  std::function<bool(const Message&)> dies_of;
  /// What it sends to a link that is down ends it, or all that it sends from then on is lost.
  bool dies_of_link_down = false, stays_down = false;
  bool dies_of_icmp = false;

  fake::FakeLink wire;

 private:
  static bool is_barrier(const Message& m) { return (*m.xid >> 24) == 0xa7; }

  void hold(bool) override {}
  void set_link(Segment s, bool up) override {
    if (up) {
      down_.erase(s);
    } else {
      down_.insert(s);
    }
  }
  void recreate(Segment) override {}
  void set_end(Segment, const RelayEnd&) override {}
  void add_address(Segment, Ipv4) override {}
  void remove_address(Segment, Ipv4) override {}
  void set_checksum_offload(bool) override {}

  void die() {
    end_ = "was killed by SIGSEGV";
    wire.wake_in({});
  }

  void send(Segment s, Envelope e, const Message& m) {
    if (down_.contains(s)) {
      deaf_ = stays_down;
      if (dies_of_link_down) die();
      return;
    }
    if (!deaf_) wire.put_from_relay(s, encode_udp(e, relayspec::encode(m)), std::chrono::microseconds(1));
  }

  void hear(const Outgoing& in) {
    const auto d = decode_udp(in.frame);
    if (dies_of_icmp && running_ && in.frame.at(23) == 1) return die();
    if (!running_ || end_ || !d || d->dport != 67 || d->udp_checksum == Checksum::bad ||
        !d->ip_checksum_good || d->payload.size() < 240)
      return;
    if (!d->eth_dst.is_broadcast() && d->eth_dst != topology_[in.segment].relay.mac) return;
    if ((d->ip_src & Ipv4("224.0.0.0")) == Ipv4("224.0.0.0") ||
        (d->ip_src & Ipv4("255.0.0.0")) == Ipv4("127.0.0.0") || topology_.is_directed_broadcast(d->ip_src))
      return;
    const bool to_relay = d->ip_dst == Ipv4("255.255.255.255") || topology_.owner_of(d->ip_dst) ||
                          topology_.is_directed_broadcast(d->ip_dst);
    if (!to_relay) return;
    Message m = relayspec::decode(d->payload);
    if (dies_of && !is_barrier(m) && dies_of(m)) return die();
    in.segment == Segment::uplink ? reply(m) : request(in.segment, m);
  }

  void request(Segment from, Message m) {
    if (m.op != boot_request || *m.hops > 16) return;
    m.hops = static_cast<std::uint8_t>(*m.hops + 1);
    if (*m.giaddr == Ipv4()) m.giaddr = topology_[from].relay.ipv4;
    const Host& server = topology_.servers[0];
    Envelope e = from_relay(Segment::uplink);
    e.eth_dst = server.mac;
    e.ip_dst = server.ipv4;
    e.dport = std::uint16_t{67};
    if (!is_barrier(m) && on_request && !on_request(m, e)) return;
    send(Segment::uplink, e, m);
  }

  void reply(Message m) {
    const auto to = topology_.owner_of(*m.giaddr);
    if (m.op != boot_reply || !to || to == Segment::uplink) return;
    Envelope e = from_relay(*to);
    const bool broadcast = (*m.flags & broadcast_flag) != 0 || *m.yiaddr == Ipv4() || *m.hlen != 6;
    e.eth_dst = broadcast ? Mac(Mac::broadcast) : Mac(m.chaddr->data());
    e.ip_dst = broadcast ? Ipv4("255.255.255.255") : *m.yiaddr;
    e.dport = std::uint16_t{68};
    if (!is_barrier(m) && on_reply && !on_reply(m, e)) return;
    send(*to, e, m);
  }

  Envelope from_relay(Segment s) const {
    return {.eth_src = topology_[s].relay.mac, .ip_src = topology_[s].relay.ipv4, .sport = std::uint16_t{67}};
  }

  const Topology& topology_ = Topology::documentation();
  std::string name_ = "small";
  bool running_ = false, deaf_ = false;
  std::set<Segment> down_;
  std::optional<std::string> end_;
};

/// Two relays and what differs between them.
struct SmallDuel {
  SmallRelay right, other;
  Prober reference{right, {}, std::chrono::seconds(1)}, probed{other, {}, std::chrono::seconds(1)};
  Duel duel{{"right", reference}, {"other", probed}, 1, 2};

  std::vector<DifferenceGroup> differences(std::uint64_t stimuli) {
    for (std::uint64_t n = 0; n < stimuli; n += 32) duel.run(n, n + 32);
    return duel.differences();
  }
};

}  // namespace relayspec::live
