#include "harness/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "harness/cli/streams.h"
#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

Progress progress_on(std::FILE* stream, std::size_t total) {
  const char* term = std::getenv("TERM");
  const int terminal = ::fileno(stream);
  if (::isatty(terminal) == 0 || (term && std::string_view(term) == "dumb")) return {};
  return [terminal, total, done = std::size_t{0}](const std::string& id) mutable {
    ++done;
    // A line that is full would break, and its first part stay.
    const std::string line = fmt::format("[{}/{}] {}", done, total, one_line(id));
    say("\r\x1b[K" + shortened(line, terminal_width(terminal) - 1), terminal);
    if (done == total) say("\r\x1b[K", terminal);
  };
}

}  // namespace relayspec
