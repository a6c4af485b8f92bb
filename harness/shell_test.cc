#include "harness/shell.h"

#include <gtest/gtest.h>

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

TEST(Shell, ASignalIsToldApart) {
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
  const std::string alive = "test -d /proc/" + r.output.substr(0, r.output.find('\n')) +
                            " && grep -q '^State:.[RSD]' /proc/" + r.output.substr(0, r.output.find('\n')) +
                            "/status";
  EXPECT_NE(run_shell({"-c", alive + " 2>&1"}, "", kPlenty).status, 0);
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
