// SPDX-License-Identifier: Apache-2.0
// Findings in groups, each of which becomes a deviation.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// A finding and the case that made it.
struct Sample {
  const CaseResult* of;
  Finding finding;
};

/// Requirement, field and kind of difference.
using Key = std::tuple<std::string, std::string, std::string>;
using Groups = std::map<Key, std::vector<Sample>>;
using Group = Groups::value_type;

bool is_accepted(const std::vector<Sample>&);

/// The strictest level has the lowest rank.
int rank_of_level(std::string_view level);

/// Joins groups that one cause has made: what is a part or a consequence of another group moves there.
void fold_groups(Groups&);

}  // namespace relayspec
