// SPDX-License-Identifier: Apache-2.0
// What a relay does to every message under some settings. It is found by plain exchanges before anything else
// is judged, reported once, and left out of all other verdicts.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/protocol.h"

namespace relayspec {

class Quirks {
 public:
  /// Two exchanges of one form in a row have shown these differences.
  void learn(const std::vector<Difference>& first, const std::vector<Difference>& second);
  /// Both have shown sightings that nothing asked for, which break these rules.
  void learn_excess(const std::vector<std::string>& first, const std::vector<std::string>& second);
  /// Neither reply of this form has come to this downlink, of which this rule speaks.
  void learn_loss(Segment downlink, unsigned form, const Protocol::LostReply& loss) {
    lost_[{downlink, form}] = loss;
  }

  /// The quirk that a difference shows again, by whose rule it is judged; null when it is none.
  const Difference* find(const Difference&) const;
  bool contains(const Difference& d) const { return find(d) != nullptr; }
  bool contains_excess(const std::string& rule) const { return excess_.contains(rule); }
  /// The rule for replies of this form to this downlink that never come; unset where they do come.
  std::optional<std::string> loss(Segment downlink, unsigned form) const;

  /// One of each kind, in the order in which they were found.
  const std::vector<Difference>& differences() const { return differences_; }
  const std::set<std::string>& excess() const { return excess_; }
  /// The rules that lost replies break.
  std::set<std::string> losses() const;

 private:
  std::vector<Difference> differences_;
  std::set<std::string> varying_;  ///< fields that differ in another way each time, with their direction
  std::set<std::string> excess_;
  std::map<std::pair<Segment, unsigned>, Protocol::LostReply> lost_;
};

}  // namespace relayspec
