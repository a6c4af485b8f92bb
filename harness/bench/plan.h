// SPDX-License-Identifier: Apache-2.0
// The plan of a run: which cases go over the relay, in batches that want it started alike. Made once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/bench/case_info.h"

namespace relayspec {

struct PlannedCase {
  std::string id;
  std::size_t cost = 0;     ///< about as many frames as can be judged in its time
  unsigned recoveries = 0;  ///< how often it waits for the relay to recover
};

struct Batch {
  RelaySettings settings;
  std::vector<PlannedCase> cases;  ///< in the order of file and line
  std::vector<Dialect> dialects;   ///< in which one of its cases runs; empty: all
};

/// One of its cases may wait for the relay, as long as many others take.
bool may_wait(const Batch&);

using Plan = std::vector<Batch>;

/// Batches in the order of their first cases.
Plan make_plan(const std::vector<CaseInfo>&, const std::vector<std::string>& ids);

/// The plan for so many workers of which each takes the next batch when it is done with one: those that may
/// wait for long first, then the long ones, which are cut.
Plan cut_for(unsigned workers, const Plan&);

/// Gives one batch after the other; null behind the last.
using NextBatch = std::function<const Batch*()>;

/// All batches of a plan, which has to live as long.
NextBatch in_order(const Plan&);

}  // namespace relayspec
