// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/conclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace relayspec {
namespace {

// A case that fails in 1 of 100 rounds fails.
int badness(Verdict v) {
  switch (v) {
    case Verdict::error:
      return 5;
    case Verdict::fail:
      return 4;
    case Verdict::warn:
      return 3;
    case Verdict::note:
      return 2;
    case Verdict::pass:
      return 1;
    case Verdict::skip:
      return 0;
  }
  return 5;
}

bool deviates_in(const CaseResult& r, bool strict) {
  return r.accepted.empty() && (r.verdict == Verdict::fail || (strict && r.verdict == Verdict::warn));
}

}  // namespace

std::vector<std::string> merge(Outcome& all, Outcome round, unsigned number) {
  std::vector<std::string> changes;
  for (std::size_t i = 0; i < all.cases.size(); ++i) {
    CaseResult &kept = all.cases[i], &fresh = round.cases[i];
    if (kept.verdict != fresh.verdict) {
      changes.push_back(fmt::format("{}: {} in round {}, {} before", kept.id, name(fresh.verdict), number,
                                    name(kept.verdict)));
    }
    if (badness(fresh.verdict) > badness(kept.verdict)) kept = std::move(fresh);
  }
  all.unexplained.insert(all.unexplained.end(), round.unexplained.begin(), round.unexplained.end());
  all.remarks.insert(all.remarks.end(), round.remarks.begin(), round.remarks.end());
  all.relay_output = std::move(round.relay_output);
  return changes;
}

Conclusion conclude(const RunResult& result, const Outcome& outcome, bool strict) {
  Conclusion c;
  std::set<std::string> trouble(outcome.unexplained.begin(), outcome.unexplained.end());
  for (const CaseResult& r : result.cases) {
    if (r.verdict == Verdict::error) trouble.insert(r.reason);
  }
  c.lines.assign(trouble.begin(), trouble.end());
  for (const std::string& line : std::set(outcome.remarks.begin(), outcome.remarks.end()))
    c.lines.push_back("note: " + line);
  constexpr std::size_t most_lines = 20;
  const auto& beyond = result.beyond_baseline;
  const std::size_t shown = std::min(most_lines, beyond.size());
  c.lines.insert(c.lines.end(), beyond.begin(), beyond.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < beyond.size())
    c.lines.push_back(fmt::format("and {} more that the baseline does not accept", beyond.size() - shown));
  const auto counts = result.counts();
  const auto count = [&](Verdict v) { return counts[static_cast<std::size_t>(v)]; };
  if (count(Verdict::error) > 0 || !outcome.unexplained.empty()) {
    c.status = not_judged;
  } else if (count(Verdict::skip) == result.cases.size()) {
    c.lines.push_back("every case was skipped, so nothing has been judged: " + result.cases.front().reason);
    c.status = not_judged;
  } else if (!result.no_longer_deviating.empty() || !result.newly_skipped.empty() ||
             !result.no_longer_skipped.empty() ||
             std::any_of(result.cases.begin(), result.cases.end(),
                         [&](const CaseResult& r) { return deviates_in(r, strict); })) {
    c.status = deviates;
  }
  return c;
}

}  // namespace relayspec
