// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include "harness/lab/fd.h"
#include "harness/lab/mounts_impl.h"

namespace relayspec {
namespace {

bool make_private() { return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0; }

// In a chroot "/" is a mere directory of a mount that cannot be named from there. A process that enters a
// mount namespace, even its own, begins at its real root; it gets back through a descriptor that was opened
// before.
bool make_private_around_chroot() {
  const Fd root(::open("/", O_PATH | O_CLOEXEC)), here(::open(".", O_PATH | O_CLOEXEC));
  const Fd own(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  if (!root || !here || !own || ::setns(own.get(), CLONE_NEWNS) != 0) return false;
  const bool done = make_private();
  return ::fchdir(root.get()) == 0 && ::chroot(".") == 0 && ::fchdir(here.get()) == 0 && done;
}

}  // namespace

void cut_propagation() {
  if (!make_private() && (errno != EINVAL || !make_private_around_chroot())) {
    throw_errno("cannot detach the relay's mounts");
  }
}

bool make_read_only(const std::string& path) {
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  return ::mount_setattr(AT_FDCWD, path.c_str(), AT_RECURSIVE, &read_only, sizeof read_only) == 0;
}

void mount_proc_and_sys(const std::string& root) {
  const std::string proc = root + "/proc", sys = root + "/sys";
  // Neither is granted everywhere (containers hide parts of /proc); a relay can run without them.
  constexpr unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (::mount("proc", proc.c_str(), "proc", flags, nullptr) != 0 && !root.empty()) {
    [[maybe_unused]] const int old = ::mount("/proc", proc.c_str(), nullptr, MS_BIND | MS_REC, nullptr);
  }
  // Read-only, also because systemd-networkd takes that for "no udev here" and does not wait for it.
  if (::mount("sysfs", sys.c_str(), "sysfs", flags | MS_RDONLY, nullptr) != 0) {
    if (!root.empty()) ::mount("/sys", sys.c_str(), nullptr, MS_BIND | MS_REC, nullptr);
    make_read_only(sys);
  }
}

void detach_mounts() {
  cut_propagation();
  mount_proc_and_sys("");
}

}  // namespace relayspec
