// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/init.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>

#include "harness/lab/limits.h"

namespace relayspec {
namespace {

// What init says to its owner: one datagram each on a SOCK_SEQPACKET pair. The owner says signal numbers, 0
// for "end with the program", and the end of the connection is the order to end, which the kernel gives even
// when the owner was killed.
struct Report {
  enum class Kind : int { started, refused, ended } kind;
  int status;       // of ended
  char text[2040];  // of refused, terminated by 0
};

void send_report(int control, Report::Kind kind, int status, const std::string& text) {
  Report report{kind, status, {}};
  text.copy(report.text, sizeof report.text - 1);
  [[maybe_unused]] const ssize_t ignored = ::send(control, &report, sizeof report, MSG_NOSIGNAL);
}

void default_signals() {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
}

void set_signal_mask(int how) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(how, &all, nullptr);
}

// Keeps fd 0 to 2 and the given ones, and closes all others.
void close_others(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned from = 3;
  for (const int fd : kept) {
    if (fd < static_cast<int>(from)) continue;
    const auto keep = static_cast<unsigned>(fd);
    if (keep > from) ::close_range(from, keep - 1, 0);
    from = keep + 1;
  }
  ::close_range(from, ~0U, 0);
}

// The relay's stdin is empty, its stdout and stderr one pipe; there is none when `pipe` is -1.
[[noreturn]] void become_program(const InitJob& job, int pipe) {
  default_signals();
  set_signal_mask(SIG_UNBLOCK);
  if (job.own_session) ::setsid();
  if (pipe >= 0) {
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(pipe, 1);
    ::dup2(pipe, 2);
    const rlimit none{0, 0};  // a crash leaves no core file
    ::setrlimit(RLIMIT_CORE, &none);
  }
  if (job.contained) give_up_rights(job.users_fd);
  if (job.as_fd3 >= 0) {
    ::dup2(job.as_fd3, 3);
    ::fcntl(3, F_SETFD, 0);  // dup2 leaves close-on-exec as it is where both are 3
  }
  ::close_range(job.as_fd3 >= 0 ? 4 : 3, ~0U, 0);
  job.execute();
  ::_exit(127);
}

class Loop {
 public:
  Loop(const InitJob& job, int control, int output, int signals, pid_t program)
      : ring_(job.ring),
        limits_(job.contained ? std::make_optional<Limits>() : std::nullopt),
        control_(control),
        output_(output),
        signals_(signals),
        program_(program) {}

  [[noreturn]] void run() {
    while (true) {
      std::array<pollfd, 3> polled{{{control_, POLLIN, 0}, {signals_, POLLIN, 0}, {output_, POLLIN, 0}}};
      const int patience = limits_ ? Limits::period_ms : -1;
      if (::poll(polled.data(), polled.size(), patience) < 0 && errno != EINTR) ::_exit(1);
      if (limits_) enforce_limits();
      if (polled[0].revents != 0) obey();
      if (polled[1].revents != 0) reap();
      if (polled[2].revents != 0) listen();
    }
  }

 private:
  // Exit of a namespace's first process is SIGKILL for all others in it.
  void obey() {
    int number = 0;
    const ssize_t got = ::recv(control_, &number, sizeof number, MSG_DONTWAIT);
    if (got == sizeof number && number == 0) ends_with_program_ = true;
    if (got == sizeof number && program_ > 0) ::kill(program_, number);
    if (ends_with_program_ && program_ < 0) ::_exit(0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      listen_to_rest();
      ::_exit(0);
    }
  }

  void enforce_limits() {
    const std::string excess = limits_->excess();
    if (excess.empty()) return;
    ::kill(-1, SIGKILL);  // all but this process
    ring_->add("\n[killed: " + excess + "]\n");
  }

  void reap() {
    signalfd_siginfo info{};
    [[maybe_unused]] const ssize_t ignored = ::read(signals_, &info, sizeof info);
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid != program_) continue;
      program_ = -1;
      listen_to_rest();  // so that whoever learns of the end finds the last output
      send_report(control_, Report::Kind::ended, status, "");
      ::shutdown(control_, SHUT_WR);
      if (ends_with_program_) ::_exit(0);
    }
  }

  bool listen() {
    if (output_ < 0) return false;
    const long got = ring_->fill_from(output_);
    if (got == 0) output_ = -1;  // nobody holds the other end any more
    return got > 0;
  }

  void listen_to_rest() {
    for (int i = 0; i < 64 && listen(); ++i) {  // bounded: what it left behind may write on for ever
    }
  }

  OutputRing* ring_;
  std::optional<Limits> limits_;
  int control_, output_, signals_;
  pid_t program_;
  bool ends_with_program_ = false;
};

