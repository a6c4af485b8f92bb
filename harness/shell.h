// SPDX-License-Identifier: Apache-2.0
// Short-lived shell commands: a profile's version command, and the check whether a script is valid shell.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace relayspec {

struct ShellResult {
  int status = -1;     ///< exit status; 128 + signal when it was killed
  std::string output;  ///< stdout and stderr as they came, 64 KiB at most
  bool timed_out = false;
};

/// Runs `sh ARGUMENTS…` with this standard input, as a process group of its own that is killed when the shell
/// ends or `limit` has passed. `env` is added to PATH, LANG and HOME; nothing else is inherited. Throws
/// std::system_error when no process can be made.
ShellResult run_shell(const std::vector<std::string>& arguments, const std::string& input,
                      std::chrono::milliseconds limit, const std::map<std::string, std::string>& env = {});

/// What /bin/sh has against a script, without the shell's own name: "3: Syntax error: …". Nothing when it is
/// valid.
std::optional<std::string> shell_syntax_error(const std::string& script);

}  // namespace relayspec
