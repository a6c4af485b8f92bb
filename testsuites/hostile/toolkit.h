// SPDX-License-Identifier: Apache-2.0
// The toolkit as its users start it: a process with a command line, two streams and an exit status.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace relayspec {

struct Ended {
  int status;  ///< the exit status, or minus the signal that killed it
  std::string out, err;
};

class Toolkit {
 public:
  /// Starts `relayspec ARGUMENTS…`. Whatever it forks and leaves behind becomes a child of this process.
  explicit Toolkit(const std::vector<std::string>& arguments);
  /// Another main function in a process of its own.
  Toolkit(const std::vector<std::string>& arguments,
          const std::function<int(int argc, const char* const* argv)>& main);
  ~Toolkit();  ///< kills it, if it still runs
  Toolkit(const Toolkit&) = delete;
  Toolkit& operator=(const Toolkit&) = delete;

  pid_t pid() const { return pid_; }

  /// Waits until it and the relay run: the relay's first process, below its init, is there.
  void await_relay() const;
  Ended wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
};

/// Runs to the end.
Ended relayspec(const std::vector<std::string>& arguments);

/// The same without a program to load: its main function in a copy of this process. For hundreds of inputs.
Ended relayspec_in_a_copy(const std::vector<std::string>& arguments);

/// Processes that descend from this one. None are left when a run is over; waits a while for the last to go.
std::vector<pid_t> left_behind();

}  // namespace relayspec
