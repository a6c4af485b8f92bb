// SPDX-License-Identifier: Apache-2.0
// What a relay and all that it forks may do and use together.
#pragma once

#include <chrono>
#include <string>

namespace relayspec {

/// Takes from the calling process every right over the machine: afterwards it is root in this user namespace
/// alone, with mounts and a host name of its own. Where there is none (-1) it loses the capabilities
/// themselves. What it executes is the first that the kernel kills when memory is short. Ends the process
/// when that fails.
void give_up_rights(int users_fd);

/// When memory is short the kernel kills the calling process and its children before any other.
void be_first_to_go();

/// Bounds what the PID and IPC namespaces of the calling process hold, by the sysctls below `proc`.
void limit_namespaces(const std::string& proc);

/// Watches the processes of a PID namespace, from its first process.
class Limits {
 public:
  static constexpr int period_ms = 100;

  Limits();
  /// What is over the limit, in words; measured once in a period, else empty.
  std::string excess();

 private:
  bool has_own_proc_;  ///< /proc shows this namespace
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace relayspec
