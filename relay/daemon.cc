// SPDX-License-Identifier: Apache-2.0
#include "relay/daemon.h"

#include <net/ethernet.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "relay/daemon_privileges.h"
#include "relay/zero_source.h"

namespace relayspec::relay {
namespace {

// It tells the kernel which address a datagram comes from and, if `interface` is not 0, where it leaves.
void fill_pktinfo(std::span<std::uint8_t> control, Ipv4 source, unsigned interface) {
  cmsghdr header{};
  header.cmsg_level = IPPROTO_IP;
  header.cmsg_type = IP_PKTINFO;
  header.cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo info{};
  info.ipi_ifindex = static_cast<int>(interface);
  info.ipi_spec_dst.s_addr = htonl(source.value);
  std::memcpy(control.data(), &header, sizeof header);
  std::memcpy(control.data() + CMSG_LEN(0), &info, sizeof info);
}

// What the kernel says about a datagram; all zero where it says nothing.
template <class Data>
Data control_of(msghdr& message, int level, int type) {
  Data data{};
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == level && header->cmsg_type == type)
      std::memcpy(&data, CMSG_DATA(header), sizeof data);
  }
  return data;
}

struct Packet {
  std::size_t size = 0;
  unsigned interface = 0;
  bool link_unicast = false, checksum_pending = false;
};

std::optional<Packet> receive_packet(int socket, std::span<std::uint8_t> buffer) {
  sockaddr_ll from{};
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(tpacket_auxdata))> control{};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto size = recvmsg(socket, &message, MSG_DONTWAIT);
  if (size < 0) return {};
  const auto aux = control_of<tpacket_auxdata>(message, SOL_PACKET, PACKET_AUXDATA);
  return Packet{static_cast<std::size_t>(size), static_cast<unsigned>(from.sll_ifindex),
                from.sll_pkttype == PACKET_HOST, (aux.tp_status & TP_STATUS_CSUMNOTREADY) != 0};
}

sockaddr_in socket_address(Ipv4 address, std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  in.sin_addr.s_addr = htonl(address.value);
  return in;
}

}  // namespace

Daemon::Daemon(const Settings& settings)
    : settings_(settings),
      log_(settings.log_level),
      config_(configure(settings, read_interfaces())),
      memory_(settings.config.server_id == ServerId::rewrite ? settings.clients : 0),
      signals_(open_signals({SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE})),
      changes_(open_changes()),
      udp_(open_udp()),
      other_port_(settings.source_port ? open_udp(*settings.source_port) : Descriptor()),
      zero_source_(open_zero_source()),
      frames_(open_frames()),
      buffers_(std::make_unique_for_overwrite<std::uint8_t[]>(slots * slot_size)) {
  drop_privileges(log_);
  for (std::size_t i = 0; i < slots; ++i) {
    received_parts_[i].iov_base = buffer(i).data();
    received_[i].msg_hdr.msg_iov = &received_parts_[i];
    received_[i].msg_hdr.msg_iovlen = 1;
    received_[i].msg_hdr.msg_control = received_control_[i].octets.data();
    received_[i].msg_hdr.msg_name = &received_from_[i];
  }
  // RFC 2131, section 4.1: to servers by port 67.
  for (const auto server : config_.servers) servers_.push_back(socket_address(server, 67));
  copies_.reserve(slots * servers_.size());
  copies_from_other_port_.reserve(slots * servers_.size());
  replies_.reserve(slots);
  read_surroundings();
}

void Daemon::read_surroundings() {
  const auto interfaces = read_interfaces();
  refresh(config_, settings_, interfaces);
  downlinks_.clear();
  for (const auto& name : settings_.downlinks) {
    const auto* found = find_interface(interfaces, name);
    downlinks_.push_back(found == nullptr ? Port{} : Port{found->index, found->mtu, found->mac});
  }
  uplinks_.clear();
  for (const auto& name : settings_.uplinks) {
    const auto* found = find_interface(interfaces, name);
    if (found != nullptr) uplinks_.push_back(found->index);
  }
  fill_pktinfo(from_uplink_.octets, config_.uplink_address, 0);
  refuse_link_broadcasts(udp_, interfaces);

  for (std::size_t i = 0; i < downlinks_.size(); ++i) {
    const auto& addresses = config_.downlinks[i].addresses;
    if (addresses.empty()) {
      log_(LogLevel::warning, "downlink {}: no IPv4 address, nothing is relayed there",
           settings_.downlinks[i]);
    } else {
      log_(LogLevel::info, "downlink {}: giaddr {}", settings_.downlinks[i], to_string(addresses.front()));
    }
  }
  log_(LogLevel::info, "uplink {}: source {}, {} server(s)", settings_.uplinks.front(),
       to_string(config_.uplink_address), servers_.size());
}

