// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/quirks.h"

#include <fmt/format.h>

#include <algorithm>

#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

/// Marks what cases have found of it; false where none has.
bool is_found(std::vector<CaseResult>& results, const Finding& quirk) {
  bool found = false;
  for (CaseResult& r : results) {
    for (Finding& f : r.findings) {
      if (f.requirement != quirk.requirement || f.field != quirk.field || f.kind != quirk.kind) continue;
      f.everywhere = found = true;
    }
  }
  return found;
}

// From the best to the worst.
int badness(Verdict v) {
  constexpr Verdict order[] = {Verdict::pass, Verdict::note, Verdict::warn, Verdict::fail};
  return static_cast<int>(std::find(std::begin(order), std::end(order), v) - std::begin(order));
}

void add(CaseResult& r, const Finding& f) {
  if (badness(f.verdict) > badness(r.verdict)) {
    r.verdict = f.verdict;
    r.reason = f.reason;
    r.expected = f.expected;
    r.observed = f.observed;
    r.clause = Catalogue::shipped().clause(f.requirement);
  }
  r.difference += fmt::format("{} [{}] {}\n", name(f.verdict), f.requirement, f.reason);
  r.findings.push_back(f);
}

}  // namespace

void hold_against(std::vector<CaseResult>& results, const std::vector<QuirkSeen>& quirks) {
  std::vector<const QuirkSeen*> in_order;
  for (const QuirkSeen& q : quirks) in_order.push_back(&q);
  const auto place = [&](const QuirkSeen& q) {
    return std::find_if(results.begin(), results.end(),
                        [&](const CaseResult& r) { return r.id == q.case_id; });
  };
  std::stable_sort(in_order.begin(), in_order.end(),
                   [&](const QuirkSeen* a, const QuirkSeen* b) { return place(*a) < place(*b); });
  for (const QuirkSeen* q : in_order) {
    const auto owner = place(*q);
    if (owner == results.end() || owner->verdict == Verdict::error || owner->verdict == Verdict::skip)
      continue;
    if (is_found(results, q->finding)) continue;
    Finding f = q->finding;
    f.everywhere = true;
    add(*owner, f);
  }
}

}  // namespace relayspec
