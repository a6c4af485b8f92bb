// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

std::vector<SuiteCounts> counts_by_suite(const RunResult& run) {
  std::vector<SuiteCounts> suites;
  std::map<std::string, std::size_t> places;
  for (const CaseResult& c : run.cases) {
    const auto [place, is_new] = places.emplace(c.suite, suites.size());
    if (is_new) suites.push_back({c.suite, {}});
    ++suites[place->second].counts[index(c.verdict)];
  }
  return suites;
}

std::vector<SameReason> by_reason(const RunResult& run, Verdict verdict) {
  std::vector<SameReason> found;
  std::map<std::string, std::size_t> places;
  for (const CaseResult& c : run.cases) {
    if (c.verdict != verdict) continue;
    const auto [place, is_new] = places.emplace(c.reason, found.size());
    if (is_new) found.push_back({c.reason, {}});
    found[place->second].cases.push_back(&c);
  }
  return found;
}

std::string deviations_in_words(const std::vector<Deviation>& deviations) {
  if (deviations.empty()) return "no deviation";
  const auto count = [&](auto which) { return std::count_if(deviations.begin(), deviations.end(), which); };
  const auto must = count([](const Deviation& d) { return d.level.starts_with("MUST"); });
  const auto accepted = count([](const Deviation& d) { return !d.accepted.empty(); });
  std::string words = fmt::format("{} deviation{}", deviations.size(), deviations.size() == 1 ? "" : "s");
  if (must != 0) words += fmt::format(" ({} MUST)", must);
  if (accepted != 0) words += fmt::format(", {} of them accepted by the baseline", accepted);
  return words;
}

std::vector<BaselineRemark> needless_in_baseline(const RunResult& run) {
  std::vector<BaselineRemark> remarks;
  for (const std::string& entry : run.no_longer_deviating)
    remarks.push_back({entry, "no longer deviates; take it out of the baseline"});
  for (const std::string& pattern : run.no_longer_skipped)
    remarks.push_back({pattern, "is no longer skipped; take it out of 'skipped' in the baseline"});
  return remarks;
}

std::string newly_skipped_in_words(const RunResult& run, const CaseResult& c) {
  if (std::find(run.newly_skipped.begin(), run.newly_skipped.end(), c.id) == run.newly_skipped.end())
    return "";
  return "is skipped, and 'skipped' in the baseline does not list it: " + c.reason;
}

std::vector<BaselineRemark> remarks_on_baseline(const RunResult& run) {
  std::vector<BaselineRemark> remarks = needless_in_baseline(run);
  for (const CaseResult& c : run.cases) {
    if (std::string words = newly_skipped_in_words(run, c); !words.empty())
      remarks.push_back({c.id, std::move(words)});
  }
  return remarks;
}

std::string other_cases(const Deviation& d) {
  return d.cases.size() > 1 ? fmt::format(" and {} more", d.cases.size() - 1) : "";
}

std::vector<std::string> other_ids(const Deviation& d) {
  std::vector<std::string> ids;
  std::copy_if(d.cases.begin(), d.cases.end(), std::back_inserter(ids),
               [&](const std::string& id) { return id != d.case_id; });
  return ids;
}

std::string combinations_in_words(const Deviation& d) {
  std::vector<std::string> words;
  for (const auto& [combination, times] : d.combinations)
    words.push_back(times == 1 ? combination : fmt::format("{} ({} times)", combination, times));
  return join(words, "; ");
}

std::string counts_in_words(const Counts& counts) {
  std::vector<std::string> parts;
  for (const Verdict v : kByWeight) {
    if (counts[index(v)] != 0) parts.push_back(fmt::format("{} {}", counts[index(v)], name(v)));
  }
  return parts.empty() ? "no case was run" : join(parts);
}

std::string duration_in_words(std::uint64_t milliseconds) {
  return milliseconds < 100 ? fmt::format("{} ms", milliseconds)
                            : fmt::format("{:.2f} s", static_cast<double>(milliseconds) / 1000);
}

std::string relay_in_words(const RunResult& run) {
  return one_line(run.relay_version.empty() ? run.relay_name
                                            : run.relay_name + " (" + run.relay_version + ")");
}

}  // namespace relayspec
