// SPDX-License-Identifier: Apache-2.0
// Memory for those who check the relay. The sanitizer guards every block, which costs more than all else that
// a check does; what the core may touch it has to guard, what checks the core it has not.
#pragma once

#include <utility>

namespace relayspec::relay::fuzz {

inline thread_local bool unguarded = false;

/// As long as it lives, blocks of this thread come from a pool that the sanitizer does not watch. Only in
/// fuzz programs.
class Unguarded {
 public:
  Unguarded() : before_(std::exchange(unguarded, true)) {}
  ~Unguarded() { unguarded = before_; }
  Unguarded(const Unguarded&) = delete;
  Unguarded& operator=(const Unguarded&) = delete;

 private:
  bool before_;
};

}  // namespace relayspec::relay::fuzz
