#include "harness/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace relayspec {

Progress progress_on(std::FILE* stream, std::size_t total) {
  if (::isatty(::fileno(stream)) == 0) return {};
  return [stream, total, done = std::size_t{0}](const std::string& id) mutable {
    ++done;
    fmt::print(stream, "\r\x1b[K[{}/{}] {}", done, total, id);
    if (done == total) fmt::print(stream, "\r\x1b[K");
  };
}

}  // namespace relayspec
