#include "harness/cli/workers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/bench/runner.h"
#include "harness/side_by_side.h"

namespace relayspec {
namespace {

using nlohmann::json;

Outcome run_here(const Profile& profile, Dialect dialect, const std::vector<std::string>& ids,
                 const Progress& progress) {
  Session session(profile, dialect);
  run_cases(session, ids, progress);
  session.stop_relay();
  return {std::move(session.results),
          std::move(session.unexplained),
          {session.remarks.begin(), session.remarks.end()},
          std::move(session.relay_output)};
}

json to_json(const Frame& f) {
  return {static_cast<int>(f.segment), static_cast<int>(f.origin), f.time.count(),
          json::binary(f.bytes),       f.checksum_completed,       f.comments};
}

Frame frame_from(const json& j) {
  return {.segment = static_cast<Segment>(j[0].get<int>()),
          .origin = static_cast<Origin>(j[1].get<int>()),
          .time = std::chrono::nanoseconds(j[2].get<std::int64_t>()),
          .bytes = j[3].get_binary(),
          .checksum_completed = j[4].get<bool>(),
          .comments = j[5].get<std::vector<std::string>>()};
}

json to_json(const Finding& f) {
  return {static_cast<int>(f.verdict),
          f.requirement,
          f.field,
          f.kind,
          f.reason,
          f.expected,
          f.observed,
          f.octets,
          f.combination,
          static_cast<int>(f.by)};
}

Finding finding_from(const json& j) {
  return {.verdict = static_cast<Verdict>(j[0].get<int>()),
          .requirement = j[1],
          .field = j[2],
          .kind = j[3],
          .reason = j[4],
          .expected = j[5],
          .observed = j[6],
          .octets = j[7],
          .combination = j[8],
          .by = static_cast<Finding::By>(j[9].get<int>())};
}

json to_json(const CaseResult& r) {
  json findings = json::array();
  for (const Finding& f : r.findings) findings.push_back(to_json(f));
  json frames = json::array();
  for (const Frame& f : r.frames) frames.push_back(to_json(f));
  return {r.id,
          r.suite,
          r.requirements,
          r.level,
          r.reason,
          r.expected,
          r.observed,
          r.difference,
          r.clause,
          r.source,
          r.config,
          r.duration_us,
          static_cast<int>(r.verdict),
          findings,
          frames};
}

CaseResult case_from(const json& j) {
  CaseResult r{.id = j[0], .suite = j[1], .requirements = j[2], .level = j[3]};
  r.reason = j[4];
  r.expected = j[5];
  r.observed = j[6];
  r.difference = j[7];
  r.clause = j[8];
  r.source = j[9];
  r.config = j[10];
  r.duration_us = j[11];
  r.verdict = static_cast<Verdict>(j[12].get<int>());
  for (const json& f : j[13]) r.findings.push_back(finding_from(f));
  for (const json& f : j[14]) r.frames.push_back(frame_from(f));
  return r;
}

// A worker's result as it goes through the pipe.
std::vector<std::uint8_t> pack(const Outcome& o) {
  json cases = json::array();
  for (const CaseResult& r : o.cases) cases.push_back(to_json(r));
  return json::to_msgpack(
      {{"cases", cases}, {"unexplained", o.unexplained}, {"remarks", o.remarks}, {"output", o.relay_output}});
}

void unpack(const std::vector<std::uint8_t>& octets, Outcome& into) {
  const json j = json::from_msgpack(octets);
  for (const json& r : j["cases"]) into.cases.push_back(case_from(r));
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
  side_by_side(
      parts.size(), jobs, [&](std::size_t part) { return pack(run_here(profile, dialect, parts[part], {})); },
      [&](std::size_t, const JobResult& result) {
        if (!result.trouble.empty()) throw LabError(result.trouble);
        unpack(result.octets, all);
      });
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  std::stable_sort(all.cases.begin(), all.cases.end(),
                   [&](const CaseResult& x, const CaseResult& y) { return place(x) < place(y); });
  if (progress) std::for_each(all.cases.begin(), all.cases.end(), progress);
  return all;
}

}  // namespace relayspec
