// SPDX-License-Identifier: Apache-2.0
#include "testsuites/hostile/toolkit.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#include "harness/cli/program.h"
#include "harness/lab/testing_processes.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() { checked(::pipe2(ends, O_CLOEXEC), "cannot make a pipe"); }
  int ends[2];
};

}  // namespace

Toolkit::Toolkit(const std::vector<std::string>& arguments)
    : Toolkit(arguments, [](int, const char* const* argv) {
        ::execv(RELAYSPEC, const_cast<char**>(argv));
        return 127;
      }) {}

Toolkit::Toolkit(const std::vector<std::string>& arguments,
                 const std::function<int(int argc, const char* const* argv)>& main) {
  checked(::prctl(PR_SET_CHILD_SUBREAPER, 1), "cannot become the reaper of what is left behind");
  std::vector<const char*> argv{RELAYSPEC};
  for (const std::string& a : arguments) argv.push_back(a.c_str());
  argv.push_back(nullptr);
  const Pipe out, err;
  std::fflush(stdout);
  pid_ = checked(::fork(), "cannot fork");
  if (pid_ == 0) {
    ::dup2(out.ends[1], 1);
    ::dup2(err.ends[1], 2);
    const auto run = [&]() noexcept { return main(static_cast<int>(argv.size() - 1), argv.data()); };
    ::_exit(run());
  }
  ::close(out.ends[1]);
  ::close(err.ends[1]);
  out_ = out.ends[0];
  err_ = err.ends[0];
}

Toolkit::~Toolkit() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void Toolkit::await_relay() const {
  const auto deadline = Clock::now() + 20s;
  const auto is_init = [](pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    return std::getline(file, name) && name == "relayspec-init";
  };
  while (Clock::now() < deadline) {
    for (const pid_t pid : descendants(pid_)) {
      if (is_init(pid) && !descendants(pid).empty()) return;
    }
    ::poll(nullptr, 0, 1);
  }
  throw std::runtime_error("the relay was not started");
}

Ended Toolkit::wait() {
  Ended ended{};
  pollfd polled[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  std::string* const texts[2] = {&ended.out, &ended.err};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    ::poll(polled, 2, -1);
    for (int i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t n = ::read(polled[i].fd, buffer, sizeof buffer);
      if (n > 0) texts[i]->append(buffer, static_cast<std::size_t>(n));
      if (n == 0) polled[i].fd = -1;
    }
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return ended;
}

Ended relayspec(const std::vector<std::string>& arguments) { return Toolkit(arguments).wait(); }

Ended relayspec_in_a_copy(const std::vector<std::string>& arguments) {
  return Toolkit(arguments, run_program).wait();
}

std::vector<pid_t> left_behind() {
  const auto deadline = Clock::now() + 10s;
  while (true) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    auto left = descendants(::getpid());
    if (left.empty() || Clock::now() > deadline) return left;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace relayspec
