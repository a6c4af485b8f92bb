// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "harness/bench/losses.h"
#include "harness/bench/quirks.h"
#include "harness/bench/runner.h"
#include "harness/data.h"
#include "harness/shell.h"
#include "harness/side_by_side.h"

namespace relayspec::trial {
namespace {

Outcome run_over(const Attempt& a, const Profile& profile) {
  const auto started = Clock::now();
  TestBed bed(with_faults(profile, a.faults), *dialect_named(a.dialect));
  const Plan plan = make_plan(describe_cases(), a.cases);
  run_batches(bed, in_order(plan), [&](const CaseResult&) { bed.results.back().frames.clear(); });
  bed.end();
  hold_against(bed.results, bed.quirks);
  name_losses(bed.results);
  const std::chrono::duration<double> took = Clock::now() - started;
  return {
      .changes = changes_in(bed.results), .deviations = deviations_in(bed.results), .seconds = took.count()};
}

// The indices of some attempts, those that take long first: then none of them is left to run alone at the
// end.
std::vector<std::size_t> long_ones_first(const std::vector<Attempt>& attempts) {
  std::vector<std::size_t> order(attempts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return attempts[i].takes_long; });
  return order;
}

}  // namespace

std::vector<std::string> faults_of_the_relay() {
  std::vector<std::string> names;
  const std::string list = (program_directory() / "relayspec-faulty").string() + " --list";
  std::istringstream lines(run_shell({"-c", list}, "", std::chrono::seconds(10)).output);
  for (std::string kind, name; lines >> kind >> name;) {
    if (kind == "--fault") names.push_back(name);
  }
  return names;
}

Profile with_faults(Profile profile, const std::vector<std::string>& faults) {
  const std::string start = "exec relayspec-faulty";
  const auto at = profile.start.find(start);
  if (at == std::string::npos)
    throw InputError(fmt::format("{}: its start script has no '{}'", profile.path, start));
  std::string options;
  for (const std::string& f : faults) options += " --fault " + f;
  profile.start.insert(at + start.size(), options);
  return profile;
}

std::vector<Outcome> run_all(const std::vector<Attempt>& attempts, const Profile& profile, unsigned jobs) {
  std::vector<Outcome> outcomes(attempts.size());
  const auto run_some = [&](const std::vector<std::size_t>& some) {
    side_by_side(
        some.size(), jobs, [&](std::size_t job) { return pack(run_over(attempts[some[job]], profile)); },
        [&](std::size_t job, const JobResult& result) {
          Outcome& o = outcomes[some[job]];
          o = result.trouble.empty() ? unpack<Outcome>(result.octets) : Outcome{};
          o.trouble = result.trouble;
        });
  };
  run_some(long_ones_first(attempts));
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const auto complaints = attempts[i].complaints(outcomes[i]);
    if (complaints.empty()) continue;
    again.push_back(i);
    fmt::print("once more: {}\n", fmt::join(complaints, "\n           "));
  }
  run_some(again);
  return outcomes;
}

}  // namespace relayspec::trial
