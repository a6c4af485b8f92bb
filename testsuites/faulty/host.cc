// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

namespace relayspec::faulty {
namespace {

Address address_of(const sockaddr* s) {
  sockaddr_in in{};
  if (s == nullptr) return 0;
  std::memcpy(&in, s, sizeof in);
  return ntohl(in.sin_addr.s_addr);
}

std::size_t mtu_of(const Interface& i) {
  ifreq request{};
  std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", i.name.c_str());
  return ioctl(i.udp, SIOCGIFMTU, &request) == 0 ? static_cast<std::size_t>(request.ifr_mtu) : 1500;
}

}  // namespace

bool Interface::has(Address a) const {
  return std::any_of(addresses.begin(), addresses.end(), [&](const Network& n) { return n.address == a; });
}

Network Interface::network() const {
  for (const Network& n : addresses) {
    if (n.address == configured) return n;
  }
  return addresses.empty() ? Network{0, 0} : addresses.front();
}

bool Settings::is_own(Address a) const {
  return std::any_of(own.begin(), own.end(), [&](const Network& n) { return n.address == a; });
}

void read_host(Settings& s) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) {
    std::perror("relayspec-faulty: getifaddrs");
    return;
  }
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  std::vector<Interface*> interfaces{&s.uplink};
  for (Interface& i : s.downlinks) interfaces.push_back(&i);
  for (Interface* i : interfaces) i->addresses.clear();
  s.own.clear();
  for (const ifaddrs* a = list; a != nullptr; a = a->ifa_next) {
    if (a->ifa_addr == nullptr || a->ifa_addr->sa_family != AF_INET) continue;
    const Network n{address_of(a->ifa_addr), address_of(a->ifa_netmask)};
    if (s.wrong("addresses-of-32-bits-ignored") && n.mask == 0xff'ff'ff'ff) continue;
    // An alias bears the interface's name and more behind a colon.
    const std::string name(a->ifa_name, std::strcspn(a->ifa_name, ":"));
    s.own.push_back(n);
    for (Interface* i : interfaces) {
      if (i->name == name) i->addresses.push_back(n);
    }
  }
  s.uplink.mtu = mtu_of(s.uplink);
}

bool is_martian(const Settings& s, Address a) {
  const auto first = a >> 24;
  return first == 0 || first == 127 || first >= 224 ||
         std::any_of(s.own.begin(), s.own.end(),
                     [&](const Network& n) { return n.address == a || n.broadcast() == a; });
}

bool is_running(const Interface& i) {
  ifreq request{};
  std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", i.name.c_str());
  return ioctl(i.udp, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_RUNNING) != 0;
}

void set_arp(const Interface& i, bool on) {
  ifreq request{};
  std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", i.name.c_str());
  if (ioctl(i.udp, SIOCGIFFLAGS, &request) == 0) {
    const int flags = on ? request.ifr_flags & ~IFF_NOARP : request.ifr_flags | IFF_NOARP;
    request.ifr_flags = static_cast<short>(flags);
    if (ioctl(i.udp, SIOCSIFFLAGS, &request) == 0) return;
  }
  std::perror("relayspec-faulty: SIOCSIFFLAGS");
}

bool has_bridge_port() {
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> all(if_nameindex(),
                                                                              if_freenameindex);
  for (const struct if_nameindex* i = all.get(); i != nullptr && i->if_name != nullptr; ++i) {
    if (std::string_view(i->if_name).starts_with("port")) return true;
  }
  return false;
}

void set_forwarding(bool on) { std::ofstream("/proc/sys/net/ipv4/ip_forward") << (on ? '1' : '0'); }

int open_watch() {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  sockaddr_nl here{};
  here.nl_family = AF_NETLINK;
  here.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR;
  if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) {
    std::perror("relayspec-faulty: netlink");
    std::exit(1);
  }
  return fd;
}

Changes read_watch(int watch) {
  Changes changes;
  alignas(nlmsghdr) char buffer[32768];
  for (ssize_t n; (n = recv(watch, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
    changes.any = true;
    auto left = static_cast<std::uint32_t>(n);
    for (auto* h = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
      if (h->nlmsg_type != RTM_NEWLINK && h->nlmsg_type != RTM_DELLINK) continue;
      const auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(h));
      if (h->nlmsg_type == RTM_DELLINK) changes.gone.push_back(link->ifi_index);
      if ((link->ifi_flags & IFF_RUNNING) == 0) changes.down.push_back(link->ifi_index);
    }
  }
  return changes;
}

}  // namespace relayspec::faulty
