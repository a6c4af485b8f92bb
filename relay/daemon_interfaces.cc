// SPDX-License-Identifier: Apache-2.0
// The interfaces and their IPv4 addresses, from the kernel.
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "relay/daemon_sockets.h"

namespace relayspec::relay {
namespace {

Ipv4 ipv4_of(const sockaddr* address) {
  if (address == nullptr) return {};
  sockaddr_in in{};
  std::memcpy(&in, address, sizeof in);
  return {ntohl(in.sin_addr.s_addr)};
}

// The list of interfaces has no MTU, and no index where there is no link-layer address.
void read_by_name(const Descriptor& socket, Interface& interface) {
  ifreq request{};
  interface.name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (ioctl(socket.get(), SIOCGIFINDEX, &request) == 0)
    interface.index = static_cast<unsigned>(request.ifr_ifindex);
  interface.mtu =
      ioctl(socket.get(), SIOCGIFMTU, &request) == 0 ? static_cast<std::size_t>(request.ifr_mtu) : 1500;
}

}  // namespace

std::vector<Interface> read_interfaces() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0)
    throw StartError(1, std::string("reading the interfaces: ") + std::strerror(errno));
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  const Descriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

  std::vector<Interface> all;
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
    // Every interface has one such entry, without an address if it has none on its link: a tunnel.
    const bool addressed = entry->ifa_addr != nullptr;
    if (addressed && entry->ifa_addr->sa_family != AF_PACKET) continue;
    Interface interface;
    interface.name = entry->ifa_name;
    read_by_name(any, interface);
    if (addressed) {
      sockaddr_ll link{};
      std::memcpy(&link, entry->ifa_addr, sizeof link);
      interface.ethernet = link.sll_hatype == ARPHRD_ETHER;
      std::copy_n(link.sll_addr, interface.mac.size(), interface.mac.begin());
    }
    all.push_back(std::move(interface));
  }
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    // A secondary address may carry a label of its own: "eth0:1".
    const std::string label = entry->ifa_name;
    const auto name = label.substr(0, label.find(':'));
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Interface& i) { return i.name == name; });
    if (found != all.end())
      found->addresses.push_back({ipv4_of(entry->ifa_addr), ipv4_of(entry->ifa_netmask)});
  }
  return all;
}

}  // namespace relayspec::relay
