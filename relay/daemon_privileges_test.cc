// SPDX-License-Identifier: Apache-2.0
#include "relay/daemon_privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace relayspec::relay {
namespace {

using testing::AllOf;
using testing::ContainsRegex;

#ifndef RELAYSPEC_INSTRUMENTED
/// A process that has dropped its privileges; it ends when `stay` is closed, or by the call in `then`.
class Dropped {
 public:
  explicit Dropped(void (*then)() = [] {}) {
    int ready[2], stay[2];
    EXPECT_EQ(pipe(ready) + pipe(stay), 0);
    pid_ = fork();
    if (pid_ == 0) {
      char octet = 0;
      close(stay[1]);
      drop_privileges(Log(LogLevel::error));
      [[maybe_unused]] auto done = write(ready[1], &octet, 1);
      done = read(stay[0], &octet, 1);
      then();
      _exit(0);
    }
    char octet = 0;
    close(ready[1]);
    EXPECT_EQ(read(ready[0], &octet, 1), 1);
    close(ready[0]);
    close(stay[0]);
    stay_ = stay[1];
  }

  std::string status() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  int ends() const {
    close(stay_);
    int how = 0;
    EXPECT_EQ(waitpid(pid_, &how, 0), pid_);
    return how;
  }

 private:
  pid_t pid_ = 0;
  int stay_ = 0;
};

TEST(Privileges, AreGivenUp) {
  const Dropped process;
  EXPECT_THAT(process.status(), AllOf(ContainsRegex("CapPrm:\t0+\n"), ContainsRegex("CapEff:\t0+\n"),
                                      ContainsRegex("CapInh:\t0+\n"), ContainsRegex("NoNewPrivs:\t1\n"),
                                      ContainsRegex("Seccomp:\t2\n")));
  EXPECT_EQ(process.ends(), 0);
}

TEST(Privileges, RootBecomesNobody) {
  std::ifstream map("/proc/self/uid_map");
  unsigned inside = 0, outside = 0, count = 0;
  map >> inside >> outside >> count;
  if (geteuid() != 0 || count <= 65534) GTEST_SKIP() << "needs root, and an id for nobody";
  const Dropped process;
  EXPECT_THAT(process.status(), AllOf(ContainsRegex("Uid:\t65534\t65534\t65534\t65534\n"),
                                      ContainsRegex("Gid:\t65534\t65534\t65534\t65534\n"),
                                      ContainsRegex("Groups:\t *\n"), ContainsRegex("CapBnd:\t0+\n")));
  EXPECT_EQ(process.ends(), 0);
}

TEST(Privileges, AnotherSystemCallEndsTheProcess) {
  const Dropped process([] { fork(); });
  const int how = process.ends();
  EXPECT_TRUE(WIFSIGNALED(how));
  EXPECT_EQ(WTERMSIG(how), SIGSYS);
}
#endif

}  // namespace
}  // namespace relayspec::relay
