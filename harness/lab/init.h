// SPDX-License-Identifier: Apache-2.0
// The first process of a PID namespace: starts one program, reaps what that leaves behind, and takes
// everything with it when its owner goes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/lab/fd.h"
#include "harness/lab/ring.h"

namespace relayspec {

/// What an init is to do. All of it runs in the child.
struct InitJob {
  int network_fd = -1;            ///< the network namespace
  std::function<void()> prepare;  ///< in the new namespaces; may throw LabError
  std::function<void()>
      execute;      ///< in the program's process, when all but fds 0 to 2 are closed; must not return
  int as_fd3 = -1;  ///< a file descriptor that the program is given as its fd 3
  OutputRing* ring = nullptr;  ///< takes stdout and stderr; none: they are inherited, and stdin too
  bool own_session = true;     ///< keeps the terminal's signals away; false for a program at a terminal
  bool contained = false;      ///< the program has no rights over the machine, and bounded memory
  int users_fd = -1;           ///< the user namespace that owns the network, for a contained program
  bool in_background = false;  ///< the constructor does not wait: await_start() is called before all else
};

class Init {
 public:
  /// Forks, and returns when `prepare` is done and the program's process made. Throws LabError with what
  /// prepare threw.
  explicit Init(const InitJob&);
  /// Of a job in the background: what the constructor of others does.
  void await_start();
  ~Init();  ///< kills what is left, and waits for the end of it
  Init(const Init&) = delete;
  Init& operator=(const Init&) = delete;

  /// Sends a signal to the program.
  void signal(int number);
  /// Init itself ends as soon as the program has.
  void end_with_program() { signal(0); }

  /// Becomes and stays readable when the program has ended.
  int wake_fd() const { return control_.get(); }

  /// The program's wait status; -1 while it lives. When its end can no longer be known, as if by SIGKILL.
  int status();

  /// Waits for the program's end; false when the time is over (in ms, -1: for ever).
  bool wait(int timeout_ms);

  /// Every process that the program consists of: the children of init and theirs, as pids of this namespace.
  std::vector<pid_t> processes() const;

  /// Kills the whole namespace.
  void kill();

 private:
  Fd control_;
  pid_t pid_ = -1;
  int status_ = -1;
};

}  // namespace relayspec
