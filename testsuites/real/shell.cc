// SPDX-License-Identifier: Apache-2.0
#include "testsuites/real/shell.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <regex>
#include <system_error>

namespace relayspec {
namespace {

// Far more than any step takes: it ends a test that has failed.
constexpr std::chrono::seconds patience{60};

[[noreturn]] void be_shell(Lab& lab, Segment side, const std::filesystem::path& directory) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    std::filesystem::current_path(directory);
    // An ordinary user's PATH has no sbin, where daemons are.
    lab.run_inside(side, {"/bin/sh"},
                   {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
  ::_exit(1);
}

}  // namespace

Shell::Shell(Lab& lab, Segment side, const std::filesystem::path& directory) {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) < 0 || ::pipe2(out.data(), O_CLOEXEC) < 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(out[1], 2);
    for (const int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
    be_shell(lab, side, directory);
  }
  ::close(in[0]);
  ::close(out[1]);
  commands_ = in[1];
  output_ = out[0];
}

Shell::~Shell() {
  ::close(commands_);
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  // The last program has ended when no process can write any more.
  while (read_more(5000)) {
  }
  ::close(output_);
}

void Shell::run(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(commands_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::system_error(errno, std::generic_category(), "the shell does not listen");
  }
}

std::string Shell::expect(const std::string& pattern) {
  const std::regex expression(pattern);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    for (std::size_t end = 0; (end = written_.find('\n', seen_)) != std::string::npos;) {
      std::string line = written_.substr(seen_, end - seen_);
      seen_ = end + 1;
      if (std::regex_search(line, expression)) return line;
    }
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto left_ms = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    if (left_ms <= 0 || !read_more(static_cast<int>(left_ms))) {
      throw std::runtime_error("no line came with: " + pattern);
    }
  }
}

const std::string& Shell::written() {
  while (read_more(0)) {
  }
  return written_;
}

bool Shell::read_more(int timeout_ms) {
  pollfd polled{output_, POLLIN, 0};
  if (::poll(&polled, 1, timeout_ms) <= 0) return false;
  std::array<char, 4096> chunk{};
  const ssize_t got = ::read(output_, chunk.data(), chunk.size());
  if (got > 0) written_.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace relayspec
