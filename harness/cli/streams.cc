// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/text.h"

namespace relayspec {

void prepare_streams() {
  // Opened in the wrong direction, so that using it is an error, as it should be.
  if (::fcntl(STDIN_FILENO, F_GETFD) < 0) ::open("/dev/null", O_WRONLY);
  if (::fcntl(STDOUT_FILENO, F_GETFD) < 0) ::open("/dev/null", O_RDONLY);
  if (::fcntl(STDERR_FILENO, F_GETFD) < 0) ::open("/dev/null", O_WRONLY);
  ::signal(SIGXFSZ, SIG_IGN);
}

void say(std::string_view text, int stream) {
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  while (!text.empty()) {
    const ssize_t n = ::write(stream, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  ::signal(SIGPIPE, before);
}

void complain(std::string_view message) { say("relayspec: " + message_line(message) + "\n"); }

}  // namespace relayspec
