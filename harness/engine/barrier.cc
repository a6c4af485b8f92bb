// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/barrier.h"

#include <algorithm>
#include <iterator>

#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 10ms;
constexpr auto resend_after = 250ms;  // an exchange that was lost in a full buffer is sent again
// Many times what a relay needs on the busiest machine. A relay that falls silent again and again gets less
// of it each time, down to many times what it has needed at most, so that a run over it ends.
constexpr Clock::duration most_patience = 4s, most_for_often_silent = 1s, least_patience = 100ms;
constexpr int times_of_longest_passage = 20;
constexpr int most_prolongation = 8;
// So many exchanges are not all lost on the way.
constexpr int trials_over_losses = 4;
// A relay that takes as long for a message is slow: what is sent to it waits in a queue.
constexpr auto slow_pace = 2ms;

}  // namespace

Barrier::Barrier(Traffic& traffic, Protocol& protocol)
    : traffic_(traffic), protocol_(protocol), patience_(most_patience) {
  traffic_.intercept = [this](const Sighting& s, Frame& f) { return intercept(s, f); };
}

Barrier::~Barrier() { traffic_.intercept = {}; }

void Barrier::relay_started(std::size_t request_copies) {
  copies_ = request_copies;
  working_.clear();
  quirks_ = {};
  learnt_ = false;
  pace_.reset();
  changes.clear();
  in_first_only.clear();
  exchanges_.clear();
  latest_.clear();
  first_.clear();
}

std::uint32_t Barrier::send(Segment downlink, unsigned form) {
  const std::uint32_t number = ++sent_;
  Outgoing out = protocol_.barrier_request(number, downlink, form);
  exchanges_[number] = {.downlink = downlink, .form = form, .request = out, .asked = traffic_.now()};
  latest_[downlink] = number;
  traffic_.inject(downlink, std::move(out.frame), "barrier");
  return number;
}

bool Barrier::has_come(std::uint32_t number, Half half) const {
  const Exchange& e = exchanges_.at(number);
  return (half == Half::request ? e.requests : e.replies) > 0;
}

bool Barrier::intercept(const Sighting& s, Frame& f) {
  const auto sight = protocol_.barrier(s);
  if (!sight) return false;
  f.comments.emplace_back("barrier");
  const auto number = sight->number                       ? sight->number
                      : latest_.contains(sight->downlink) ? std::optional(latest_.at(sight->downlink))
                                                          : std::nullopt;
  const auto it = number ? exchanges_.find(*number) : exchanges_.end();
  if (it == exchanges_.end()) return true;  // sent to a predecessor of this relay
  Exchange& e = it->second;
  last_sight_ = traffic_.now();
  const bool on_its_side = sight->half == Half::request ? s.segment == Segment::uplink
                           : sight->half == Half::reply ? s.segment == e.downlink && e.requests > 0
                                                        : false;
  std::size_t& count = sight->half == Half::request ? e.requests : e.replies;
  if (on_its_side && count == 0) {
    ++count;
    sight->half == Half::request ? request_came(it->first, e, s) : reply_came(e, s);
  } else if (on_its_side && count < (sight->half == Half::request ? copies_ : 1)) {
    ++count;
  } else {
    e.excess.push_back(protocol_.rule_against(s, s.segment == e.downlink));
  }
  return true;
}

void Barrier::request_came(std::uint32_t number, Exchange& e, const Sighting& s) {
  note(e, e.request, s);
  note_pace(e.asked);
  working_.emplace(e.downlink, Half::request);
  e.answer = protocol_.barrier_answer(e.request, s);
  first_.try_emplace(e.downlink, number);
  e.answered = traffic_.now();
  traffic_.inject(e.answer.segment, e.answer.frame, "barrier");
}

void Barrier::reply_came(Exchange& e, const Sighting& s) {
  came_.emplace(e.downlink, e.form);
  note(e, e.answer, s);
  note_pace(e.answered);
  // What is sent later on is of this form, and says nothing where only others come.
  if (e.form == 0) working_.emplace(e.downlink, Half::reply);
}

