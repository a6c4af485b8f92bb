// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/lab.h"

#include <sched.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/lab/impl.h"
#include "harness/lab/taps.h"

namespace relayspec {
namespace {

// A namespace starts with the machine's own settings (net.core.devconf_inherit_init_net), which may be
// anything. What holds for each link is in Netlink::quiet(); these hold for all, and are left where /proc/sys
// cannot be written.
void calm_kernel(bool forwarding) {
  write_sysctl("net/ipv4/ip_forward", forwarding ? "1" : "0");
  for (const char* name : {"rp_filter", "send_redirects", "accept_redirects", "arp_announce", "arp_ignore",
                           "arp_filter", "proxy_arp", "accept_local"}) {
    write_sysctl(std::string("net/ipv4/conf/all/") + name, "0");
  }
  write_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
}

// The MAC of the harness's end. On the uplink it is the first server's, for the time when a real server sits
// there.
Mac side_mac(const Topology& topology, Segment s) {
  return s == Segment::uplink ? topology.servers[0].mac
                              : Mac("02:00:5e:03:0" + std::to_string(index(s)) + ":01");
}

// Where the relay's end is a bridge or a tunnel, the link's is its port.
std::string port_name(Segment s) { return "port" + std::to_string(index(s)); }
Mac port_mac(Segment s) { return Mac("02:00:5e:04:0" + std::to_string(index(s)) + ":01"); }

}  // namespace

Tap Lab::Impl::make_link(Segment s) {
  const Inside side(sides[index(s)]);
  relay_ends[index(s)] = next_index++;
  Netlink netlink;
  const bool is_port = ends[index(s)].bridge || ends[index(s)].tunnel;
  netlink.create_veth({sides[index(s)].fd(), side_interface, side_index, side_mac(topology, s)},
                      {relay.fd(), is_port ? port_name(s) : name_of(s), relay_end(s),
                       is_port ? port_mac(s) : topology[s].relay.mac});
  netlink.quiet(side_index, false);
  set_offloads(side_interface, false);
  netlink.set_up(side_index);
  Tap tap(s, side_index);
  if (is_alone) tap.ignore_sent(true);
  return tap;
}

void Lab::Impl::let_others_send() {
  is_alone = false;
  for (Tap& tap : taps) tap.ignore_sent(false);
}

// The relay's end moves from the link to the bridge.
void Lab::Impl::make_bridge(Segment s) {
  const int port = relay_end(s), bridge = next_index++;
  relay_netlink->create_bridge(name_of(s), bridge, topology[s].relay.mac);
  ports[index(s)] = port;
  relay_ends[index(s)] = bridge;
  relay_netlink->quiet(port, false);
  set_offloads(port_name(s), false);
  relay_netlink->set_bridge(port, relay_end(s));
  relay_netlink->set_up(port);
}

// The kernel lets a port forward in the background, when it has seen that the port's link is up: within a
// second, or at once when somebody asks for the state of that link.
void Lab::Impl::await_forwarding(Segment s) {
  constexpr std::chrono::seconds patience(5);
  const auto forwards = [&] {
    return relay_netlink->has_carrier(*ports[index(s)]) && relay_netlink->has_carrier(relay_end(s));
  };
  for (const auto end = Clock::now() + patience; !forwards();) {
    if (Clock::now() > end) throw LabError("a bridge of the lab does not forward");
    ::sched_yield();
  }
}

void Lab::Impl::make_tunnel(Segment s) {
  const int port = relay_end(s), end = next_index++;
  relay_netlink->quiet(port, false);
  set_offloads(port_name(s), false);
  relay_netlink->set_up(port);
  tunnel.emplace(name_of(s), end, port, topology);
  ports[index(s)] = port;
  relay_ends[index(s)] = end;
}

void Lab::Impl::settle_relay(Segment s) {
  const Inside inside(relay.fd());
  const RelayEnd& end = ends[index(s)];
  if (end.bridge) make_bridge(s);
  if (end.tunnel) make_tunnel(s);
  relay_netlink->quiet(relay_end(s), true);
  set_offloads(name_of(s), false);
  const Network& network = topology[s];
  relay_netlink->add_address(relay_end(s), network.relay.ipv4, end.prefix_length);
  relay_netlink->set_up(relay_end(s));
  if (end.bridge) await_forwarding(s);
  if (end.prefix_length == 32)
    relay_netlink->add_link_route(relay_end(s), network.subnet(), network.prefix_length, network.relay.ipv4);
}

Lab::Lab(const Topology& topology, const RelayEnds& ends) : impl_(std::make_unique<Impl>()) {
  impl_->topology = topology;
  impl_->ends = ends;
  {
    const Inside relay(impl_->relay.fd());
    calm_kernel(true);
    Netlink& netlink = impl_->relay_netlink.emplace();
    netlink.set_up(1);
  }
  for (const Segment s : all_segments) {
    impl_->taps.push_back(impl_->make_link(s));
    const Inside side(impl_->sides[index(s)]);
    calm_kernel(false);
    Netlink().set_up(1);
  }
  for (const Segment s : all_segments) impl_->settle_relay(s);
  wait_for_stamps(impl_->taps[index(Segment::uplink)]);
  // To read each frame that we send from the kernel again costs as much as to read the relay's.
  impl_->is_alone = std::ranges::all_of(impl_->taps, [](Tap& tap) { return tap.ignore_sent(true); });
}

Lab::~Lab() { close_together(impl_->taps); }

void Lab::close_sockets(std::span<const std::unique_ptr<Lab>> labs) {
  std::vector<Tap> taps;
  for (const auto& lab : labs) std::ranges::move(lab->impl_->taps, std::back_inserter(taps));
  close_together(taps);
}

const Topology& Lab::topology() const { return impl_->topology; }
const RelayEnds& Lab::ends() const { return impl_->ends; }

void Lab::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) inject(out.segment, out.frame);
}

