// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string_view>

#include "harness/cli/streams.h"
#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

namespace {

/// Gets the number of steps that are done, and what the last one was.
using Line = std::function<std::string(std::size_t done, const std::string& id)>;

Progress lines_on(std::FILE* stream, std::size_t total, const Line& line_of) {
  const char* term = std::getenv("TERM");
  const int terminal = ::fileno(stream);
  if (::isatty(terminal) == 0 || (term && std::string_view(term) == "dumb")) return {};
  return [terminal, total, line_of, done = std::size_t{0}](const std::string& id) mutable {
    ++done;
    // A line as wide as the terminal would wrap, and its first part would stay.
    say("\r\x1b[K" + shortened(line_of(done, one_line(id)), terminal_width(terminal) - 1), terminal);
    if (done == total) say("\r\x1b[K", terminal);
  };
}

}  // namespace

Progress progress_on(std::FILE* stream, std::size_t total) {
  return lines_on(stream, total, [total](std::size_t done, const std::string& id) {
    return fmt::format("[{}/{}] {}", done, total, id);
  });
}

Progress progress_with_time_left(std::FILE* stream, std::size_t total) {
  const auto started = std::chrono::steady_clock::now();
  return lines_on(stream, total, [total, started](std::size_t done, const std::string& id) {
    const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - started;
    const double left = so_far.count() / static_cast<double>(done) * static_cast<double>(total - done);
    return fmt::format("[{:3} %, {:.0f} s left] {}", 100 * done / total, left, id);
  });
}

}  // namespace relayspec