void Barrier::note_pace(Clock::time_point sent) {
  const auto took = traffic_.now() - sent;
  pace_ = std::min(pace_.value_or(took), took);
}

void Barrier::note(Exchange& e, const Outgoing& sent, const Sighting& s) {
  const auto differences = protocol_.barrier_differences(sent, s);
  e.differences.insert(e.differences.end(), differences.begin(), differences.end());
  if (!learnt_) return;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(changes),
               [&](const Difference& d) { return !quirks_.contains(d); });
}

bool Barrier::one_has_come(Segment downlink, std::uint32_t from, Half half) const {
  return std::any_of(exchanges_.lower_bound(from), exchanges_.end(),
                     [&](const auto& e) { return e.second.downlink == downlink && has_come(e.first, half); });
}

bool Barrier::pump_until(Segment downlink, std::uint32_t from, Clock::time_point end, int wake) {
  while (traffic_.now() < end) {
    if (one_has_come(downlink, from, last_half(downlink))) return true;
    if (!traffic_.pump(end, wake) && traffic_.now() < end) return false;  // the relay's process has ended
  }
  return one_has_come(downlink, from, last_half(downlink));
}

// Wherever it comes out.
void Barrier::pump_for_reply(std::uint32_t number, Clock::time_point end, int wake) {
  const Exchange& e = exchanges_.at(number);
  while (e.replies == 0 && e.excess.empty() && traffic_.now() < end) {
    if (!traffic_.pump(end, wake) && traffic_.now() < end) return;
  }
}

// Unset: not until then.
std::optional<Barrier::Passage> Barrier::passage_of(Segment downlink, std::uint32_t from,
                                                    Clock::time_point resend, int wake) {
  while (true) {
    const auto look = hopeless ? std::min(traffic_.now() + look_every, resend) : resend;
    if (pump_until(downlink, from, look, wake)) return Passage::passed;
    if (traffic_.now() < look) return Passage::dead;
    if (hopeless && hopeless()) return Passage::silent;
    if (traffic_.now() >= resend) return std::nullopt;
  }
}

Barrier::Passage Barrier::pass(std::span<const Segment> downlinks, int wake) {
  for (const Segment s : downlinks) {
    if (!works(s, Half::request)) return Passage::silent;
  }
  std::vector<Segment> left(downlinks.begin(), downlinks.end());
  const std::uint32_t from = sent_ + 1;
  const auto begin = traffic_.now(), last_end = begin + most_prolongation * patience_;
  auto end = begin + patience_;
  auto interval = std::min<Clock::duration>(resend_after, patience_ / 3);
  while (traffic_.now() < end) {
    const auto resend = std::min(traffic_.now() + interval, end);
    const std::size_t messages = traffic_.messages();
    for (const Segment s : left) send(s);
    for (auto s = left.begin(); s != left.end();) {
      const auto passage = passage_of(*s, from, resend, wake);
      if (passage && *passage != Passage::passed) return *passage;
      s = passage ? left.erase(s) : std::next(s);
    }
    if (left.empty()) {
      longest_passage_ = std::max(longest_passage_, traffic_.now() - begin);
      return Passage::passed;
    }
    // A slow relay still has to do with what was sent before, and is not given more and more to do.
    if (traffic_.messages() == messages) continue;
    end = std::min(traffic_.now() + patience_, last_end);
    interval *= 2;
  }
  const auto enough =
      std::clamp(times_of_longest_passage * longest_passage_, least_patience, most_for_often_silent);
  patience_ = std::max(patience_ / 2, enough);
  return Passage::silent;
}

void Barrier::learn(std::span<const Segment> downlinks, int wake) {
  drain(wake);
  for (const Segment s : downlinks) {
    if (works(s, Half::request)) learn_on(s, wake);
  }
  learnt_ = true;
}

