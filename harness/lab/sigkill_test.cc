// SPDX-License-Identifier: Apache-2.0
// What is left when the harness is killed in the middle of a run: nothing.
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "harness/lab/namespace.h"
#include "harness/lab/netlink.h"
#include "harness/lab/testing.h"
#include "harness/lab/testing_processes.h"

namespace relayspec {
namespace {

std::string contents(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> interfaces() {
  std::set<std::string> names;
  struct if_nameindex* all = ::if_nameindex();
  for (const auto* i = all; i != nullptr && i->if_index != 0; ++i) names.insert(i->if_name);
  ::if_freenameindex(all);
  return names;
}

// Hears of the end of network namespaces: the kernel reports that to those who had given them a number.
class NamespaceWatch {
 public:
  NamespaceWatch() {
    const Inside inside(own_);
    socket_.reset(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC));
    unsigned group = RTNLGRP_NSID;
    if (!socket_ || mnl_socket_bind(socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0 ||
        mnl_socket_setsockopt(socket_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0) {
      throw_errno("cannot listen for namespaces");
    }
  }

  void add(const std::string& namespace_path) {
    const Fd fd(checked(::open(namespace_path.c_str(), O_RDONLY | O_CLOEXEC), namespace_path.c_str()));
    alignas(nlmsghdr) char buffer[256];
    nlmsghdr* h = mnl_nlmsg_put_header(buffer);
    h->nlmsg_type = RTM_NEWNSID;
    h->nlmsg_flags = NLM_F_REQUEST;
    static_cast<rtgenmsg*>(mnl_nlmsg_put_extra_header(h, sizeof(rtgenmsg)))->rtgen_family = AF_UNSPEC;
    mnl_attr_put_u32(h, NETNSA_FD, static_cast<std::uint32_t>(fd.get()));
    mnl_attr_put_u32(h, NETNSA_NSID, count_++);
    checked(static_cast<int>(mnl_socket_sendto(socket_.get(), h, h->nlmsg_len)), "cannot number a namespace");
  }

  std::size_t count() const { return count_; }

  /// How many have not ended within the time.
  std::size_t still_there(std::chrono::milliseconds patience) {
    std::size_t gone = 0;
    pollfd polled{mnl_socket_get_fd(socket_.get()), POLLIN, 0};
    while (gone < count_ && ::poll(&polled, 1, static_cast<int>(patience.count())) == 1) {
      alignas(nlmsghdr) char buffer[8192];
      int left = static_cast<int>(mnl_socket_recvfrom(socket_.get(), buffer, sizeof buffer));
      for (auto* h = reinterpret_cast<nlmsghdr*>(buffer); mnl_nlmsg_ok(h, left);
           h = mnl_nlmsg_next(h, &left)) {
        if (h->nlmsg_type == RTM_DELNSID) ++gone;
        if (h->nlmsg_type == NLMSG_ERROR) ADD_FAILURE() << "a namespace could not be numbered";
      }
    }
    return count_ - gone;
  }

 private:
  Namespace own_;
  std::unique_ptr<mnl_socket, int (*)(mnl_socket*)> socket_{nullptr, &mnl_socket_close};
  std::uint32_t count_ = 0;
};

// A harness in a process of its own, in the middle of its run: it says "b" when the lab stands and "r" when
// the relay and all its forks are there, and then waits for frames.
class Victim {
 public:
  Victim() {
    int pipe[2];
    checked(::pipe2(pipe, O_CLOEXEC), "cannot make a pipe");
    said_ = Fd(pipe[0]);
    Fd says(pipe[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
      try {
        run(says.get());
      } catch (const std::exception& e) {
        std::fprintf(stderr, "victim: %s\n", e.what());
      }
      ::_exit(1);
    }
  }
  ~Victim() { kill(); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  pid_t pid() const { return pid_; }

  bool has_said(char expected) const {
    for (char c = 0; ::read(said_.get(), &c, 1) == 1;) {
      if (c == expected) return true;
    }
    return false;
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  static void say(int fd, char c) {
    if (::write(fd, &c, 1) != 1) ::_exit(2);
  }

  [[noreturn]] static void run(int says) {
    Lab lab;
    say(says, 'b');
    RelayProcess relay(
        lab, {"trap '' TERM HUP; echo $$ > /run/relayspec-victim.pid; echo 1 > /tmp/relayspec-victim\n"
              "for i in 1 2 3; do (setsid tail -f /dev/null &) done\n"
              "tail -f /dev/null & echo ready; wait",
              {},
              {}});
    while (relay.output().empty()) std::this_thread::yield();
    say(says, 'r');
    while (true) lab.receive(Clock::now() + 60s, relay.wake_fd());
  }

  Fd said_;
  pid_t pid_ = -1;
};

// Orphans come to this process, so that it learns of the end of all of them.
class Sigkill : public LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::sigemptyset(&child_);
    ::sigaddset(&child_, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child_, nullptr);
  }
  void TearDown() override { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }

  // False when some child is still alive after ten seconds without the end of another.
  bool reap_all() const {
    while (true) {
      const pid_t pid = ::waitpid(-1, nullptr, WNOHANG);
      if (pid < 0) return errno == ECHILD;
      const timespec patience{10, 0};
      if (pid == 0 && ::sigtimedwait(&child_, nullptr, &patience) < 0 && errno == EAGAIN) return false;
    }
  }

  sigset_t child_{};
};

TEST_F(Sigkill, InMidRunLeavesNothing) {
  const std::set<std::string> interfaces_before = interfaces();
  const std::string mounts_before = contents("/proc/self/mountinfo");
  const std::set<std::string> ours = namespaces_of(::getpid());

  Victim victim;
  NamespaceWatch ends;  // after the fork, so that the victim does not hold its namespace
  ASSERT_TRUE(victim.has_said('r'));

  const std::vector<pid_t> pids = descendants(victim.pid());
  EXPECT_GE(pids.size(), 1U + 1U + 3U + 1U) << "init, relay, three forks, and what the relay waits for";

  std::set<std::string> namespaces = namespaces_of(victim.pid());
  for (const pid_t pid : pids) namespaces.merge(namespaces_of(pid));
  for (const std::string& own : ours) namespaces.erase(own);
  EXPECT_EQ(namespaces.size(), 4U + 1U + 2U) << "four networks, PIDs, mounts of init and of the relay";
  // Looked up before the end: afterwards the kernel may give a namespace's number to another one.
  std::vector<pid_t> holders;
  for (const pid_t pid : all_processes()) {
    const std::set<std::string> held = namespaces_of(pid);
    const auto is_held = [&](const std::string& ns) { return held.count(ns) != 0; };
    if (pid != victim.pid() && std::any_of(namespaces.begin(), namespaces.end(), is_held))
      holders.push_back(pid);
  }
  EXPECT_GE(holders.size(), pids.size());
  holders.insert(holders.end(), pids.begin(), pids.end());
  const std::vector<Fd> processes = watch(holders);

  std::set<std::string> numbered;
  for (const auto& fd :
       std::filesystem::directory_iterator("/proc/" + std::to_string(victim.pid()) + "/fd")) {
    const std::string target = std::filesystem::read_symlink(fd.path());
    if (target.compare(0, 5, "net:[") == 0 && numbered.insert(target).second) ends.add(fd.path());
  }
  ASSERT_EQ(ends.count(), 4U);
  EXPECT_EQ(ends.still_there(0ms), 4U);
  EXPECT_EQ(still_alive(processes, 0ms), processes.size());

  victim.kill();

  EXPECT_EQ(still_alive(processes, 10s), 0U);
  EXPECT_TRUE(reap_all());
  EXPECT_EQ(ends.still_there(30s), 0U) << "network namespaces, and with them their interfaces";
  EXPECT_EQ(interfaces(), interfaces_before);
  EXPECT_EQ(contents("/proc/self/mountinfo"), mounts_before);
  for (const char* file : {"/run/relayspec-victim.pid", "/tmp/relayspec-victim"}) {
    EXPECT_FALSE(std::filesystem::exists(file)) << file;
  }
}

TEST_F(Sigkill, WhileTheRelayStartsLeavesNoProcess) {
  for (int i = 0; i < 10; ++i) {
    Victim victim;
    ASSERT_TRUE(victim.has_said('b'));
    victim.kill();
    ASSERT_TRUE(reap_all());
  }
}

}  // namespace
}  // namespace relayspec
