// SPDX-License-Identifier: Apache-2.0
#include "relay/daemon_privileges.h"

#include <fmt/format.h>
#include <grp.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "relay/command_line.h"

namespace relayspec::relay {
namespace {

// A sanitizer looks for leaks with another thread that traces the program, and coverage is written to a file
// at the end: both need what is given up here.
#ifdef RELAYSPEC_INSTRUMENTED
constexpr bool instrumented = true;
#else
constexpr bool instrumented = false;
#endif

// The kernel's own id for nobody, to whom no file belongs.
constexpr uid_t nobody = 65534;

void note_if_kept(const Log& log, bool given_up, const char* what) {
  if (!given_up) log(LogLevel::info, "{} not given up: {}", what, std::strerror(errno));
}

void require(bool given_up, const char* what) {
  if (!given_up) throw StartError(1, fmt::format("giving up {}: {}", what, std::strerror(errno)));
}

// Needs CAP_SETPCAP; the first number that is no capability ends it.
void empty_bounding_set(const Log& log) {
  unsigned long capability = 0;
  while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) ++capability;
  note_if_kept(log, capability > 0, "capability bounding set");
}

// Groups first: without the user they could not be changed any more.
void become_nobody(const Log& log) {
  if (geteuid() != 0) return;
  note_if_kept(log, setgroups(0, nullptr) == 0, "supplementary groups");
  note_if_kept(log, setresgid(nobody, nobody, nobody) == 0, "group");
  note_if_kept(log, setresuid(nobody, nobody, nobody) == 0, "user");
}

void drop_capabilities() {
  const std::unique_ptr<_cap_struct, int (*)(void*)> none(cap_init(), cap_free);
  require(none != nullptr && cap_set_proc(none.get()) == 0, "capabilities");
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "new privileges");
}

// From here on any other call ends the relay.
void allow_few_calls(const Log& log) {
  static constexpr int needed[] = {
      // Datagrams, signals, lines to stderr; restart_syscall is a wait that goes on after SIGCONT.
      SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(restart_syscall), SCMP_SYS(recvmmsg), SCMP_SYS(sendmmsg),
      SCMP_SYS(sendmsg), SCMP_SYS(read), SCMP_SYS(write),
      // The interfaces are read again, and the socket filter follows their addresses.
      SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(socket), SCMP_SYS(bind),
      SCMP_SYS(getsockname), SCMP_SYS(ioctl), SCMP_SYS(setsockopt), SCMP_SYS(close),
      // The heap, and the end.
      SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(exit_group)};
  const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_KILL_PROCESS), seccomp_release);
  int error = filter == nullptr ? -ENOMEM : 0;
  for (const int call : needed) {
    if (error == 0) error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
  }
  if (error == 0) error = seccomp_load(filter.get());
  errno = -error;
  note_if_kept(log, error == 0, "system calls");
}

}  // namespace

void drop_privileges(const Log& log) {
  if (!instrumented) {
    empty_bounding_set(log);
    become_nobody(log);
  }
  drop_capabilities();
  if (!instrumented) allow_few_calls(log);
}

}  // namespace relayspec::relay
