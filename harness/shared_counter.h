// SPDX-License-Identifier: Apache-2.0
// Numbers that several processes take from one row.
#pragma once

#include <cstddef>

namespace relayspec {

/// Counts from 0 on. A process that is forked from this one counts on together with it.
class SharedCounter {
 public:
  /// Throws LabError where there is no memory to share.
  SharedCounter();
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  /// Each number once, whichever process asks.
  std::size_t next();

 private:
  void* page_;
};

}  // namespace relayspec
