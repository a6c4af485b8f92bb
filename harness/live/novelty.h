// SPDX-License-Identifier: Apache-2.0
// Stimuli of which something has come that had not come before; others are made from them.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/live/prober.h"

namespace relayspec::live {

class Novelty {
 public:
  /// Keeps the stimulus if its answer is of a new kind under these settings: by where something came out, the
  /// fields that it differs in from what was sent, and its options.
  void note(const std::string& settings, const Stimulus&, const Answer&);

  /// Keeps the stimulus, which was new in another way.
  void keep(const Stimulus&);

  std::span<const Stimulus> pool() const { return pool_; }
  std::size_t kinds() const { return kinds_.size(); }

 private:
  std::set<std::uint64_t> kinds_;
  std::vector<Stimulus> pool_;
};

}  // namespace relayspec::live
