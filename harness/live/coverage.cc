// SPDX-License-Identifier: Apache-2.0
#include "harness/live/coverage.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

namespace relayspec::live {
namespace {

// 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more.
std::uint8_t range_of(std::uint8_t count) {
  if (count == 0) return 0;
  if (count < 4) return static_cast<std::uint8_t>(1U << (count - 1U));
  const auto width = static_cast<unsigned>(std::bit_width(count));
  return static_cast<std::uint8_t>(1U << std::min(width < 7 ? width : width - 1, 7U));
}

}  // namespace

bool Places::note(std::span<const std::uint8_t> counters) {
  bool any = false;
  for (std::size_t i = 0; i < std::min(counters.size(), seen_.size()); ++i) {
    if (counters[i] == 0) continue;
    const std::uint8_t range = range_of(counters[i]);
    any = any || (seen_[i] & range) == 0;
    seen_[i] |= range;
  }
  return any;
}

std::size_t Places::count() const {
  return static_cast<std::size_t>(std::ranges::count_if(seen_, [](std::uint8_t s) { return s != 0; }));
}

// The relay may have put anything in the place of the file: what is opened stays within its root directory.
void Coverage::follow(const std::string& root) {
  const Fd directory(checked(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC),
                             "cannot open the relay's root directory"));
  open_how how{};
  how.flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  counters_ = Fd(checked(static_cast<int>(::syscall(SYS_openat2, directory.get(), file, &how, sizeof how)),
                         "cannot open the relay's counters in /run/relayspec-coverage"));
}

bool Coverage::look() {
  static constexpr std::array<std::uint8_t, size> zero{};
  std::array<std::uint8_t, size> counters;
  const auto got = ::pread(counters_.get(), counters.data(), size, 0);
  if (got <= 0) return false;
  // A relay that has cut its file counts no more.
  if (::pwrite(counters_.get(), zero.data(), static_cast<std::size_t>(got), 0) != got) return false;
  return places_.note(std::span(counters).first(static_cast<std::size_t>(got)));
}

}  // namespace relayspec::live
