// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace relayspec {
namespace {

struct Closes {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closes>;

TEST(ProgressLine, IsForTerminalsAlone) {
  const File file(std::tmpfile());
  EXPECT_FALSE(progress_on(file.get(), 2));
}

TEST(ProgressLine, IsRewrittenAndRemovedAtTheEnd) {
  ::setenv("TERM", "xterm", 1);
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  ASSERT_EQ(::grantpt(master), 0);
  ASSERT_EQ(::unlockpt(master), 0);
  const File terminal(std::fopen(::ptsname(master), "w"));
  ASSERT_TRUE(terminal);
  const Progress progress = progress_on(terminal.get(), 2);
  ASSERT_TRUE(progress);
  progress("hops/one");
  progress("hops/two");
  std::fflush(terminal.get());
  const std::string wanted = "\r\x1b[K[1/2] hops/one\r\x1b[K[2/2] hops/two\r\x1b[K";
  std::string shown;
  for (char buffer[64]; shown.size() < wanted.size();) {
    const ssize_t n = ::read(master, buffer, sizeof buffer);
    ASSERT_GT(n, 0);
    shown.append(buffer, static_cast<std::size_t>(n));
  }
  EXPECT_EQ(shown, wanted);
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(progress_on(terminal.get(), 2));
  ::close(master);
}

}  // namespace
}  // namespace relayspec