void Daemon::run() {
  log_(LogLevel::info, "relaying");
  std::array<pollfd, 5> waiting{{{signals_.get(), POLLIN, 0},
                                 {changes_.get(), POLLIN, 0},
                                 {udp_.get(), POLLIN, 0},
                                 {other_port_.get(), POLLIN, 0},
                                 {zero_source_.get(), POLLIN, 0}}};
  for (;;) {
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0 && !serve_signals()) break;
    if (waiting[1].revents != 0) serve_changes();
    if (waiting[2].revents != 0) serve_datagrams(udp_);
    if (waiting[3].revents != 0) serve_datagrams(other_port_);
    if (waiting[4].revents != 0) serve_zero_source();
  }
  print_counters();
}

bool Daemon::serve_signals() {
  signalfd_siginfo signal{};
  while (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    switch (signal.ssi_signo) {
      case SIGUSR1:
        print_counters();
        break;
      case SIGHUP:
        read_surroundings();
        break;
      case SIGPIPE:
        break;
      default:
        return false;
    }
  }
  return true;
}

void Daemon::serve_changes() {
  // What has changed does not matter: everything is read again. An overrun (ENOBUFS) means the same.
  std::array<std::uint8_t, 8192> ignored;
  while (recv(changes_.get(), ignored.data(), ignored.size(), 0) > 0 || errno == ENOBUFS || errno == EINTR) {
  }
  read_surroundings();
}

Ingress Daemon::ingress(unsigned interface, Ipv4 source, Ipv4 destination, bool at_other_port) const {
  Ingress where;
  where.source = source;
  where.unicast = config_.is_own(destination);
  for (std::size_t i = 0; i < downlinks_.size(); ++i) {
    // RFC 8357, section 3.1: the other port is for servers alone.
    if (downlinks_[i].index == interface && interface != 0 && !at_other_port) where.downlink = i;
  }
  where.uplink = std::find(uplinks_.begin(), uplinks_.end(), interface) != uplinks_.end();
  return where;
}

void Daemon::serve_datagrams(const Descriptor& udp) {
  for (std::size_t i = 0; i < slots; ++i) {
    received_parts_[i].iov_len = largest_packet;
    received_[i].msg_hdr.msg_controllen = received_control_[i].octets.size();
    received_[i].msg_hdr.msg_namelen = sizeof received_from_[i];
  }
  const int count = recvmmsg(udp.get(), received_.data(), slots, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    const auto info = control_of<in_pktinfo>(received_[slot].msg_hdr, IPPROTO_IP, IP_PKTINFO);
    serve(slot, Message(buffer(slot), received_[slot].msg_len),
          ingress(static_cast<unsigned>(info.ipi_ifindex), {ntohl(received_from_[slot].sin_addr.s_addr)},
                  {ntohl(info.ipi_addr.s_addr)}, &udp == &other_port_));
  }
  send_all();
}

// One at a time: clients broadcast, so few datagrams come here.
void Daemon::serve_zero_source() {
  const auto packet = receive_packet(zero_source_.get(), buffer(0).first(largest_packet));
  if (!packet) return;
  const auto datagram = read_datagram(buffer(0).first(packet->size), packet->checksum_pending);
  if (!datagram) return;
  const auto where = ingress(packet->interface, {}, datagram->destination, false);
  if (!where.downlink) return;
  // RFC 1122, section 3.3.6: no datagram for one host in a broadcast or multicast frame.
  const auto& broadcasts = config_.downlinks[*where.downlink].broadcasts;
  const bool for_all =
      std::find(broadcasts.begin(), broadcasts.end(), datagram->destination) != broadcasts.end();
  if (!for_all && !(where.unicast && packet->link_unicast)) return;
  serve(0, Message(buffer(0).subspan(datagram->begin), datagram->size), where);
  send_all();
}

void Daemon::send_all() {
  counters_.copies += flush(udp_.get(), copies_);
  counters_.copies += flush(other_port_.get(), copies_from_other_port_);
  flush(frames_.get(), replies_);
}

