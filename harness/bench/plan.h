// SPDX-License-Identifier: Apache-2.0
// The plan of a run: which cases go over the relay, in batches that want it started alike. Made once.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/case_info.h"

namespace relayspec {

struct Batch {
  RelaySettings settings;
  std::vector<std::string> cases;  ///< ids, in the order of file and line
  unsigned recoveries = 0;         ///< how often a case waits for the relay to recover
  std::vector<Dialect> dialects;   ///< in which one of its cases runs; empty: all
};

using Plan = std::vector<Batch>;

/// Batches in the order of their first cases.
Plan make_plan(const std::vector<CaseInfo>&, const std::vector<std::string>& ids);

/// The plan in at most so many parts that take about as long, each with its longest batches first.
std::vector<Plan> share_out(const Plan&, unsigned parts);

}  // namespace relayspec
