// SPDX-License-Identifier: Apache-2.0
// A file descriptor that closes itself, and system errors as LabError.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "relayspec/harness/lab.h"

namespace relayspec {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

/// Throws LabError "WHAT: <errno in words>".
[[noreturn]] inline void throw_errno(const std::string& what, int error = errno) {
  throw LabError(fmt::format("{}: {}", what, std::strerror(error)));
}

/// The result of a system call, or LabError when it is negative.
inline int checked(int result, const char* what) {
  if (result < 0) throw_errno(what);
  return result;
}

}  // namespace relayspec
