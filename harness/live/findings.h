// SPDX-License-Identifier: Apache-2.0
// What the fuzzer knows already: each fault once, with the smallest stimuli that show it.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/fuzzing.h"
#include "harness/live/accusations.h"

namespace relayspec::live {

/// A fault of which the kind says all, whatever rule the rest of the message makes of it: the same fault
/// shows under another rule where something else is odd as well.
bool depends_on_rest(const Accusation&);

/// A crash, a hang, or a relay that has stopped.
bool ends_the_relay(const std::string& kind);

/// Everything that is odd about `small` is odd about `large` too.
bool is_part_of(const Stimulus& small, const Stimulus& large);

class Findings {
 public:
  /// Counts it where it is known. False: it is not, or no packets show it again, and more may be tried.
  bool count(const Accusation&, const Stimulus&);
  /// The same without counting.
  bool is_known(const Accusation&, const Stimulus&) const;
  /// False where it is known, and packets show it again.
  bool add(const Accusation&, const Stimulus& last, bool alone, FuzzFinding);
  /// It is known to end the relay.
  bool ends_the_relay(const Stimulus&) const;
  /// Whether to look for the smallest stimulus once more, where that has failed before.
  bool worth_a_try(const Accusation&);

  /// Of what a relay has to drop by this rule none has been looked at under these settings.
  bool is_first(const std::string& settings, const std::string& rule) {
    return dropped_.emplace(settings, rule).second;
  }

  std::vector<FuzzFinding> all() const;
  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    Accusation what;
    Stimulus last;
    bool alone = true;  ///< shows without any other stimulus in front
    FuzzFinding finding;
  };
  const Known* explanation(const Accusation&, const Stimulus&) const;
  bool is_settled(const Known&) const;

  std::vector<Known> known_;
  std::set<std::pair<std::string, std::string>> dropped_;
  std::map<std::tuple<std::string, std::string, bool, std::string>, std::size_t> tries_;
};

}  // namespace relayspec::live