// What was sent to a slow relay before it was ready would stand in front of what it is judged by.
void Barrier::drain(int wake) {
  if (pace() < slow_pace) return;
  const auto last_end = traffic_.now() + patience_;
  const auto quiet = [&] { return std::min(last_sight_ + slack(), last_end); };
  while (traffic_.now() < quiet()) {
    if (!traffic_.pump(quiet(), wake) && traffic_.now() < quiet()) return;
  }
}

// Links that others share may double a frame, by chance in one exchange and in the next: a third one tells.
void Barrier::learn_excess(const Exchange& first, const Exchange& second,
                           const std::function<std::uint32_t()>& third) {
  std::vector<std::string> again = second.excess;
  if (links_may_lose && !first.excess.empty() && !again.empty()) {
    const auto& seen = exchanges_.at(third()).excess;
    std::erase_if(again,
                  [&](const std::string& rule) { return std::ranges::find(seen, rule) == seen.end(); });
  }
  quirks_.learn_excess(first.excess, again);
}

// Two exchanges of each form, and one behind them: when that has come, so has all that they bring. Where the
// first of a form shows nothing, the second is not needed: a quirk is in both.
void Barrier::learn_on(Segment downlink, int wake) {
  const auto for_slow = slack();
  const int trials = links_may_lose ? trials_over_losses : 1;
  const auto behind = [&] {
    std::uint32_t last = 0;
    for (int i = 0; i < trials && (i == 0 || !has_come(last, Half::reply)); ++i) {
      last = send(downlink);
      pump_until(downlink, last, traffic_.now() + resend_after + for_slow, wake);
    }
    return last;
  };
  const auto is_clean = [&](std::uint32_t number) {
    const Exchange& e = exchanges_.at(number);
    return e.replies > 0 && e.differences.empty() && e.excess.empty();
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (unsigned form = 1; form < Protocol::barrier_forms; ++form) {
    // One after the other: a relay that corrupts the number is told by the order.
    const auto wait = waits_for_lost_forms_ ? behind_another + for_slow : Clock::duration{};
    const auto one = send(downlink, form);
    pump_for_reply(one, traffic_.now() + wait, wake);
    const auto last = behind();
    if (form == 1) pairs.emplace_back(first_.at(downlink), last);
    if (is_clean(one)) continue;
    std::uint32_t two = 0;
    for (int i = 0; i < trials && (i == 0 || !has_come(two, Half::reply)); ++i) {
      two = send(downlink, form);
      pump_for_reply(two, traffic_.now() + wait, wake);
      behind();
    }
    pairs.emplace_back(one, two);
    const auto more = (protocol_.is_resolving() ? behind_resolution : behind_another) + for_slow;
    if (waits_for_lost_forms_ && !has_come(two, Half::reply) && works(downlink, Half::reply))
      pump_for_reply(two, traffic_.now() + more, wake);
  }
  for (const auto& [one, two] : pairs) {
    const Exchange &first = exchanges_.at(one), &second = exchanges_.at(two);
    quirks_.learn(first.differences, second.differences);
    learn_excess(first, second, [&] {
      const auto third = send(downlink, second.form);
      pump_for_reply(third, traffic_.now() + resend_after + for_slow, wake);
      behind();
      return third;
    });
    if (first.replies > 0 || second.replies > 0) continue;
    waits_for_lost_forms_ = false;
    // One that comes out elsewhere is not lost as well.
    auto loss =
        protocol_.rule_for_lost_reply(downlink, second.answer, came_.contains({downlink, second.form}));
    // Later starts are not waited for, and what this relay sends elsewhere it does not lose.
    auto& elsewhere = elsewhere_[{downlink, second.form}];
    if (!second.excess.empty()) elsewhere = second.excess.front();
    if (!elsewhere.empty()) loss = {elsewhere};
    quirks_.learn_loss(downlink, second.form, loss);
  }
  const Exchange& first = exchanges_.at(first_.at(downlink));
  std::copy_if(first.differences.begin(), first.differences.end(), std::back_inserter(in_first_only),
               [&](const Difference& d) { return !quirks_.contains(d); });
}

}  // namespace relayspec