void Lab::inject(Segment s, std::span<const std::uint8_t> frame) {
  // Before it is sent: what it brings about is stamped later.
  const auto time = stamp_now();
  const bool checksum_open = impl_->taps[index(s)].send(frame);
  if (impl_->is_alone) {
    impl_->sent.push_back({.segment = s,
                           .origin = Origin::harness,
                           .time = time,
                           .bytes = {frame.begin(), frame.end()},
                           .checksum_completed = checksum_open});
  }
}

std::vector<Frame> Lab::receive(Clock::time_point deadline, int wake) {
  auto frames = receive_from(impl_->taps, deadline, wake);
  if (!impl_->sent.empty()) {
    std::ranges::move(impl_->sent, std::back_inserter(frames));
    impl_->sent.clear();
    sort_by_time(frames);
  }
  return frames;
}

void Lab::flush_neighbours(Segment s) { impl_->relay_netlink->flush_neighbours(impl_->relay_end(s)); }

void Lab::set_checksum_offload(bool on) {
  for (const Segment s : all_segments) {
    {
      const Inside side(impl_->sides[index(s)]);
      set_offloads(side_interface, on);
    }
    const Inside relay(impl_->relay.fd());
    set_offloads(impl_->name_of(s), on);
    impl_->taps[index(s)].leave_checksums_open(on);
  }
}

void Lab::set_link(Segment s, bool up) { impl_->relay_netlink->set_up(impl_->relay_end(s), up); }

void Lab::recreate(Segment s) {
  const auto port = std::exchange(impl_->ports[index(s)], std::nullopt);
  // A tun device goes with whoever holds it.
  const bool gone = impl_->ends[index(s)].tunnel;
  if (gone) impl_->tunnel.reset();
  if (!gone) impl_->relay_netlink->remove_link(impl_->relay_end(s));
  if (port) impl_->relay_netlink->remove_link(*port);
  close_together({&impl_->taps[index(s)], 1});
  impl_->taps[index(s)] = impl_->make_link(s);
  impl_->settle_relay(s);
}

std::string Lab::relay_end_name(Segment s) const { return impl_->name_of(s); }

void Lab::add_address(Segment s, Ipv4 a) { impl_->relay_netlink->add_address(impl_->relay_end(s), a); }
void Lab::remove_address(Segment s, Ipv4 a) { impl_->relay_netlink->remove_address(impl_->relay_end(s), a); }

void Lab::settle_hosts() {
  impl_->let_others_send();
  const Inside servers(impl_->sides[index(Segment::uplink)]);
  Netlink netlink;
  for (std::size_t n = 0; n < server_count; ++n)
    netlink.add_address(side_index, impl_->topology.servers[n].ipv4);
  for (const Segment s : all_downlinks) {
    const Network& network = impl_->topology[s];
    netlink.add_route(network.subnet(), network.prefix_length, impl_->topology[Segment::uplink].relay.ipv4);
  }
}

}  // namespace relayspec
