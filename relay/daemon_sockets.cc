// SPDX-License-Identifier: Apache-2.0
#include "relay/daemon_sockets.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "relay/link_broadcast_filter.h"
#include "relay/zero_source.h"

namespace relayspec::relay {
namespace {

// Both are large enough for a burst from a large network; a server that does not answer ARP keeps up to 200
// kB of the send buffer.
constexpr int receive_buffer = 8 << 20, send_buffer = 8 << 20;

[[noreturn]] void fail(const char* what, const char* privilege) {
  const int error = errno;
  const bool denied = error == EPERM || error == EACCES;
  throw StartError(
      1, fmt::format("{}: {}{}", what, std::strerror(error),
                     denied ? fmt::format("; needs {}: run as root, or setcap the program", privilege) : ""));
}

void set_option(int fd, int level, int option, int value) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) fail("socket option", "no privilege");
}

// The forced size needs CAP_NET_ADMIN; without it the system's limit holds.
void set_buffer(int fd, int forced, int limited, int size) {
  if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof size) != 0) set_option(fd, SOL_SOCKET, limited, size);
}

void attach(int fd, std::vector<sock_filter> program) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    fail("socket filter", "no privilege");
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor open_udp(std::uint16_t port) {
  Descriptor udp(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (udp.get() < 0) fail("UDP socket", "no privilege");
  set_option(udp.get(), SOL_SOCKET, SO_BROADCAST, 1);
  set_option(udp.get(), IPPROTO_IP, IP_PKTINFO, 1);
  // Datagrams above the MTU are sent in fragments.
  set_option(udp.get(), IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  set_buffer(udp.get(), SO_RCVBUFFORCE, SO_RCVBUF, receive_buffer);
  set_buffer(udp.get(), SO_SNDBUFFORCE, SO_SNDBUF, send_buffer);

  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (bind(udp.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) {
    if (errno == EADDRINUSE)
      throw StartError(
          1, fmt::format("UDP port {} is in use: another DHCP server or relay is running here", port));
    fail("UDP port", "CAP_NET_BIND_SERVICE");
  }
  return udp;
}

void refuse_link_broadcasts(const Descriptor& udp, const std::vector<Interface>& interfaces) {
  attach(udp.get(), link_broadcast_filter(interfaces));
}

Descriptor open_frames() {
  Descriptor frames(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (frames.get() < 0) fail("packet socket", "CAP_NET_RAW");
  set_buffer(frames.get(), SO_SNDBUFFORCE, SO_SNDBUF, send_buffer);
  return frames;
}

Descriptor open_zero_source() {
  // With a protocol it would take frames before the filter is there.
  Descriptor packets(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (packets.get() < 0) fail("packet socket", "CAP_NET_RAW");
  attach(packets.get(), zero_source_filter());
  set_option(packets.get(), SOL_PACKET, PACKET_AUXDATA, 1);
  set_buffer(packets.get(), SO_RCVBUFFORCE, SO_RCVBUF, receive_buffer);
  sockaddr_ll everywhere{};
  everywhere.sll_family = AF_PACKET;
  everywhere.sll_protocol = htons(ETHERTYPE_IP);
  if (bind(packets.get(), reinterpret_cast<const sockaddr*>(&everywhere), sizeof everywhere) != 0)
    fail("packet socket", "CAP_NET_RAW");
  return packets;
}

Descriptor open_changes() {
  Descriptor changes(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR;
  if (changes.get() < 0 ||
      bind(changes.get(), reinterpret_cast<const sockaddr*>(&groups), sizeof groups) != 0)
    fail("netlink socket", "no privilege");
  return changes;
}

Descriptor open_signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  Descriptor fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (fd.get() < 0) fail("signalfd", "no privilege");
  return fd;
}

}  // namespace relayspec::relay
