// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/workers.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>

#include "harness/bench/losses.h"
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

/// Beside others, a relay that cannot be had is one without verdicts: it does not take theirs away.
Outcome run_beside_others(const Profile& profile, Dialect dialect, const NextBatch& next,
                          const Progress& progress) {
  std::vector<std::string> taken;
  const auto take = [&] {
    const Batch* batch = next();
    if (batch) std::ranges::transform(batch->cases, std::back_inserter(taken), &PlannedCase::id);
    return batch;
  };
  try {
    return run_here(profile, dialect, take, progress);
  } catch (const LabError& e) {
    while (take()) {
    }
    Outcome outcome;
    for (const CaseInfo& c : describe_cases(taken)) {
      outcome.cases.push_back(not_run(c, e.what()));
      if (progress) progress(c.id);
    }
    return outcome;
  }
}

Progress progress_of(std::size_t course, const ProgressOf& progress) {
  return [course, &progress](const std::string& id) {
    if (progress) progress(course, id);
  };
}

/// What a worker sends: that a case has ended, or all that has come of the batches of one relay.
struct News {
  std::uint64_t course = 0;
  std::string ended;
  Octets outcome;
};

template <MaybeConst<News> T>
auto members(T& value) {
  auto& [course, ended, outcome] = value;
  return std::tie(course, ended, outcome);
}

/// The batches of a course that no other worker has taken.
NextBatch next_of(const Course& course, const Plan& pieces, const Plan& whole, SharedCounter& taken) {
  if (course.in_turn) return taken.next() == 0 ? in_order(whole) : [] { return nullptr; };
  return [&] {
    const std::size_t piece = taken.next();
    return piece < pieces.size() ? &pieces[piece] : nullptr;
  };
}

/// No lab is made where nothing is left. What one relay has come to leaves the worker before the next one,
/// since a process with much memory takes long to fork.
void work_on(std::size_t number, const Course& course, const NextBatch& next, const Send& send) {
  const Batch* first = next();
  if (!first) return;
  const NextBatch rest = [&] { return first ? std::exchange(first, nullptr) : next(); };
  const Progress ended = [&](const std::string& id) { send(pack(News{.course = number, .ended = id})); };
  send(pack(News{.course = number, .outcome = pack(course.work(rest, ended))}));
}

void run_side_by_side(const Plan& pieces, const Plan& whole, unsigned jobs,
                      const std::vector<Course>& courses, const ProgressOf& progress,
                      std::vector<Outcome>& all) {
  std::vector<std::unique_ptr<SharedCounter>> taken;
  for (std::size_t i = 0; i < courses.size(); ++i) taken.push_back(std::make_unique<SharedCounter>());
  // Those of which one process takes everything come first: they take longest.
  std::vector<std::size_t> order(courses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return courses[i].in_turn; });
  const auto work = [&](std::size_t, const Send& send) {
    for (const std::size_t i : order)
      work_on(i, courses[i], next_of(courses[i], pieces, whole, *taken[i]), send);
    return Octets();
  };
  const auto take = [&](std::size_t, const JobResult& result) {
    if (!result.trouble.empty()) throw LabError(result.trouble);
  };
  const auto take_news = [&](std::size_t, const Octets& octets) {
    const News news = unpack<News>(octets);
    if (news.outcome.empty())
      progress_of(news.course, progress)(news.ended);
    else
      add(all[news.course], unpack<Outcome>(news.outcome));
  };
  side_by_side(std::min<std::size_t>(jobs, pieces.size() * courses.size()), jobs, work,
               {.take = take, .take_message = take_news});
}

}  // namespace

void add(Outcome& all, Outcome one) {
  std::ranges::move(one.cases, std::back_inserter(all.cases));
  std::ranges::move(one.quirks, std::back_inserter(all.quirks));
  std::ranges::move(one.unexplained, std::back_inserter(all.unexplained));
  std::ranges::move(one.remarks, std::back_inserter(all.remarks));
  all.relay_output += one.relay_output;
}

std::vector<Outcome> spread(const std::vector<std::string>& ids, unsigned jobs,
                            const std::vector<Course>& courses, const ProgressOf& progress) {
  const Plan plan = make_plan(describe_cases(ids), ids);
  std::vector<Outcome> all(courses.size());
  if (jobs <= 1) {
    for (std::size_t i = 0; i < courses.size(); ++i)
      all[i] = courses[i].work(in_order(plan), progress_of(i, progress));
  } else {
    run_side_by_side(cut_for(jobs, plan), plan, jobs, courses, progress, all);
  }
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  for (Outcome& one : all) {
    std::stable_sort(one.cases.begin(), one.cases.end(),
                     [&](const CaseResult& x, const CaseResult& y) { return place(x) < place(y); });
    hold_against(one.cases, one.quirks);
    name_losses(one.cases);
  }
  return all;
}

std::vector<Outcome> run_all(const std::vector<Profile>& profiles, Dialect dialect,
                             const std::vector<std::string>& ids, unsigned jobs, const ProgressOf& progress) {
  std::vector<Course> courses;
  bool has_lab = false;
  for (const Profile& profile : profiles) {
    require_privilege(profile);
    has_lab = has_lab || !profile.attach;
    const auto run = profiles.size() > 1 ? run_beside_others : run_here;
    const Work work = [&profile, dialect, run](const NextBatch& next, const Progress& p) {
      return run(profile, dialect, next, p);
    };
    courses.push_back({.work = work, .in_turn = profile.attach.has_value()});
  }
  if (has_lab) acquire_privilege();
  std::vector<Outcome> all = spread(ids, has_lab ? jobs : 1, courses, progress);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].relay_version = relay_version(profiles[i]).value_or("");
  return all;
}

Outcome run_jobs(const Profile& profile, Dialect dialect, const std::vector<std::string>& ids, unsigned jobs,
                 const Progress& progress) {
  const ProgressOf of_one = [&](std::size_t, const std::string& id) {
    if (progress) progress(id);
  };
  return std::move(run_all({profile}, dialect, ids, jobs, of_one).front());
}

}  // namespace relayspec
