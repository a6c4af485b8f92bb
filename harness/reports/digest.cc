#include "harness/reports/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

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

std::vector<Entry> findings(const RunResult& run, Verdict verdict) {
  std::vector<Entry> found;
  std::map<std::tuple<std::string, std::string>, std::size_t> places;
  for (const CaseResult& c : run.cases) {
    if (c.verdict != verdict) continue;
    const auto [place, is_new] = places.emplace(std::tuple(c.reason, c.accepted), found.size());
    if (is_new) found.push_back({c.reason, c.accepted, {}});
    found[place->second].cases.push_back(&c);
  }
  std::stable_partition(found.begin(), found.end(), [](const Entry& f) { return f.accepted.empty(); });
  return found;
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
