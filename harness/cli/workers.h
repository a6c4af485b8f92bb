// SPDX-License-Identifier: Apache-2.0
// The cases spread over several processes, each with a lab and a relay of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/bench/plan.h"
#include "harness/bench/testbed.h"
#include "harness/packing.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/result.h"

namespace relayspec {

template <MaybeConst<QuirkSeen> T>
auto members(T& value) {
  auto& [case_id, finding] = value;
  return std::tie(case_id, finding);
}

struct Outcome {
  std::vector<CaseResult> cases;  ///< in the order of the ids
  std::vector<QuirkSeen> quirks;
  std::vector<std::string> unexplained;
  std::vector<std::string> remarks;  ///< on how the relay behaved as a process
  std::string relay_output;
  std::string relay_version;  ///< known to the whole run, and not to a worker
};

template <MaybeConst<Outcome> T>
auto members(T& value) {
  auto& [cases, quirks, unexplained, remarks, output, version] = value;
  return std::tie(cases, quirks, unexplained, remarks, output, version);
}

/// What a worker has found beyond what it shares with others.
void add(Outcome& all, Outcome one);

/// Gets the id of each case as it ends. Its result may still change until the run is over: a later case may
/// see a message of it that comes late.
using Progress = std::function<void(const std::string& id)>;

/// Runs the cases of batches, in this process.
using Work = std::function<Outcome(const NextBatch&, const Progress&)>;

/// One of several relays that get the same cases.
struct Course {
  Work work;
  bool in_turn = false;  ///< one process takes all of its batches: there is only one relay to attach to
};
using ProgressOf = std::function<void(std::size_t course, const std::string& id)>;

/// Runs these cases over each of them in so many processes, which go on with the next relay when nothing is
/// left of one; with one job in this process. Progress may be empty. Throws LabError when a worker could not
/// do its part.
std::vector<Outcome> spread(const std::vector<std::string>& ids, unsigned jobs, const std::vector<Course>&,
                            const ProgressOf&);

/// The same over relays, each job in a lab of its own. Throws LabError.
std::vector<Outcome> run_all(const std::vector<Profile>&, Dialect, const std::vector<std::string>& ids,
                             unsigned jobs, const ProgressOf&);
Outcome run_jobs(const Profile&, Dialect, const std::vector<std::string>& ids, unsigned jobs,
                 const Progress&);

}  // namespace relayspec
