#include "harness/lab/namespace.h"

#include <fcntl.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>

namespace relayspec {
namespace {

// In the wrong namespace nothing must go on: what came next would touch the machine's own network.
void go_back(const Fd& home) {
  if (::setns(home.get(), CLONE_NEWNET) == 0) return;
  std::perror("relayspec: cannot return to the network namespace it came from");
  std::abort();
}

}  // namespace

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

Inside::Inside(const Namespace& target) : home_(current_network()) {
  checked(::setns(target.fd(), CLONE_NEWNET), "cannot enter a network namespace of the lab");
}

Inside::~Inside() { go_back(home_); }

bool write_sysctl(const std::string& name, const char* value) {
  const Fd file(::open(("/proc/sys/" + name).c_str(), O_WRONLY | O_CLOEXEC));
  const auto length = static_cast<ssize_t>(std::strlen(value));
  return file && ::write(file.get(), value, static_cast<std::size_t>(length)) == length;
}

}  // namespace relayspec