[[noreturn]] void be_init(const InitJob& job, int control) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "relayspec-init");
  int pipe[2] = {-1, -1};
  try {
    if (job.ring != nullptr) {
      checked(::pipe2(pipe, O_CLOEXEC), "cannot make a pipe for the relay's output");
      checked(::fcntl(pipe[0], F_SETFL, O_NONBLOCK), "cannot make a pipe for the relay's output");
      ::fcntl(pipe[0], F_SETPIPE_SZ, 1 << 20);  // as much as an ordinary user may have; less would do
    }
    job.prepare();
  } catch (const std::exception& e) {
    send_report(control, Report::Kind::refused, 0, e.what());
    ::_exit(1);
  }
  // The program's process has init's memory until it executes. Init waits for that, having nothing else to
  // do.
  const pid_t program = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (program == 0) become_program(job, pipe[1]);
  if (program < 0) {
    send_report(control, Report::Kind::refused, 0, std::string("cannot fork: ") + std::strerror(errno));
    ::_exit(1);
  }
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  const int signals = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (job.ring != nullptr) {
    const int null = ::open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
    ::close(null);
    ::close(pipe[1]);
  }
  send_report(control, Report::Kind::started, 0, "");
  Loop(job, control, pipe[0], signals, program).run();
}

// From here on it is in the namespaces that clone has made, and has the harness's memory to itself.
[[noreturn]] void be_first(const InitJob& job, int control) {
  default_signals();
  set_signal_mask(SIG_BLOCK);
  if (job.own_session) ::setsid();
  if (job.contained) be_first_to_go();
  try {
    checked(::setns(job.network_fd, CLONE_NEWNET), "cannot enter a network namespace of the lab");
  } catch (const std::exception& e) {
    send_report(control, Report::Kind::refused, 0, e.what());
    ::_exit(1);
  }
  close_others({control, job.as_fd3, job.users_fd});
  be_init(job, control);
}

}  // namespace

Init::Init(const InitJob& job) {
  int pair[2];
  checked(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "cannot make a socket pair");
  control_ = Fd(pair[0]);
  Fd theirs(pair[1]);
  // Not unshare(CLONE_NEWPID) and fork: unshare counts for all further children, and in a user namespace
  // there is no way back from it.
  const int own = CLONE_NEWPID | CLONE_NEWNS | (job.contained ? CLONE_NEWIPC | CLONE_NEWUTS : 0);
  pid_ = static_cast<pid_t>(
      checked(static_cast<int>(::syscall(SYS_clone, own | SIGCHLD, nullptr, nullptr, nullptr, 0)),
              "cannot make PID and mount namespaces"));
  if (pid_ == 0) be_first(job, theirs.get());
  theirs.reset();
  if (!job.in_background) await_start();
}

void Init::await_start() {
  Report report{};
  ssize_t got = -1;
  while ((got = ::recv(control_.get(), &report, sizeof report, 0)) < 0 && errno == EINTR) {
  }
  if (got == sizeof report && report.kind == Report::Kind::started) return;
  kill();
  throw LabError(got == sizeof report ? report.text
                                      : "the relay's surroundings were killed while they were made");
}

Init::~Init() { kill(); }

void Init::signal(int number) {
  [[maybe_unused]] const ssize_t ignored = ::send(control_.get(), &number, sizeof number, MSG_NOSIGNAL);
}

int Init::status() {
  if (status_ != -1 || !control_) return status_;
  Report report{};
  const ssize_t got = ::recv(control_.get(), &report, sizeof report, MSG_DONTWAIT);
  if (got == sizeof report) status_ = report.status;
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) status_ = SIGKILL;
  return status_;
}

bool Init::wait(int timeout_ms) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  while (status() == -1) {
    pollfd polled{control_.get(), POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int ready =
        ::poll(&polled, 1, timeout_ms < 0 ? -1 : static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready == 0) return status() != -1;
  }
  return true;
}

std::vector<pid_t> Init::processes() const {
  std::vector<pid_t> all;
  const auto add_children = [&](pid_t of) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", of));
    for (pid_t pid = 0; children >> pid;) all.push_back(pid);
  };
  add_children(pid_);
  for (std::size_t i = 0; i < all.size(); ++i) add_children(all[i]);
  return all;
}

void Init::kill() {
  if (pid_ < 0) return;
  ::shutdown(control_.get(), SHUT_WR);
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  pollfd polled{process.get(), POLLIN, 0};
  if (process && ::poll(&polled, 1, 5000) == 0) ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  // What init has still sent about the program's end is read; else the program has just been killed.
  if (status() == -1) status_ = SIGKILL;
}

}  // namespace relayspec
