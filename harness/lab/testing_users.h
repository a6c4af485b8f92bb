// SPDX-License-Identifier: Apache-2.0
// Tests as root and as an ordinary user.
#pragma once

#include <grp.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/lab/testing.h"

namespace relayspec {

// As in a container: what is left is the right that root needs to map itself into a user namespace.
inline void drop_all_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  constexpr std::uint32_t left = 1U << CAP_SETFCAP;
  __user_cap_data_struct data[2] = {{left, left, 0}, {}};
  if (::syscall(SYS_capset, &header, data) != 0) throw LabError("cannot drop capabilities");
}

// Gives root's rights up for those of "nobody"; any other user stays what it is.
inline void become_ordinary() {
  if (::geteuid() != 0) return;
  constexpr unsigned nobody = 65534;
  if (::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
      ::setresuid(nobody, nobody, nobody) != 0) {
    drop_all_capabilities();  // in a user namespace, where nobody has no number
  }
  ::prctl(PR_SET_DUMPABLE, 1);  // as after exec: /proc/self is one's own again
}

// In a chroot, and in some containers, the kernel gives not even root a user namespace.
class UserNamespace : public testing::Test {
 protected:
  void SetUp() override {
    if (in_child([] { return ::unshare(CLONE_NEWUSER) == 0 ? 0 : 1; }) != 0) {
      GTEST_SKIP() << "nobody can make a user namespace here, as in a chroot";
    }
  }
};

}  // namespace relayspec
