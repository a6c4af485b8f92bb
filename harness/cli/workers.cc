#include "harness/cli/workers.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/bench/runner.h"
#include "harness/packing.h"
#include "harness/side_by_side.h"

namespace relayspec {
namespace {

using nlohmann::json;

Outcome run_here(const Profile& profile, Dialect dialect, const std::vector<std::string>& ids,
                 const Progress& progress) {
  Session session(profile, dialect);
  run_cases(session, ids, [&](const CaseResult& r) {
    if (progress) progress(r.id);
  });
  session.stop_relay();
  return {std::move(session.results),
          std::move(session.unexplained),
          {session.remarks.begin(), session.remarks.end()},
          std::move(session.relay_output)};
}

// A worker's result as it is sent to the parent.
Octets packed(const Outcome& o) {
  return json::to_msgpack({{"cases", json::binary(pack(o.cases))},
                           {"unexplained", o.unexplained},
                           {"remarks", o.remarks},
                           {"output", o.relay_output}});
}

void unpack(const Octets& octets, Outcome& into) {
  const json j = json::from_msgpack(octets);
  std::ranges::move(unpack_cases(j["cases"].get_binary()), std::back_inserter(into.cases));
  for (const json& u : j["unexplained"]) into.unexplained.push_back(u);
  for (const json& r : j["remarks"]) into.remarks.push_back(r);
  into.relay_output += j["output"].get<std::string>();
}

// The cases in so many parts: all of one configuration together, so that the relay is started once for them,
// and the greatest groups dealt out first.
std::vector<std::vector<std::string>> shares(const std::vector<std::string>& ids, unsigned jobs) {
  auto groups = groups_by_config(ids);
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  // A start of the relay takes as long as a few cases.
  constexpr std::size_t start_costs = 8;
  std::vector<std::vector<std::string>> parts(jobs);
  std::vector<std::size_t> load(jobs);
  for (const auto& group : groups) {
    const auto lightest = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    parts[lightest].insert(parts[lightest].end(), group.begin(), group.end());
    load[lightest] += start_costs + group.size();
  }
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  return parts;
}

}  // namespace

Outcome run_jobs(const Profile& profile, Dialect dialect, const std::vector<std::string>& ids, unsigned jobs,
                 const Progress& progress) {
  if (jobs <= 1) return run_here(profile, dialect, ids, progress);
  const auto parts = shares(ids, jobs);
  Outcome all;
  const auto work = [&](std::size_t part, const Send& send) {
    return packed(run_here(profile, dialect, parts[part],
                           [&](const std::string& id) { send(Octets(id.begin(), id.end())); }));
  };
  const auto take = [&](std::size_t, const JobResult& result) {
    if (!result.trouble.empty()) throw LabError(result.trouble);
    unpack(result.octets, all);
  };
  const auto ended = [&](std::size_t, const Octets& id) {
    if (progress) progress(std::string(id.begin(), id.end()));
  };
  side_by_side(parts.size(), jobs, work, {.take = take, .take_message = ended});
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  std::stable_sort(all.cases.begin(), all.cases.end(),
                   [&](const CaseResult& x, const CaseResult& y) { return place(x) < place(y); });
  return all;
}

}  // namespace relayspec
