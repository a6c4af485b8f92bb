// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/workers.h"

#include <algorithm>
#include <iterator>

#include "harness/bench/quirks.h"
#include "harness/bench/runner.h"
#include "harness/relays.h"
#include "harness/shared_counter.h"
#include "harness/side_by_side.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

Outcome run_here(const Profile& profile, Dialect dialect, const NextBatch& next, const Progress& progress) {
  TestBed bed(profile, dialect);
  run_batches(bed, next, [&](const CaseResult& r) {
    if (progress) progress(r.id);
  });
  bed.end();
  bed.device().finish();
  const auto remarks = bed.device().remarks();
  return {std::move(bed.results),
          std::move(bed.quirks),
          std::move(bed.unexplained),
          {remarks.begin(), remarks.end()},
          bed.device().output()};
}

}  // namespace

void add(Outcome& all, Outcome one) {
  std::ranges::move(one.cases, std::back_inserter(all.cases));
  std::ranges::move(one.quirks, std::back_inserter(all.quirks));
  std::ranges::move(one.unexplained, std::back_inserter(all.unexplained));
  std::ranges::move(one.remarks, std::back_inserter(all.remarks));
  all.relay_output += one.relay_output;
}

Outcome spread(const std::vector<std::string>& ids, unsigned jobs, const Work& work_on,
               const Progress& progress) {
  const Plan plan = make_plan(describe_cases(ids), ids);
  Outcome all;
  if (jobs <= 1) {
    all = work_on(in_order(plan), progress);
  } else {
    const Plan pieces = cut_for(jobs, plan);
    SharedCounter taken;
    const NextBatch next = [&] {
      const std::size_t piece = taken.next();
      return piece < pieces.size() ? &pieces[piece] : nullptr;
    };
    const auto work = [&](std::size_t, const Send& send) {
      return pack(work_on(next, [&](const std::string& id) { send(Octets(id.begin(), id.end())); }));
    };
    const auto take = [&](std::size_t, const JobResult& result) {
      if (!result.trouble.empty()) throw LabError(result.trouble);
      add(all, unpack<Outcome>(result.octets));
    };
    const auto ended = [&](std::size_t, const Octets& id) {
      if (progress) progress(std::string(id.begin(), id.end()));
    };
    side_by_side(std::min<std::size_t>(jobs, pieces.size()), jobs, work,
                 {.take = take, .take_message = ended});
  }
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  std::stable_sort(all.cases.begin(), all.cases.end(),
                   [&](const CaseResult& x, const CaseResult& y) { return place(x) < place(y); });
  hold_against(all.cases, all.quirks);
  return all;
}

Outcome run_jobs(const Profile& profile, Dialect dialect, const std::vector<std::string>& ids, unsigned jobs,
                 const Progress& progress) {
  require_privilege(profile);
  if (!profile.attach) acquire_privilege();
  const Work work = [&](const NextBatch& next, const Progress& p) {
    return run_here(profile, dialect, next, p);
  };
  // There is one relay to attach to.
  Outcome outcome = spread(ids, profile.attach ? 1 : jobs, work, progress);
  outcome.relay_version = relay_version(profile).value_or("");
  return outcome;
}

}  // namespace relayspec
