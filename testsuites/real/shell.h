// SPDX-License-Identifier: Apache-2.0
// A shell in one side of the lab: how real clients and servers are started, told and listened to.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "relayspec/harness/lab.h"

namespace relayspec {

/// Obeys line by line. It ends with the object, or with this process, and takes along all that it has
/// started.
class Shell {
 public:
  /// The shell's working directory is `directory`.
  Shell(Lab&, Segment side, const std::filesystem::path& directory);
  ~Shell();
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Hands a command over, and does not wait for it.
  void run(const std::string& command);

  /// The next line of all that is written there, to stdout and stderr alike, in which the regular expression
  /// is found. Lines before it are passed over for good. Throws std::runtime_error when it does not come.
  std::string expect(const std::string& pattern);

  /// All that was written so far.
  const std::string& written();

 private:
  bool read_more(int timeout_ms);

  pid_t process_ = -1;
  int commands_ = -1, output_ = -1;
  std::string written_;   // everything so far
  std::size_t seen_ = 0;  // how much of it expect() has gone through
};

}  // namespace relayspec
