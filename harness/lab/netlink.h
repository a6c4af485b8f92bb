// SPDX-License-Identifier: Apache-2.0
// The few rtnetlink requests that the lab needs, over one socket in one network namespace.
#pragma once

#include <libmnl/libmnl.h>

#include <array>
#include <memory>
#include <string>

#include "relayspec/harness/topology.h"

namespace relayspec {

/// One end of a veth pair. The index is chosen by us, so that nobody need ask for it.
struct LinkEnd {
  int namespace_fd;
  std::string name;
  int index;
  Mac mac;
};

class Netlink {
 public:
  /// Speaks for the network namespace that the calling thread is in. Throws LabError, as all requests do.
  Netlink();

  void create_veth(const LinkEnd&, const LinkEnd&);
  /// A bridge in this namespace, and a link that becomes a port of it.
  void create_bridge(const std::string& name, int index, const Mac&);
  void set_bridge(int port, int bridge);
  /// The other end goes as well.
  void remove_link(int index);

  /// No address of its own making in IPv6 (so neither router solicitations nor multicast reports), and IPv4
  /// as the lab wants it whatever the machine's defaults are. To be called before the link goes up.
  void quiet(int index, bool forwarding);
  void set_up(int index, bool up = true);
  /// Whether a link that is up can carry frames: a bridge cannot before one of its ports forwards.
  bool has_carrier(int index);

  /// With the broadcast address of the subnet; one of 32 bits has none.
  void add_address(int index, Ipv4 address, unsigned prefix = 24);
  void remove_address(int index, Ipv4 address);
  void add_route(Ipv4 network, unsigned prefix, Ipv4 gateway);
  /// To hosts on the link itself, which see the relay come from `source`.
  void add_link_route(int index, Ipv4 network, unsigned prefix, Ipv4 source);

  /// Removes every neighbour on a link that the kernel or a program has learnt.
  void flush_neighbours(int index);

 private:
  void change_address(std::uint16_t type, std::uint16_t flags, int index, Ipv4 address, unsigned prefix);
  static constexpr std::size_t buffer_size = 32768;

  nlmsghdr* start(std::uint16_t type, std::uint16_t flags);
  nlmsghdr* start_route(Ipv4 network, unsigned prefix, unsigned char scope);
  int request(nlmsghdr*, mnl_cb_t = nullptr, void* data = nullptr);  // 0 or errno
  void demand(nlmsghdr*, const std::string& what);

  std::unique_ptr<mnl_socket, int (*)(mnl_socket*)> socket_;
  unsigned port_ = 0;
  std::uint32_t sequence_ = 0;
  alignas(nlmsghdr) std::array<char, 4096> out_{};
  std::unique_ptr<char[]> in_;
};

}  // namespace relayspec
