// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/plan.h"

#include <algorithm>

namespace relayspec {
namespace {

// In cases: a start of the relay takes as long as a few, the wait for one that never recovers as long as
// many.
constexpr std::size_t start_costs = 8, recovery_costs = 200;

std::size_t cost_of(const Batch& b) { return start_costs + b.cases.size() + b.recoveries * recovery_costs; }

}  // namespace

Plan make_plan(const std::vector<CaseInfo>& cases, const std::vector<std::string>& ids) {
  Plan plan;
  for (const CaseInfo& s : cases) {
    if (std::find(ids.begin(), ids.end(), s.id) == ids.end()) continue;
    RelaySettings settings = s.settings;
    if (!s.one_downlink) settings.downlinks = 2;  // a case with one network runs with two as well
    auto batch =
        std::find_if(plan.begin(), plan.end(), [&](const Batch& b) { return b.settings == settings; });
    if (batch == plan.end()) {
      batch = plan.insert(plan.end(), Batch{.settings = settings, .dialects = s.dialects});
    } else if (s.dialects.empty()) {
      batch->dialects.clear();
    } else if (!batch->dialects.empty()) {
      batch->dialects.insert(batch->dialects.end(), s.dialects.begin(), s.dialects.end());
    }
    batch->cases.push_back(s.id);
    batch->recoveries += s.recoveries;
  }
  return plan;
}

std::vector<Plan> share_out(const Plan& plan, unsigned parts) {
  Plan longest_first = plan;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const Batch& a, const Batch& b) { return cost_of(a) > cost_of(b); });
  std::vector<Plan> shares(parts);
  std::vector<std::size_t> load(parts);
  for (Batch& b : longest_first) {
    const auto lightest = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    load[lightest] += cost_of(b);
    shares[lightest].push_back(std::move(b));
  }
  std::erase_if(shares, [](const Plan& share) { return share.empty(); });
  return shares;
}

}  // namespace relayspec
