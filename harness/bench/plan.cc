// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/plan.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace relayspec {
namespace {

// In frames: what every case costs, and a start of the relay.
constexpr std::size_t case_costs = 10, start_costs = 100;
// So many pieces for each worker leave none of them without work for long.
constexpr std::size_t pieces_for_each = 4;

std::size_t cost_of(const Batch& b) {
  return std::accumulate(b.cases.begin(), b.cases.end(), start_costs,
                         [](std::size_t sum, const PlannedCase& c) { return sum + c.cost; });
}

bool case_may_wait(const PlannedCase& c) { return c.recoveries > 0; }

// A case that waits for a relay which never recovers takes as long as many others.
bool fits(const Batch& piece, const PlannedCase& c, std::size_t most) {
  return !may_wait(piece) && !case_may_wait(c) && cost_of(piece) + c.cost <= most;
}

Plan pieces_of(const Batch& b, std::size_t most) {
  Plan pieces;
  for (const PlannedCase& c : b.cases) {
    if (pieces.empty() || !fits(pieces.back(), c, most))
      pieces.push_back({.settings = b.settings, .cases = {}, .dialects = b.dialects});
    pieces.back().cases.push_back(c);
  }
  return pieces;
}

}  // namespace

bool may_wait(const Batch& b) { return std::any_of(b.cases.begin(), b.cases.end(), case_may_wait); }

Plan make_plan(const std::vector<CaseInfo>& cases, const std::vector<std::string>& ids) {
  Plan plan;
  for (const CaseInfo& s : cases) {
    if (std::find(ids.begin(), ids.end(), s.id) == ids.end()) continue;
    RelaySettings settings = s.settings;
    if (!s.one_downlink) settings.downlinks = 2;  // a case with one network runs with two as well
    auto batch =
        std::find_if(plan.begin(), plan.end(), [&](const Batch& b) { return b.settings == settings; });
    if (batch == plan.end()) {
      batch = plan.insert(plan.end(), {.settings = settings, .cases = {}, .dialects = s.dialects});
    } else if (s.dialects.empty()) {
      batch->dialects.clear();
    } else if (!batch->dialects.empty()) {
      batch->dialects.insert(batch->dialects.end(), s.dialects.begin(), s.dialects.end());
    }
    batch->cases.push_back({.id = s.id, .cost = case_costs + s.frames_sent, .recoveries = s.recoveries});
  }
  return plan;
}

Plan cut_for(unsigned workers, const Plan& plan) {
  const std::size_t all = std::accumulate(plan.begin(), plan.end(), std::size_t{0},
                                          [](std::size_t sum, const Batch& b) { return sum + cost_of(b); });
  Plan longest_first = plan;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const Batch& a, const Batch& b) { return cost_of(a) > cost_of(b); });
  const std::size_t most = std::max(all / (workers * pieces_for_each), 2 * start_costs);
  Plan pieces;
  for (const Batch& b : longest_first) std::ranges::move(pieces_of(b, most), std::back_inserter(pieces));
  std::stable_partition(pieces.begin(), pieces.end(), [](const Batch& b) { return may_wait(b); });
  return pieces;
}

NextBatch in_order(const Plan& plan) {
  return [&plan, next = std::size_t{0}]() mutable { return next < plan.size() ? &plan[next++] : nullptr; };
}

}  // namespace relayspec
