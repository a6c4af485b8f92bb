// SPDX-License-Identifier: Apache-2.0
// The last output of a relay, in memory that its init writes and the harness reads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace relayspec {

class OutputRing {
 public:
  static constexpr std::size_t kept = 64 << 10;

  /// Memory that is shared with children. Throws LabError.
  OutputRing();
  ~OutputRing();
  OutputRing(const OutputRing&) = delete;
  OutputRing& operator=(const OutputRing&) = delete;

  /// Takes what one read(2) gives; its result.
  long fill_from(int fd);

  /// Takes text that is much shorter than what is kept.
  void add(std::string_view text);

  /// The last 64 KiB, with a line in front that counts what came before them.
  std::string tail() const;

  /// All that was ever taken, in octets.
  std::uint64_t written() const { return shared_->written.load(std::memory_order_acquire); }

 private:
  // What is shown never touches what is just being written: one read is at most a quarter of the ring.
  static constexpr std::size_t size = 4 * kept;
  struct Shared {
    std::atomic<std::uint64_t> written;
    char bytes[size];
  };
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

  Shared* shared_;
};

}  // namespace relayspec
