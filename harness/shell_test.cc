// SPDX-License-Identifier: Apache-2.0
#include "harness/shell.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>

#include "harness/lab/fd.h"

namespace relayspec {
namespace {

constexpr std::chrono::seconds kPlenty{20};

TEST(Shell, KeepsStatusAndBothStreams) {
  const ShellResult r = run_shell({"-c", "echo out; echo err >&2; exit 3"}, "", kPlenty);
  EXPECT_EQ(r.status, 3);
  EXPECT_EQ(r.output, "out\nerr\n");
  EXPECT_FALSE(r.timed_out);
}

TEST(Shell, ReadsItsInput) { EXPECT_EQ(run_shell({}, "echo $((6 * 7))\n", kPlenty).output, "42\n"); }

TEST(Shell, ASignalIsDistinguished) {
  EXPECT_EQ(run_shell({"-c", "kill -TERM $$"}, "", kPlenty).status, 128 + 15);
}

TEST(Shell, WhatNeverEndsIsKilled) {
  const ShellResult r = run_shell({"-c", "while :; do :; done"}, "", std::chrono::milliseconds(1));
  EXPECT_TRUE(r.timed_out);
  EXPECT_EQ(r.status, 128 + 9);
}

TEST(Shell, WhatItLeavesBehindIsKilledAndNotWaitedFor) {
  const ShellResult r = run_shell({"-c", "tail -f /dev/null & echo $!"}, "", kPlenty);
  EXPECT_FALSE(r.timed_out);
  const Fd left(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(r.output), 0)));
  pollfd end{left.get(), POLLIN, 0};
  EXPECT_TRUE(!left || ::poll(&end, 1, 10'000) == 1) << "it still runs";
}

TEST(Shell, AFloodOfOutputIsCut) {
  const ShellResult r = run_shell({"-c", "yes"}, "", kPlenty);
  EXPECT_FALSE(r.timed_out);
  EXPECT_EQ(r.output.size(), 65536U);
}

TEST(Shell, SyntaxErrorsCarryTheirLine) {
  EXPECT_FALSE(shell_syntax_error("exec true\n").has_value());
  EXPECT_TRUE(shell_syntax_error("true\n)\n").value_or("").starts_with("2: "));
}

}  // namespace
}  // namespace relayspec
