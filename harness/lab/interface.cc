// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/interface.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "harness/lab/namespace.h"

namespace relayspec {
namespace {

std::string path_of(const std::string& netns) {
  constexpr std::string_view process = "pid:";
  if (netns.starts_with(process)) return fmt::format("/proc/{}/ns/net", netns.substr(process.size()));
  return netns.find('/') == std::string::npos ? "/run/netns/" + netns : netns;
}

ifreq ask(const std::string& name, unsigned long what) {
  const Fd fd(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "cannot open a socket"));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  checked(::ioctl(fd.get(), what, &request), ("cannot look at interface " + name).c_str());
  return request;
}

}  // namespace

Fd open_network(const std::string& netns) {
  if (netns.empty()) return current_network();
  const std::string path = path_of(netns);
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    throw LabError(
        fmt::format("cannot open {}: {} (netns = \"{}\" is a name as `ip netns list` shows it, a path, or "
                    "pid:N)",
                    path, std::strerror(errno), netns));
  }
  if (::ioctl(fd.get(), NS_GET_NSTYPE) != CLONE_NEWNET)
    throw LabError(fmt::format("{} is no network namespace (netns = \"{}\")", path, netns));
  return fd;
}

int usable_interface(const std::string& name) {
  const unsigned index = ::if_nametoindex(name.c_str());
  if (index == 0)
    throw LabError(fmt::format("there is no interface {}: `ip link` shows those that there are", name));
  if ((ask(name, SIOCGIFFLAGS).ifr_flags & IFF_UP) == 0)
    throw LabError(fmt::format("the interface {} is down: ip link set {} up", name, name));
  if (ask(name, SIOCGIFHWADDR).ifr_hwaddr.sa_family != ARPHRD_ETHER)
    throw LabError(fmt::format("the interface {} carries no Ethernet frames; take one that does", name));
  return static_cast<int>(index);
}

void refuse_own_addresses(const std::vector<Ipv4>& played) {
  ifaddrs* all = nullptr;
  checked(::getifaddrs(&all), "cannot list the addresses of this machine");
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, ::freeifaddrs);
  for (const ifaddrs* a = all; a != nullptr; a = a->ifa_next) {
    if (a->ifa_addr == nullptr || a->ifa_addr->sa_family != AF_INET) continue;
    const Ipv4 own(reinterpret_cast<const sockaddr_in*>(a->ifa_addr)->sin_addr.s_addr);
    if (std::find(played.begin(), played.end(), own) == played.end()) continue;
    throw LabError(
        fmt::format("{} is an address of {} on this machine, which would answer in place of the host that "
                    "has it in the test: ip address del {} dev {}",
                    own.to_string(), a->ifa_name, own.to_string(), a->ifa_name));
  }
}

}  // namespace relayspec
