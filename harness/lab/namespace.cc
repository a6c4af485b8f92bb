// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace relayspec {
namespace {

// In the wrong namespace the program ends: its next steps would change the machine's own network.
void go_back(const Fd& home) {
  if (::setns(home.get(), CLONE_NEWNET) == 0) return;
  std::perror("relayspec: cannot return to the network namespace it came from");
  std::abort();
}

// The kernel refuses a user namespace to a process in a chroot. A process that enters a mount namespace, even
// its own, is in no chroot any more.
bool leave_chroot() {
  if (::unshare(CLONE_NEWNS) != 0) return false;
  const Fd own(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  return own && ::setns(own.get(), CLONE_NEWNS) == 0;
}

// The process that makes the namespaces, and waits until the other end of the socket has opened them.
[[noreturn]] void make_namespaces(int socket) {
  constexpr int both = CLONE_NEWUSER | CLONE_NEWNET;
  const bool done = ::unshare(both) == 0 || (leave_chroot() && ::unshare(both) == 0);
  char word = done ? 'y' : 'n';
  ::send(socket, &word, 1, MSG_NOSIGNAL);
  [[maybe_unused]] const ssize_t ignored = ::recv(socket, &word, 1, 0);
  ::_exit(0);
}

// "0 0 4294967295" in the first user namespace: every user is himself.
bool map_users_as_here(const std::string& process, const char* map) {
  std::ifstream here(std::string("/proc/self/") + map);
  std::string lines;
  for (unsigned long inside = 0, outside = 0, count = 0; here >> inside >> outside >> count;)
    lines += fmt::format("{0} {0} {1}\n", inside, count);
  const Fd file(::open((process + "/" + map).c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), lines.data(), lines.size()) == static_cast<ssize_t>(lines.size());
}

}  // namespace

OwnedNamespace::OwnedNamespace() {
  int pair[2];
  checked(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "cannot make a socket pair");
  Fd ours(pair[0]), theirs(pair[1]);
  const pid_t maker = checked(::fork(), "cannot fork");
  if (maker == 0) {
    ours.reset();
    make_namespaces(theirs.get());
  }
  theirs.reset();
  char word = 'n';
  const std::string process = fmt::format("/proc/{}", maker);
  if (::recv(ours.get(), &word, 1, 0) == 1 && word == 'y' && map_users_as_here(process, "uid_map") &&
      map_users_as_here(process, "gid_map")) {
    users_ = Fd(::open((process + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
    network_ = Fd(::open((process + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
  }
  ours.reset();
  while (::waitpid(maker, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (users_ && network_) return;
  users_.reset();
  network_ = Fd(checked(::fcntl(Namespace().fd(), F_DUPFD_CLOEXEC, 0), "cannot keep a network namespace"));
}

Fd current_network() {
  return Fd(checked(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
                    "cannot open /proc/thread-self/ns/net"));
}

Namespace::Namespace() {
  const Fd home = current_network();
  checked(::unshare(CLONE_NEWNET), "cannot make a network namespace (root or a user namespace is needed)");
  const int fd = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  const int error = errno;
  go_back(home);
  if (fd < 0) throw_errno("cannot open /proc/thread-self/ns/net", error);
  fd_ = Fd(fd);
}

Inside::Inside(int network_fd) : home_(current_network()) {
  checked(::setns(network_fd, CLONE_NEWNET), "cannot enter a network namespace of the lab");
}

Inside::~Inside() { go_back(home_); }

bool write_sysctl(const std::string& name, const char* value) {
  const Fd file(::open(("/proc/sys/" + name).c_str(), O_WRONLY | O_CLOEXEC));
  const auto length = static_cast<ssize_t>(std::strlen(value));
  return file && ::write(file.get(), value, static_cast<std::size_t>(length)) == length;
}

}  // namespace relayspec
