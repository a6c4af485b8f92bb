// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/wire.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {
namespace {

constexpr std::size_t largest_unfragmented = 1472;  // Ethernet's 1500 without the IP and UDP headers

[[noreturn]] void give_up(const Interface& i, const char* what) {
  std::fprintf(stderr, "relayspec-faulty: %s: %s: %s\n", i.name.c_str(), what, std::strerror(errno));
  std::exit(1);
}

void turn_on(int fd, int level, int option) {
  const int one = 1;
  if (setsockopt(fd, level, option, &one, sizeof one) != 0) {
    std::fprintf(stderr, "relayspec-faulty: socket option %d: %s\n", option, std::strerror(errno));
  }
}

sockaddr_in endpoint(Address a, std::uint16_t port) {
  sockaddr_in s{};
  s.sin_family = AF_INET;
  s.sin_port = htons(port);
  s.sin_addr.s_addr = htonl(a);
  return s;
}

int udp_socket(const Interface& i, std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up(i, "UDP socket");
  turn_on(fd, SOL_SOCKET, SO_REUSEADDR);
  turn_on(fd, SOL_SOCKET, SO_BROADCAST);
  turn_on(fd, IPPROTO_IP, IP_PKTINFO);
  turn_on(fd, IPPROTO_IP, IP_RECVTTL);
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, i.name.c_str(), static_cast<socklen_t>(i.name.size())) !=
      0) {
    give_up(i, "SO_BINDTODEVICE");
  }
  const sockaddr_in any = endpoint(0, port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) give_up(i, "bind");
  return fd;
}

std::uint32_t sum_of(const Bytes& octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(octets[i] << 8) : octets[i];
  return sum;
}

// As if the first carry could not bring about a second one.
std::uint16_t checksum_carried_once(const Bytes& octets) {
  const std::uint32_t sum = sum_of(octets);
  return static_cast<std::uint16_t>(~((sum & 0xffff) + (sum >> 16)));
}

Bytes udp_header(const Downward& to, const Bytes& message) {
  const auto length = static_cast<std::uint16_t>(8 + message.size());
  Bytes udp(8);
  put16(udp, 0, to.sport);
  put16(udp, 2, to.dport);
  put16(udp, 4, length);
  if (to.sum == Downward::Sum::none) return udp;
  Bytes covered(12);
  put32(covered, 0, to.source);
  put32(covered, 4, to.address);
  covered[9] = IPPROTO_UDP;
  put16(covered, 10, length);
  covered.insert(covered.end(), udp.begin(), udp.end());
  covered.insert(covered.end(), message.begin(), message.end());
  std::uint16_t sum =
      to.sum == Downward::Sum::carried_once ? checksum_carried_once(covered) : checksum(covered);
  if (sum == 0 && to.sum != Downward::Sum::zero_as_zero) sum = 0xffff;
  if (to.sum == Downward::Sum::wrong) sum = sum == 1 ? 2 : sum - 1;
  put16(udp, 6, sum);
  return udp;
}

Bytes ip_header(const Downward& to, std::size_t udp_size) {
  Bytes ip(20);
  ip[0] = 0x45;
  put16(ip, 2, static_cast<std::uint16_t>(20 + udp_size));
  ip[8] = to.ttl;
  ip[9] = IPPROTO_UDP;
  put32(ip, 12, to.source);
  put32(ip, 16, to.address);
  put16(ip, 10, checksum(ip));
  return ip;
}

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

// Writes whole frames to any interface; bound to no protocol, so it reads none. One for all, since the kernel
// takes some 10 ms to close each.
int packet_socket() {
  static const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  return fd;
}

void send_frame(const Interface& i, const Bytes& frame, std::uint16_t protocol) {
  sockaddr_ll there{};
  there.sll_family = AF_PACKET;
  there.sll_protocol = htons(protocol);
  there.sll_ifindex = i.index;
  if (sendto(packet_socket(), frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&there),
             sizeof there) < 0) {
    std::perror("relayspec-faulty: packet socket");
  }
}

}  // namespace

std::uint16_t checksum(const Bytes& octets) {
  std::uint32_t sum = sum_of(octets);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void refuse_unicast_in_broadcast(int udp, const std::vector<Network>& own) {
  const sock_filter accept = BPF_STMT(BPF_RET | BPF_K, 0xffff'ffff), refuse = BPF_STMT(BPF_RET | BPF_K, 0);
  std::vector<sock_filter> code{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 1), accept,
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_NET_OFF + 16))};
  for (const Network& n : own) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n.address, 0, 1));
    code.push_back(refuse);
  }
  code.push_back(accept);
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (setsockopt(udp, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    std::perror("relayspec-faulty: SO_ATTACH_FILTER");
}

void open_interface(Interface& i) {
  i.udp = udp_socket(i, 67);
  ifreq request{};
  std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", i.name.c_str());
  if (ioctl(i.udp, SIOCGIFHWADDR, &request) != 0) give_up(i, "link address");
  std::copy_n(reinterpret_cast<const std::uint8_t*>(request.ifr_hwaddr.sa_data), 6, i.mac.begin());
  i.index = static_cast<int>(if_nametoindex(i.name.c_str()));
  if (packet_socket() < 0) give_up(i, "packet socket");
}

int open_port(const Interface& i, std::uint16_t port) { return udp_socket(i, port); }

std::optional<Received> receive(int udp) {
  Received r;
  std::uint8_t buffer[65536];
  sockaddr_in from{};
  iovec octets{buffer, sizeof buffer};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(int))] = {};
  msghdr m = header_for(from, octets, control);
  const ssize_t n = recvmsg(udp, &m, MSG_DONTWAIT);
  if (n < 0) return std::nullopt;
  r.message.assign(buffer, buffer + n);
  r.from = ntohl(from.sin_addr.s_addr);
  r.port = ntohs(from.sin_port);
  for (cmsghdr* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
      std::memcpy(&r.ttl, CMSG_DATA(c), sizeof r.ttl);
    if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO) continue;
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(c), sizeof info);
    r.to = ntohl(info.ipi_addr.s_addr);
  }
  return r;
}

