// SPDX-License-Identifier: Apache-2.0
// A relay and the reference under the same stimuli.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/comparison.h"
#include "harness/live/causes.h"
#include "harness/live/prober.h"

namespace relayspec::live {

struct Duelist {
  std::string name;
  Prober& prober;
};

class Duel {
 public:
  Duel(const Duelist& reference, const Duelist& relay, std::uint64_t seed, unsigned downlinks)
      : reference_(reference), relay_(relay), seed_(seed), downlinks_(downlinks) {}

  /// Sends the stimuli of these numbers, some at once. Throws StartError.
  void run(std::uint64_t from, std::uint64_t to);

  /// The differences that show again, each with its smallest stimulus. Throws StartError.
  std::vector<DifferenceGroup> differences();

 private:
  /// What both have made of a stimulus.
  struct Pair {
    Answer reference, relay;
  };
  std::vector<Numbered> numbered(std::uint64_t from, std::uint64_t to) const;
  std::vector<Departure> departures_of(const Pair&) const;
  bool shows(const Pair&, const Cause&) const;
  Pair probe(const Numbered&);
  std::optional<DifferenceGroup> example(const Cause&, const std::vector<Sample>&);
  bool shows_in_its_batch(const Cause&, std::uint64_t number);
  DifferenceGroup group_of(const Cause&, const Stimulus&, Pair) const;

  Duelist reference_, relay_;
  std::uint64_t seed_;
  unsigned downlinks_;
  Causes causes_;
};

}  // namespace relayspec::live
