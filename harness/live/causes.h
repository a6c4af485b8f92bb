// SPDX-License-Identifier: Apache-2.0
// Groups what a relay does otherwise than the reference by cause.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "harness/live/departures.h"

namespace relayspec::live {

/// How often a relay has sent nothing, and something, of what a rule speaks of. What is odd in several ways
/// is lost by the one of which most is lost.
class Losses {
 public:
  void count(std::span<const RuleOnFate>, bool lost);
  /// The most likely of them; null where there is none.
  const RuleOnFate* likeliest(std::span<const RuleOnFate>) const;

 private:
  struct Count {
    std::size_t lost = 0, all = 0;
  };
  std::map<std::string, Count> by_rule_;
};

struct Cause {
  Departure::Kind kind = Departure::Kind::content;
  bool reply = false;
  std::string how, requirement;
  Culprit culprit = Culprit::nobody;

  auto key() const { return std::tie(kind, reply, how, requirement, culprit); }
  bool operator==(const Cause& o) const { return key() == o.key(); }
  bool operator<(const Cause& o) const { return key() < o.key(); }
};

/// "hops +1 in replies", "requests lost".
std::string in_words(const Cause&);

/// One stimulus that shows a cause.
struct Sample {
  std::uint64_t number = 0;
  std::size_t edits = 0;
  bool sure = true;  ///< by the model it has to come, or must not
};

class Causes {
 public:
  /// A stimulus that both have answered. Its rules are the model's of the relay.
  void note(std::uint64_t number, std::size_t edits, std::vector<Departure>, std::vector<RuleOnFate>,
            bool reference_came, bool relay_came);

  /// The samples of each cause, the sure ones with the fewest edits first. To be called when all have been
  /// noted.
  std::map<Cause, std::vector<Sample>> grouped();
  /// The causes of one stimulus, as the losses tell, and whether it shows them for sure; behind grouped().
  std::map<Cause, bool> of(std::span<const Departure>, std::span<const RuleOnFate>) const;

 private:
  struct Noted {
    Sample sample;
    std::vector<Departure> departures;
    std::vector<RuleOnFate> rules;
  };
  Cause cause_of(const Departure&, std::span<const RuleOnFate>) const;

  std::optional<RuleOnFate> rule_for(const Departure&, std::vector<RuleOnFate>) const;

  std::vector<Noted> noted_;
  Losses of_relay_, of_reference_;
  std::map<std::string, Cause> judged_;  ///< of content, by how it differs
  /// Rules by which messages are lost that have to come.
  std::set<std::pair<Departure::Kind, std::string>> proven_;
};

}  // namespace relayspec::live