void send_up(const Interface& uplink, const Upward& up, const Bytes& message) {
  const int ready = up.sport == 67 ? uplink.udp : up.sport == up.other_port ? uplink.other : -1;
  const int fd = ready < 0 ? udp_socket(uplink, up.sport) : ready;
  const int no_checksum = up.checksum ? 0 : 1;
  if (setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &no_checksum, sizeof no_checksum) != 0)
    std::perror("relayspec-faulty: SO_NO_CHECK");
  if (setsockopt(fd, IPPROTO_IP, IP_TTL, &up.ttl, sizeof up.ttl) != 0)
    std::perror("relayspec-faulty: IP_TTL");
  sockaddr_in to = endpoint(up.server, up.dport);
  iovec octets{const_cast<std::uint8_t*>(message.data()), message.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in_pktinfo))] = {};
  msghdr m = header_for(to, octets, control);
  cmsghdr* c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_PKTINFO;
  c->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo source{};
  source.ipi_spec_dst.s_addr = htonl(up.source);
  std::memcpy(CMSG_DATA(c), &source, sizeof source);
  // An address that is not this host's may be used by a transparent socket alone.
  if (!uplink.has(up.source)) turn_on(fd, IPPROTO_IP, IP_TRANSPARENT);
  if (sendmsg(fd, &m, 0) < 0) std::perror("relayspec-faulty: sendmsg");
  if (ready < 0) close(fd);
}

bool sums_up_to_zero(const Upward& up, const Bytes& message) {
  Bytes covered(20);
  put32(covered, 0, up.source);
  put32(covered, 4, up.server);
  covered[9] = IPPROTO_UDP;
  const auto length = static_cast<std::uint16_t>(8 + message.size());
  put16(covered, 10, length);
  put16(covered, 12, up.sport);
  put16(covered, 14, up.dport);
  put16(covered, 16, length);
  covered.insert(covered.end(), message.begin(), message.end());
  return checksum(covered) == 0;
}

bool has_neighbour(const Interface& i, Address a) {
  const sockaddr_in there = endpoint(a, 0);
  arpreq entry{};
  std::memcpy(&entry.arp_pa, &there, sizeof there);
  std::snprintf(entry.arp_dev, sizeof entry.arp_dev, "%s", i.name.c_str());
  return ioctl(i.udp, SIOCGARP, &entry) == 0 && (entry.arp_flags & ATF_COM) != 0;
}

bool was_refused(const Interface& uplink) {
  turn_on(uplink.udp, IPPROTO_IP, IP_RECVERR);
  char octets[64], control[512];
  iovec data{octets, sizeof octets};
  msghdr m{};
  m.msg_iov = &data;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  return recvmsg(uplink.udp, &m, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0;
}

void refuse_by_icmp(const Interface& i) {
  const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  turn_on(fd, SOL_SOCKET, SO_BROADCAST);
  setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, i.name.c_str(), static_cast<socklen_t>(i.name.size()));
  Bytes unreachable(36);  // RFC 792: type 3, code 3
  unreachable[0] = unreachable[1] = 3;
  put16(unreachable, 2, checksum(unreachable));
  const sockaddr_in to_all = endpoint(everyone, 0);
  if (sendto(fd, unreachable.data(), unreachable.size(), 0, reinterpret_cast<const sockaddr*>(&to_all),
             sizeof to_all) < 0)
    std::perror("relayspec-faulty: ICMP");
  close(fd);
}

void send_down(const Interface& downlink, const Downward& to, const Bytes& message) {
  if (message.size() > largest_unfragmented) {
    send_down_by_kernel(downlink, to, message, true);
    return;
  }
  Bytes frame;
  frame.insert(frame.end(), to.mac.begin(), to.mac.end());
  frame.insert(frame.end(), downlink.mac.begin(), downlink.mac.end());
  append(frame, {ETH_P_IP >> 8, ETH_P_IP & 0xff});
  append(frame, ip_header(to, 8 + message.size()));
  append(frame, udp_header(to, message));
  append(frame, message);
  send_frame(downlink, frame, ETH_P_IP);
}

void send_down_by_kernel(const Interface& downlink, const Downward& to, const Bytes& message, bool plant) {
  const sockaddr_in there = endpoint(to.address, to.dport);
  if (plant && to.address != everyone) {
    arpreq entry{};
    std::memcpy(&entry.arp_pa, &there, sizeof there);
    entry.arp_ha.sa_family = ARPHRD_ETHER;
    std::copy(to.mac.begin(), to.mac.end(), reinterpret_cast<std::uint8_t*>(entry.arp_ha.sa_data));
    entry.arp_flags = ATF_COM;
    std::snprintf(entry.arp_dev, sizeof entry.arp_dev, "%s", downlink.name.c_str());
    if (ioctl(downlink.udp, SIOCSARP, &entry) != 0) std::perror("relayspec-faulty: SIOCSARP");
  }
  if (sendto(downlink.udp, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&there),
             sizeof there) < 0) {
    std::perror("relayspec-faulty: sendto");
  }
}

}  // namespace relayspec::faulty
