// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>

#include "harness/lab/impl.h"
#include "harness/lab/init.h"
#include "harness/lab/mounts.h"

namespace relayspec {
namespace {

// Ctrl-C at the terminal is for the command, as in system(3).
class IgnoreInterrupts {
 public:
  IgnoreInterrupts() : int_(::signal(SIGINT, SIG_IGN)), quit_(::signal(SIGQUIT, SIG_IGN)) {}
  ~IgnoreInterrupts() {
    ::signal(SIGINT, int_);
    ::signal(SIGQUIT, quit_);
  }
  IgnoreInterrupts(const IgnoreInterrupts&) = delete;
  IgnoreInterrupts& operator=(const IgnoreInterrupts&) = delete;

 private:
  sighandler_t int_, quit_;
};

}  // namespace

int Lab::run_inside(Segment side, const std::vector<std::string>& argv,
                    const std::map<std::string, std::string>& env) {
  if (argv.empty()) throw LabError("no command to run inside the lab");
  impl_->let_others_send();
  InitJob job;
  job.network_fd = impl_->sides[index(side)].fd();
  job.as_fd3 = impl_->sides[index(Segment::uplink)].fd();
  job.own_session = false;
  job.prepare = detach_mounts;
  job.execute = [&] {
    for (const auto& [name, value] : env) ::setenv(name.c_str(), value.c_str(), 1);
    ::setenv("RELAYSPEC_SERVER_NET", "/proc/self/fd/3", 1);
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    std::perror(arguments[0]);
  };
  const IgnoreInterrupts ignore;
  Init init(job);
  init.wait(-1);
  return init.status();
}

}  // namespace relayspec
