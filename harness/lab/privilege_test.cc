// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include <fstream>

#include "harness/lab/testing.h"
#include "harness/lab/testing_users.h"

namespace relayspec {
namespace {

void enter_user_namespace() {
  const auto uid = ::geteuid(), gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) throw LabError("cannot enter a user namespace");
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
}

// A frame goes through, and a relay starts, writes where daemons write and stops.
bool whole_lab_works() {
  Lab lab;
  const Bytes question =
      Tins::ARP::make_arp_request(relay_address(Segment::uplink), server_address(0), server_mac(0))
          .serialize();
  lab.inject(Segment::uplink, question);
  if (receive_until(lab, [](const Frame& f) {
        return f.origin == Origin::relay && ethertype(f) == 0x0806;
      }).empty()) {
    return false;
  }
  RelayProcess relay(lab,
                     {"for d in /run /tmp /var/tmp; do echo 1 > $d/x; done; cat /etc/x.conf; id -u; exit 3",
                      {},
                      {{"/etc/x.conf", "laid over\n"}}});
  const std::string end = wait_for_end(lab, relay);
  if (end != "exited with status 3" || relay.output() != "laid over\n0\n") {
    std::fprintf(stderr, "%s: %s\n", end.c_str(), relay.output().c_str());
    return false;
  }
  return WEXITSTATUS(lab.run_inside(Segment::downlink0, {"/bin/sh", "-c", "exit 9"}, {})) == 9;
}

TEST_F(UserNamespace, IsEnoughForAnOrdinaryUser) {
  EXPECT_EQ(in_child([] {
              become_ordinary();
              acquire_privilege();
              acquire_privilege();  // a second time changes nothing
              return whole_lab_works() ? 0 : 1;
            }),
            0);
}

TEST_F(UserNamespace, OfTheCallerIsEnough) {
  EXPECT_EQ(in_child([] {
              become_ordinary();
              enter_user_namespace();  // as unshare -Ur does it: the network is still the machine's
              acquire_privilege();
              return whole_lab_works() ? 0 : 1;
            }),
            0);
}

TEST_F(UserNamespace, ThatIsForbiddenIsSaidInOneLineWithTheRemedy) {
  EXPECT_EQ(in_child([] {
              become_ordinary();
              enter_user_namespace();
              // This counts for the namespace and those below it alone.
              std::ofstream("/proc/sys/user/max_user_namespaces") << 0;
              drop_all_capabilities();
              try {
                acquire_privilege();
              } catch (const LabError& e) {
                const std::string what = e.what();
                std::fprintf(stderr, "%s\n", what.c_str());
                return what.find("sudo") != std::string::npos &&
                               what.find("sysctl -w user.max_user_namespaces=") != std::string::npos &&
                               what.find('\n') == std::string::npos
                           ? 0
                           : 1;
              }
              return 2;
            }),
            0);
}

TEST(AcquirePrivilege, WithoutItALabSaysWhatIsMissing) {
  EXPECT_EQ(in_child([] {
              become_ordinary();
              try {
                Lab lab;
              } catch (const LabError& e) {
                return std::string(e.what()).find("cannot make a network namespace") == 0 ? 0 : 1;
              }
              return 2;
            }),
            0);
}

// Containers have mounts below /etc, and people have some below /tmp.
// A relay sees what is mounted below /tmp and /etc/skel, writes beside it, and nothing of that stays.
bool mounts_stay_to_be_seen(void (*give_up_rights)()) {
  char directory[] = "/tmp/relayspec-lab-test-XXXXXX";
  if (::mkdtemp(directory) == nullptr) return false;
  own_mounts();
  checked(::mount("tmpfs", directory, "tmpfs", 0, nullptr), "tmpfs");
  checked(::mount(directory, "/etc/skel", nullptr, MS_BIND, nullptr), "bind");
  const std::string file = std::string(directory) + "/file", beside = std::string(directory) + ".new";
  std::ofstream(file) << "below\n";
  const int status = in_child([&] {
    give_up_rights();
    Lab lab;
    RelayProcess relay(lab,
                       {"cat " + file + " /etc/skel/file /etc/new; echo 1 >" + beside + "; ls /etc/passwd",
                        {},
                        {{"/etc/new", "new\n"}}});
    const bool right = wait_for_end(lab, relay) == "exited with status 0" &&
                       relay.output() == "below\nbelow\nnew\n/etc/passwd\n";
    std::fprintf(stderr, "%s", relay.output().c_str());
    return right && !std::ifstream(beside) ? 0 : 1;
  });
  ::umount2(directory, MNT_DETACH);
  ::rmdir(directory);
  return status == 0;
}

TEST_F(LabTest, WhatIsMountedBelowALayeredDirectoryStaysToBeSeen) {
  EXPECT_EQ(in_child([] { return mounts_stay_to_be_seen([] {}) ? 0 : 1; }), 0);
}

// The kernel gives an ordinary user no overlay over such a directory.
TEST_F(UserNamespace, HasWhatIsMountedBelowALayeredDirectory) {
  EXPECT_EQ(in_child([] {
              if (::geteuid() != 0) acquire_privilege();
              return mounts_stay_to_be_seen([] {
                become_ordinary();
                acquire_privilege();
              })
                         ? 0
                         : 1;
            }),
            0);
}

}  // namespace
}  // namespace relayspec
