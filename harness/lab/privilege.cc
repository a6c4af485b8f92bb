// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

#include <array>
#include <fstream>

#include "harness/lab/namespace.h"

namespace relayspec {
namespace {

bool has_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (::syscall(SYS_capget, &header, data.data()) != 0) return false;
  constexpr std::uint32_t needed = 1U << CAP_SYS_ADMIN | 1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW;
  return (data[0].effective & needed) == needed;
}

long read_number(const char* path, long otherwise) {
  std::ifstream file(path);
  long value = otherwise;
  return file >> value ? value : otherwise;
}

[[noreturn]] void refuse(int error) {
  std::string remedy = "run it with sudo (in a container: with --privileged)";
  if (read_number("/proc/sys/user/max_user_namespaces", 1) == 0) {
    remedy = "run it with sudo, or: sysctl -w user.max_user_namespaces=10000";
  } else if (read_number("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0) {
    remedy = "run it with sudo, or: sysctl -w kernel.unprivileged_userns_clone=1";
  } else if (read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) != 0) {
    remedy = "run it with sudo, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  }
  throw LabError(
      fmt::format("the lab needs network namespaces, and neither root's rights nor a user namespace can be "
                  "had ({}): {}",
                  std::strerror(error), remedy));
}

void write_or_refuse(const char* path, const std::string& text) {
  const Fd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    refuse(errno);
}

// A thread that leaves a network namespace must be allowed to come back. A user namespace alone (unshare -Ur)
// does not give that right over the network namespace that it was made in, so one of our own becomes the
// place to come back to.
void make_home_returnable() {
  const Fd home = current_network();
  if (::setns(home.get(), CLONE_NEWNET) == 0) return;
  if (::unshare(CLONE_NEWNET) != 0) refuse(errno);
}

}  // namespace

bool is_privileged() {
  // user_namespaces(7): first number inside, first outside, how many.
  std::ifstream map("/proc/self/uid_map");
  unsigned long inside = 0, outside = 0, count = 0, users = 0;
  while (map >> inside >> outside >> count) users += count;
  return has_capabilities() && users > 1;
}

void acquire_privilege() {
  if (!has_capabilities()) {
    const auto uid = ::geteuid();
    const auto gid = ::getegid();
    if (::unshare(CLONE_NEWUSER) != 0) refuse(errno);
    write_or_refuse("/proc/self/setgroups",
                    "deny");  // else the kernel takes no gid_map from an ordinary user
    write_or_refuse("/proc/self/uid_map", fmt::format("0 {} 1", uid));
    write_or_refuse("/proc/self/gid_map", fmt::format("0 {} 1", gid));
  }
  make_home_returnable();
}

}  // namespace relayspec
