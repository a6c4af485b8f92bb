// SPDX-License-Identifier: Apache-2.0
// What the fuzzer knows already: each fault once, with the smallest stimuli that show it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "harness/fuzzing.h"
#include "harness/live/accusations.h"

namespace relayspec::live {

/// A fault of which the kind says all, whatever rule the rest of the message makes of it: the same fault
/// shows under another rule where something else is odd as well.
bool depends_on_rest(const Accusation&);

/// Everything that is odd about `small` is odd about `large` too.
bool is_part_of(const Stimulus& small, const Stimulus& large);

class Findings {
 public:
  /// Counts it where it is known; false: it is not.
  bool count(const Accusation&, const Stimulus&);
  /// False where it is known.
  bool add(const Accusation&, const Stimulus& last, bool alone, FuzzFinding);
  /// It is known to end the relay.
  bool ends_the_relay(const Stimulus&) const;
  /// Whether to look for the smallest stimulus once more, where that has failed before.
  bool worth_a_try(const Accusation&);

  std::vector<FuzzFinding> all() const;
  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    Accusation what;
    Stimulus last;
    bool alone = true;  ///< shows without any other stimulus in front
    FuzzFinding finding;
  };
  std::vector<Known> known_;
  std::map<std::tuple<std::string, std::string, bool, std::string>, std::size_t> tries_;
};

}  // namespace relayspec::live
