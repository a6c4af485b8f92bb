// SPDX-License-Identifier: Apache-2.0
// Sockets and frames: one UDP socket for every interface, and a packet socket for frames to clients that have
// no address yet.
#pragma once

#include <sys/socket.h>

#include <optional>

#include "testsuites/faulty/relay.h"

namespace relayspec::faulty {

using Mac = std::array<std::uint8_t, 6>;
inline constexpr Mac everyone_mac{255, 255, 255, 255, 255, 255};
inline constexpr Address everyone = 0xff'ff'ff'ff;

/// What recvmsg() and sendmsg() take: one peer, one run of octets, and room for ancillary data.
template <class Peer, std::size_t Size>
msghdr header_for(Peer& peer, iovec& octets, char (&control)[Size]) {
  msghdr m{};
  m.msg_name = &peer;
  m.msg_namelen = sizeof peer;
  m.msg_iov = &octets;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  return m;
}

/// Opens the interface's sockets and learns its index and link address. Says what is wrong and exits with 1.
void open_interface(Interface&);

struct Received {
  Bytes message;
  Address from = 0, to = 0;
  std::uint16_t port = 0;
  bool link_unicast = false;  ///< of a frame that was read as such
  bool at_other_port = false;
  bool summed = true;  ///< its UDP header had a checksum
  int ttl = 64;
  Mac sender{};  ///< of a frame that was read as such
};
/// RFC 1071, over octets that begin with zero where the sum belongs or hold it: then it is zero.
std::uint16_t checksum(const Bytes& octets);

/// RFC 1122 section 3.3.6: a datagram to one host must not be in a broadcast frame. With these addresses of
/// the relay, its UDP sockets refuse such datagrams.
void refuse_unicast_in_broadcast(int udp, const std::vector<Network>& own);

/// A UDP socket of an interface, at a port.
int open_port(const Interface&, std::uint16_t port);
/// What waits at the interface's UDP socket; nothing when nothing does.
std::optional<Received> receive(int udp);

/// How a request leaves; the kernel builds the headers.
struct Upward {
  Address source;
  Address server;
  std::uint16_t dport = 67, sport = 67;
  std::uint16_t other_port = 67;  ///< that of Interface::other
  bool checksum = true;
  int ttl = 64;
};
void send_up(const Interface& uplink, const Upward&, const Bytes& message);

/// Whether the UDP checksum of the datagram comes out as zero.
bool sums_up_to_zero(const Upward&, const Bytes& message);
/// Whether a neighbour has answered ARP, and whether a host has refused a datagram since the last call.
bool has_neighbour(const Interface&, Address);
bool was_refused(const Interface& uplink);
/// Sends ICMP "port unreachable" to all hosts on a link.
void refuse_by_icmp(const Interface&);

/// How a reply is delivered; the headers are built here, for the client cannot answer ARP yet.
struct Downward {
  Mac mac;
  Address address, source;
  std::uint16_t dport = 68, sport = 67;
  enum class Sum : std::uint8_t { right, none, wrong, zero_as_zero, carried_once } sum = Sum::right;
  std::uint8_t ttl = 64;
};
void send_down(const Interface& downlink, const Downward&, const Bytes& message);

/// The same through the kernel's UDP and its neighbour table; `plant`: the entry is made first, so that
/// nobody is asked.
void send_down_by_kernel(const Interface& downlink, const Downward&, const Bytes& message, bool plant);

}  // namespace relayspec::faulty
