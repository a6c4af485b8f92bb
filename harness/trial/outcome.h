// SPDX-License-Identifier: Apache-2.0
// What all cases report of a relay with faults.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/packing.h"
#include "relayspec/harness/result.h"

namespace relayspec::trial {

/// What one case reports of a relay with a fault, when it is neither a pass nor a note.
struct Change {
  std::string id, verdict, reason;
  std::vector<std::string> broken;  ///< "loss RFC1542-…": the Finding::By in a word, and the rule

  friend bool operator==(const Change&, const Change&) = default;
};

/// Findings with verdict fail or warn that share requirement, field and kind.
struct Deviation {
  std::string requirement, field, kind;
  std::string reason;              ///< of the first case
  std::vector<std::string> cases;  ///< that show it, in the order in which they ran

  friend bool operator==(const Deviation&, const Deviation&) = default;
};

struct Outcome {
  std::vector<Change> changes;
  std::vector<Deviation> deviations;
  double seconds = 0;
  std::string trouble;  ///< why there is no outcome; empty when there is one
};

template <MaybeConst<Change> T>
auto members(T& value) {
  auto& [id, verdict, reason, broken] = value;
  return std::tie(id, verdict, reason, broken);
}

template <MaybeConst<Deviation> T>
auto members(T& value) {
  auto& [requirement, field, kind, reason, cases] = value;
  return std::tie(requirement, field, kind, reason, cases);
}

template <MaybeConst<Outcome> T>
auto members(T& value) {
  auto& [changes, deviations, seconds, trouble] = value;
  return std::tie(changes, deviations, seconds, trouble);
}

std::vector<Change> changes_in(std::span<const CaseResult>);
std::vector<Deviation> deviations_in(const std::vector<CaseResult>&);

/// The outcome of a run as a JSON object on one line.
std::string json_line(const std::string& name, const std::string& dialect, const Outcome&);

}  // namespace relayspec::trial
