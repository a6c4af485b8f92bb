// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/tunnel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace relayspec {
namespace {

constexpr std::size_t link_header = 14, ip_header = 20, largest = 65536;

Fd open_tunnel(const std::string& name, int index) {
  Fd tunnel(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!tunnel)
    throw LabMissing(fmt::format("no tun device can be made here: /dev/net/tun: {}", std::strerror(errno)));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(tunnel.get(), TUNSETIFINDEX, &index) != 0 || ::ioctl(tunnel.get(), TUNSETIFF, &request) != 0)
    throw LabMissing(fmt::format("no tun device can be made here: {}", std::strerror(errno)));
  return tunnel;
}

Fd open_link(int index) {
  const char* what = "cannot open the link behind a tun device";
  Fd link(checked(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), what));
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_IP);
  address.sll_ifindex = index;
  checked(::bind(link.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), what);
  return link;
}

// A frame for which there is no room is lost, as on any link.
void put(const Fd& to, std::span<const std::uint8_t> octets) {
  [[maybe_unused]] const auto taken = ::write(to.get(), octets.data(), octets.size());
}

}  // namespace

Tunnel::Tunnel(const std::string& name, int index, int port, const Topology& topology)
    : topology_(topology),
      tunnel_(open_tunnel(name, index)),
      link_(open_link(port)),
      stop_(checked(::eventfd(0, EFD_CLOEXEC), "cannot make an event")),
      thread_([this] { pass_on(); }) {
  // A process that is forked while a thread starts may inherit locks that nobody opens again.
  runs_.wait();
}

Tunnel::~Tunnel() {
  const std::uint64_t one = 1;
  put(stop_, {reinterpret_cast<const std::uint8_t*>(&one), sizeof one});
}

void Tunnel::pass_on() {
  runs_.count_down();
  std::array<pollfd, 3> waiting{
      {{stop_.get(), POLLIN, 0}, {tunnel_.get(), POLLIN, 0}, {link_.get(), POLLIN, 0}}};
  while (waiting[0].revents == 0) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) packets_to_link();
    if (waiting[2].revents != 0) frames_to_tunnel();
  }
}

void Tunnel::packets_to_link() {
  std::array<std::uint8_t, link_header + largest> frame{};
  const auto size = ::read(tunnel_.get(), frame.data() + link_header, largest);
  if (size < static_cast<ssize_t>(ip_header)) return;
  std::uint32_t address = 0;
  std::memcpy(&address, frame.data() + link_header + 16, sizeof address);
  const auto server = topology_.server_at(Ipv4(address));
  if (!server) return;
  const Mac &to = topology_.servers[*server].mac, &from = topology_[Segment::uplink].relay.mac;
  std::copy(to.begin(), to.end(), frame.begin());
  std::copy(from.begin(), from.end(), frame.begin() + 6);
  frame[12] = ETH_P_IP >> 8;
  put(link_, std::span(frame).first(link_header + static_cast<std::size_t>(size)));
}

void Tunnel::frames_to_tunnel() {
  std::array<std::uint8_t, link_header + largest> frame{};
  sockaddr_ll from{};
  socklen_t length = sizeof from;
  const auto size =
      ::recvfrom(link_.get(), frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
  if (size < static_cast<ssize_t>(link_header + ip_header) || from.sll_pkttype == PACKET_OUTGOING) return;
  const Mac& relay = topology_[Segment::uplink].relay.mac;
  if (!std::equal(relay.begin(), relay.end(), frame.begin())) return;
  put(tunnel_, std::span(frame).subspan(link_header, static_cast<std::size_t>(size) - link_header));
}

}  // namespace relayspec
