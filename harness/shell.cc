// SPDX-License-Identifier: Apache-2.0
#include "harness/shell.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "harness/data.h"

namespace relayspec {

namespace {

constexpr std::size_t kMostOutput = 64 * 1024;

class Descriptor {
 public:
  Descriptor(int fd, const char* what) : fd_(fd) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  }
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become_shell(int in, int out, char* const* argv, char* const* environment) {
  setpgid(0, 0);
  signal(SIGXFSZ, SIG_DFL);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  close_range(3, ~0U, 0);
  const rlimit size{kMostOutput, kMostOutput};
  setrlimit(RLIMIT_FSIZE, &size);  // output goes to a memory file
  execve("/bin/sh", argv, environment);
  _exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& s : strings) list.push_back(s.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

ShellResult run_shell(const std::vector<std::string>& arguments, const std::string& input,
                      std::chrono::milliseconds limit, const std::map<std::string, std::string>& env) {
  const Descriptor in(memfd_create("input", MFD_CLOEXEC), "memfd_create");
  const Descriptor out(memfd_create("output", MFD_CLOEXEC), "memfd_create");
  if (write(in.get(), input.data(), input.size()) != static_cast<ssize_t>(input.size()) ||
      lseek(in.get(), 0, SEEK_SET) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot hand a script to /bin/sh");
  }

  std::vector<std::string> words{"sh"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::map<std::string, std::string> all = env;
  all.insert({{"PATH", search_path()}, {"LANG", "C.UTF-8"}, {"HOME", "/"}});
  std::vector<std::string> variables;
  for (const auto& [name, value] : all) variables.push_back(fmt::format("{}={}", name, value));
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> environment = pointers(variables);

  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot start /bin/sh");
  if (child == 0) become_shell(in.get(), out.get(), argv.data(), environment.data());
  setpgid(child, child);  // whichever of the two comes first

  ShellResult result;
  {
    const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)), "pidfd_open");
    const auto deadline = std::chrono::steady_clock::now() + limit;
    pollfd ended{process.get(), POLLIN, 0};
    int ready = 0;
    do {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
      ready = poll(&ended, 1, left > 0 ? static_cast<int>(left) : 0);
    } while (ready < 0 && errno == EINTR);
    result.timed_out = ready == 0;
  }
  kill(-child, SIGKILL);  // also what the script left in the background
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

  std::array<char, 4096> chunk;
  for (off_t at = 0;;) {
    const ssize_t n = pread(out.get(), chunk.data(), chunk.size(), at);
    if (n <= 0) break;
    result.output.append(chunk.data(), static_cast<std::size_t>(n));
    at += n;
  }
  return result;
}

std::optional<std::string> shell_syntax_error(const std::string& script) {
  const ShellResult checked = run_shell({"-n"}, script, std::chrono::seconds(10));
  if (checked.status == 0) return std::nullopt;
  std::string line = checked.output.substr(0, checked.output.find('\n'));
  const std::size_t colon = line.find(": ");
  return colon == std::string::npos ? line : line.substr(colon + 2);
}

}  // namespace relayspec
