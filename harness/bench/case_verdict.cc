// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/case_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

int rank(const Finding& f) { return f.verdict == Verdict::fail ? 0 : f.verdict == Verdict::warn ? 1 : 2; }

// The reason names the message that is lost: two that are lost by chance are seldom the same.
bool alike(const Finding& a, const Finding& b) {
  return a.requirement == b.requirement && a.field == b.field && a.kind == b.kind &&
         a.combination == b.combination && (a.by != Finding::By::loss || a.reason == b.reason);
}

}  // namespace

void judge_by_findings(CaseResult& r) {
  constexpr std::size_t most = 12;
  const auto worst = std::min_element(r.findings.begin(), r.findings.end(),
                                      [](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  r.verdict = worst->verdict;
  r.reason = worst->reason;
  r.expected = worst->expected;
  r.observed = worst->observed;
  r.clause = Catalogue::shipped().clause(worst->requirement);
  r.difference.clear();
  for (std::size_t i = 0; i < std::min(most, r.findings.size()); ++i) {
    const Finding& f = r.findings[i];
    r.difference += fmt::format("{} [{}] {}\n", name(f.verdict), f.requirement, f.reason);
  }
  if (r.findings.size() > most)
    r.difference += fmt::format("and {} more findings\n", r.findings.size() - most);
  r.difference += worst->octets;
}

// Where a loss ends a case, what comes of its other messages is not awaited any more, and unexpected.
bool keep_common(CaseResult& latest, const CaseResult& before) {
  const auto missing_before = [&](const Finding& f) {
    return std::none_of(before.findings.begin(), before.findings.end(),
                        [&](const Finding& other) { return alike(f, other); });
  };
  const auto first_missing = std::stable_partition(latest.findings.begin(), latest.findings.end(),
                                                   [&](const Finding& f) { return !missing_before(f); });
  if (first_missing == latest.findings.begin()) return false;
  const auto is_excess = [](const Finding& f) { return f.by == Finding::By::excess; };
  const auto is_loss = [](const Finding& f) { return f.by == Finding::By::loss; };
  if (std::all_of(latest.findings.begin(), first_missing, is_excess) &&
      std::any_of(first_missing, latest.findings.end(), is_loss))
    return false;
  latest.findings.erase(first_missing, latest.findings.end());
  judge_by_findings(latest);
  return true;
}

}  // namespace relayspec
