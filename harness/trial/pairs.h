// SPDX-License-Identifier: Apache-2.0
// The pairs of the trial: a quirk, which shows in every message of a direction, and a fault that shows in few
// cases. Each has to be reported, by its own rule, and no other deviation beside them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/outcome.h"

namespace relayspec::trial {

/// A line of pairs.txt.
struct Pair {
  std::string quirk, fault, dialect, quirk_requirement, fault_requirement;
  std::string where;  ///< "pairs.txt:12"

  std::string name() const { return quirk + "+" + fault; }
};

/// Throws InputError for a line without exactly five columns or with a dialect that does not exist, and for a
/// table without lines. `path` is for the messages.
std::vector<Pair> parse_pairs(std::string_view text, const std::string& path);

/// What is wrong with the table as a whole: a pair that is listed twice, a fault or a requirement that does
/// not exist, the same rule for both, which would make one deviation of them.
std::vector<std::string> complaints_about_pairs(const std::vector<Pair>&,
                                                const std::vector<std::string>& relay_faults);

/// What does not hold of a pair: a rule of the two by which nothing is found, and every deviation by another
/// rule.
std::vector<std::string> complaints_about(const Pair&, const Outcome&);

}  // namespace relayspec::trial
