// SPDX-License-Identifier: Apache-2.0
// The lab inside a chroot, as of a build system: there "/" is no mount point.
#include <sys/mount.h>

#include <filesystem>

#include "harness/lab/testing.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

// A root of this machine's own programs, in a private mount namespace, below a folder that the mounts hide.
void enter_chroot() {
  own_mounts();
  checked(::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr), "tmpfs");
  const fs::path root = "/tmp/root";
  fs::create_directories(root / "tmp");
  fs::create_directories(root / "run");
  for (const fs::path name : {"usr", "proc", "sys", "dev", "etc", "var"}) {
    fs::create_directories(root / name);
    checked(::mount(("/" / name).c_str(), (root / name).c_str(), nullptr, MS_BIND | MS_REC, nullptr), "bind");
  }
  for (const fs::path name : {"bin", "lib", "lib64"}) {
    if (fs::exists("/usr" / name)) fs::create_directory_symlink("usr" / name, root / name);
  }
  checked(::chroot(root.c_str()), "chroot");
  checked(::chdir("/run"), "chdir");
}

class Chroot : public LabTest {};

TEST_F(Chroot, HasARelayAndCommandsInside) {
  const int status = in_child([] {
    enter_chroot();
    Lab lab;
    RelayProcess relay(lab, {"touch /run/here /tmp/here; ls /tmp; exit 7", {}, {}});
    if (wait_for_end(lab, relay) != "exited with status 7" || relay.output() != "here\n") {
      std::fprintf(stderr, "%s", relay.output().c_str());
      return 1;
    }
    if (fs::exists("/run/here") || fs::exists("/tmp/here")) return 2;
    const int command = lab.run_inside(Segment::downlink0, {"/bin/sh", "-c", "[ $(pwd) = /run ]"}, {});
    return command == 0 ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace relayspec
