// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/repetitions.h"

#include <algorithm>
#include <chrono>

#include "harness/bench/case_verdict.h"
#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using Once = std::function<void()>;

bool deviates(const CaseResult& r) { return r.verdict == Verdict::fail || r.verdict == Verdict::warn; }

// A relay that deviates each time is not asked again and again.
constexpr int enough_vain_repetitions = 20;

// What a late relay is supposed to need behind a barrier where a case is run again for it, and what it is
// known to need then at least.
constexpr std::chrono::milliseconds supposed_lag{20}, least_lag{1};

bool may_be_chance(const CaseResult& r) { return r.verdict != Verdict::pass && r.verdict != Verdict::note; }

// What timed out elsewhere while the harness was stopped, an address that the relay's kernel has asked for
// say, is not held against the relay, and neither is what comes later than any message before, of a relay
// that does not keep the order: the case runs once more.
void run_undisturbed(TestBed& bed, const Once& once) {
  constexpr int most_runs = 4;
  for (int run = 1;; ++run) {
    const std::size_t pauses = bed.device().pauses();
    const auto lag = bed.session().lag();
    once();
    const CaseResult& r = bed.results.back();
    const bool disturbed = (run == 1 && bed.device().pauses() != pauses && r.verdict != Verdict::pass) ||
                           (bed.session().lag() > lag && may_be_chance(r));
    if (!disturbed || run == most_runs) return;
    bed.forget_relay();
    bed.forget_last_result();
  }
}

// A message that may have come late lets the case run once more, with the wait that a late relay needs. If
// the case then passes, the relay does not keep the order; the second run does not show how late it is.
void run_without_doubt(TestBed& bed, const Once& once) {
  Session& session = bed.session();
  const std::size_t doubts = session.doubts();
  run_undisturbed(bed, once);
  if (session.doubts() == doubts || session.lag() >= supposed_lag || !session.may_be_late() ||
      bed.vain_repetitions >= enough_vain_repetitions)
    return;
  const auto lag = session.lag();
  session.note_lag(supposed_lag);
  bed.forget_relay();
  bed.forget_last_result();
  run_undisturbed(bed, once);
  const bool in_vain = deviates(bed.results.back());
  session.restore_lag(in_vain ? lag : std::max<Clock::duration>(lag, least_lag));
  if (!in_vain) return;
  session.note_vain_wait();
  ++bed.vain_repetitions;
}

// What has come of others counts as unexpected where a loss has ended the case.
bool is_loss(const CaseResult& r) {
  const auto is = [&r](Finding::By by) {
    return std::any_of(r.findings.begin(), r.findings.end(), [by](const Finding& f) { return f.by == by; });
  };
  return is(Finding::By::loss) && !is(Finding::By::content) && !is(Finding::By::end);
}

// What is lost of many messages that were sent at once may have found no room in the relay's receive buffer:
// the case runs once more with a few at a time.
void run_with_room(TestBed& bed, const Once& once) {
  Session& session = bed.session();
  session.take_longest_burst();
  run_without_doubt(bed, once);
  if (session.take_longest_burst() <= fewest_unread || !is_loss(bed.results.back()) ||
      bed.vain_repetitions >= enough_vain_repetitions)
    return;
  bed.forget_relay();
  bed.forget_last_result();
  session.send_few_at_a_time(true);
  run_without_doubt(bed, once);
  session.send_few_at_a_time(false);
  if (is_loss(bed.results.back())) ++bed.vain_repetitions;
}

void pass_by_chance(CaseResult& r) {
  r = {.id = r.id,
       .suite = r.suite,
       .requirements = r.requirements,
       .level = r.level,
       .verdict = Verdict::pass,
       .clause = r.clause,
       .source = r.source,
       .config = r.config,
       .duration_us = r.duration_us,
       .frames = std::move(r.frames)};
}

// On links that others share, a frame may be lost, doubled or overtaken, and a relay that does not keep the
// order may be late at any time: only what is found in several runs in turn is the relay's.
void run_repeatedly(TestBed& bed, const Once& once) {
  constexpr int most_runs = 5;
  run_with_room(bed, once);
  const bool shared = bed.device().shares_links();
  const bool late =
      bed.session().lag() > Clock::duration::zero() && bed.vain_repetitions < enough_vain_repetitions;
  if (!shared && !(late && deviates(bed.results.back()))) return;
  const int runs_that_agree = shared ? 3 : 2;
  int agree = 1;
  const auto lag = bed.session().lag();
  if (!shared) bed.session().note_lag(supposed_lag);
  for (int run = 1; run < most_runs && agree < runs_that_agree && may_be_chance(bed.results.back()); ++run) {
    const CaseResult before = bed.results.back();
    if (!shared) bed.forget_relay();
    bed.forget_last_result();
    run_undisturbed(bed, once);
    CaseResult& latest = bed.results.back();
    const bool same = before.findings.empty()
                          ? latest.verdict == before.verdict && latest.reason == before.reason
                          : keep_common(latest, before);
    agree = same ? agree + 1 : 1;
  }
  if (!shared && bed.session().lag() == supposed_lag) bed.session().restore_lag(lag);
  CaseResult& last = bed.results.back();
  if (may_be_chance(last) && !last.findings.empty() && agree < runs_that_agree) pass_by_chance(last);
  if (!shared && deviates(last)) ++bed.vain_repetitions;
}

Finding* end_by_another_rule(CaseResult& r) {
  const auto end = std::find_if(r.findings.begin(), r.findings.end(), [](const Finding& f) {
    return f.by == Finding::By::end && f.requirement != liveness_rule;
  });
  return end == r.findings.end() ? nullptr : &*end;
}

}  // namespace

// A relay that falls silent after so many messages, or after some time, does so in any case: where the case
// is about a disturbance of its surroundings, and the relay that has just been started outlives that, the
// disturbance was not the cause.
void run_with_repetitions(TestBed& bed, const Once& once) {
  run_repeatedly(bed, once);
  if (!end_by_another_rule(bed.results.back()) || bed.vain_repetitions >= enough_vain_repetitions) return;
  CaseResult first = bed.results.back();
  bed.forget_relay();
  bed.forget_last_result();
  run_repeatedly(bed, once);
  const auto& second = bed.results.back().findings;
  if (std::any_of(second.begin(), second.end(), [](const Finding& f) { return f.by == Finding::By::end; })) {
    ++bed.vain_repetitions;
    return;
  }
  while (Finding* end = end_by_another_rule(first)) end->requirement = liveness_rule;
  judge_by_findings(first);
  bed.results.back() = std::move(first);
}

}  // namespace relayspec