void Daemon::serve(std::size_t slot, Message message, const Ingress& where) {
  const auto size = message.size();
  const auto decision = handle(config_, memory_, where, message);
  counters_.count(decision);
  switch (decision.action) {
    case Decision::Action::drop:
      log_(LogLevel::debug, "dropped {} octets from {}: {}", size, to_string(where.source),
           describe(decision.reason));
      break;
    case Decision::Action::to_servers:
      log_(LogLevel::debug, "request xid {:08x}: {} → {} server(s)", message.xid(),
           settings_.downlinks[decision.downlink], servers_.size());
      // RFC 8357, section 5.1: another port only where the message says so.
      to_servers(slot, message,
                 settings_.source_port && decision.notes.option82_added ? copies_from_other_port_ : copies_);
      break;
    case Decision::Action::to_client:
      log_(LogLevel::debug, "reply xid {:08x}: {} → {}", message.xid(),
           settings_.downlinks[decision.downlink], to_string(decision.destination));
      to_client(slot, message, decision);
      break;
  }
}

void Daemon::to_servers(std::size_t slot, const Message& message, std::vector<mmsghdr>& copies) {
  copy_parts_[slot] = {const_cast<std::uint8_t*>(message.octets().data()), message.size()};
  for (auto& server : servers_) {
    mmsghdr copy{};
    copy.msg_hdr.msg_name = &server;
    copy.msg_hdr.msg_namelen = sizeof server;
    copy.msg_hdr.msg_iov = &copy_parts_[slot];
    copy.msg_hdr.msg_iovlen = 1;
    copy.msg_hdr.msg_control = from_uplink_.octets.data();
    copy.msg_hdr.msg_controllen = from_uplink_.octets.size();
    copies.push_back(copy);
  }
}

void Daemon::to_client(std::size_t slot, const Message& message, const Decision& decision) {
  const auto& downlink = downlinks_[decision.downlink];
  if (message.size() + ip_and_udp_headers > downlink.mtu) {
    to_client_in_fragments(message, decision);
    return;
  }
  auto& frame = frame_parts_[slot];
  frame.headers =
      frame_headers({downlink.mac, decision.link_destination, decision.source, decision.destination},
                    ++identification_, message.octets());
  frame.parts = {{{frame.headers.data(), frame.headers.size()},
                  {const_cast<std::uint8_t*>(message.octets().data()), message.size()}}};
  frame.out = {};
  frame.out.sll_family = AF_PACKET;
  frame.out.sll_protocol = htons(ETHERTYPE_IP);
  frame.out.sll_ifindex = static_cast<int>(downlink.index);
  mmsghdr reply{};
  reply.msg_hdr.msg_name = &frame.out;
  reply.msg_hdr.msg_namelen = sizeof frame.out;
  reply.msg_hdr.msg_iov = frame.parts.data();
  reply.msg_hdr.msg_iovlen = frame.parts.size();
  replies_.push_back(reply);
}

// Unicast would need an entry in the kernel's ARP table for an address that may never be used. RFC 1542,
// section 4.1.2: where unicasting is not possible the reply may be broadcast.
void Daemon::to_client_in_fragments(const Message& message, const Decision& decision) {
  Control control;
  fill_pktinfo(control.octets, decision.source, downlinks_[decision.downlink].index);
  auto client = socket_address(limited_broadcast, 68);
  iovec part{const_cast<std::uint8_t*>(message.octets().data()), message.size()};
  msghdr reply{};
  reply.msg_name = &client;
  reply.msg_namelen = sizeof client;
  reply.msg_iov = &part;
  reply.msg_iovlen = 1;
  reply.msg_control = control.octets.data();
  reply.msg_controllen = control.octets.size();
  if (sendmsg(udp_.get(), &reply, MSG_DONTWAIT) < 0) ++counters_.not_sent;
}

// sendmmsg stops at a datagram that the kernel refuses (no route, a pending ICMP error, a full buffer): that
// one is lost, the others, to other servers perhaps, are not.
std::size_t Daemon::flush(int socket, std::vector<mmsghdr>& messages) {
  std::size_t next = 0, sent = 0;
  while (next < messages.size()) {
    const int count =
        sendmmsg(socket, messages.data() + next, static_cast<unsigned>(messages.size() - next), MSG_DONTWAIT);
    if (count < 0) {
      ++counters_.not_sent;
      log_(LogLevel::debug, "not sent: {}", std::strerror(errno));
      ++next;
    } else {
      next += static_cast<std::size_t>(count);
      sent += static_cast<std::size_t>(count);
    }
  }
  messages.clear();
  return sent;
}

void Daemon::print_counters() const { Log::line("counters\n" + counters_.report()); }

}  // namespace relayspec::relay
