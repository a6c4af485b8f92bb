// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

// How long an expected message is waited for before a barrier asks whether the relay is through; what has not
// come once is asked after sooner.
constexpr auto before_barrier = 40ms, before_further_barrier = 4ms;
// How often a message is sent again that may have been lost on a shared link.
constexpr int most_repeats = 3;

}  // namespace

void Judge::send(Segment s, const std::vector<Bytes>& frames, const std::string& comment) {
  note_stragglers();
  ingress_.insert(s);
  through_ = false;
  sent_last_ = comment;
  if (session_.shares_links()) remember(s, frames);
  leave_room();
  for (const Bytes& frame : frames) session_.traffic().inject(s, frame, comment);
}

// A relay drops what its receive buffer has no room for, and no rule says how large that is.
void Judge::leave_room() {
  if (session_.sends_few_at_a_time() && unread_ >= fewest_unread) {
    linger(until_read, longest_until_read, [] { return false; });
    unread_ = 0;
  }
  session_.note_burst(++unread_);
}

// What has the expected key, where there is such a message; a relay that corrupts the key is judged by the
// rest.
Sighting* Judge::best_match(const Expectation& e, std::size_t& fewest) {
  std::vector<Sighting*> same_key, all;
  for (Sighting& candidate : session_.traffic().sightings) {
    if (candidate.claimed || candidate.segment != e.segment || !candidate.whole()) continue;
    if (e.for_another && e.for_another(candidate)) continue;
    all.push_back(&candidate);
    if (candidate.key == e.key) same_key.push_back(&candidate);
  }
  Sighting* best = nullptr;
  std::size_t all_of_best = 0;  // quirks included
  for (Sighting* candidate : same_key.empty() ? all : same_key) {
    // A relay's quirks are in all that it sends, and say nothing about which message this is.
    const auto differences = e.compare(*candidate);
    const auto n = static_cast<std::size_t>(
        std::count_if(differences.begin(), differences.end(),
                      [&](const Difference& d) { return !session_.quirks().contains(d); }));
    if (!best || n < fewest || (n == fewest && differences.size() < all_of_best)) {
      best = candidate;
      fewest = n;
      all_of_best = differences.size();
      if (all_of_best == 0) break;
    }
  }
  return best;
}

void Judge::wait_for(const Expectation& e) {
  std::size_t differences = 0;
  // One with its key has come, if not as it should; whether a better one follows, the barrier will show.
  const auto has_come = [&] {
    const Sighting* match = best_match(e, differences);
    return match && (differences == 0 || match->key == e.key);
  };
  const auto pump_for = [&](Clock::duration time) {
    for (const auto end = session_.now() + time; !has_come() && session_.now() < end;) {
      if (!session_.pump(end) && session_.relay_ended()) return;
    }
  };
  pump_for(missed_ ? before_further_barrier : before_barrier);
  if (best_match(e, differences) && differences == 0) return;
  missed_ = true;
  if (!pass_barriers(Need::anyway)) throw EndOfJudging{};
  if (!best_match(e, differences))
    linger(session_.protocol().is_resolving() ? behind_resolution : behind_another, longest_linger, has_come);
  for (int again = 0; again < most_repeats && !best_match(e, differences) && repeat(e); ++again) {
    pump_for(before_barrier);
    if (!best_match(e, differences) && !pass_barriers(Need::anyway)) throw EndOfJudging{};
  }
}

Sighting Judge::expect(const Expectation& e) {
  // What never comes is not waited for.
  if (e.form) require_replies(e.segment, *e.form);
  wait_for(e);
  std::size_t differences = 0;
  Sighting* match = best_match(e, differences);
  if (!match) report_loss(e);
  match->claimed = true;
  unread_ = 0;
  Sighting taken = *match;
  compare(e, taken);
  return taken;
}

void Judge::report_loss(const Expectation& e) {
  auto& all = session_.traffic().sightings;
  const auto elsewhere = std::find_if(all.begin(), all.end(), [&](const Sighting& s) {
    return !s.claimed && s.whole() && s.key == e.key && s.segment != e.segment && e.resembles &&
           e.resembles(s);
  });
  const bool lost = elsewhere == all.end();
  Finding f{.requirement = lost ? e.loss() : client_.rule_against(*elsewhere),
            .field = "message",
            .kind = e.segment == Segment::uplink ? kind::lost_to_servers : kind::lost_to_clients,
            .reason = fmt::format("{} does not come out on {}", e.what, interface_name(e.segment)),
            .expected = fmt::format("{} on {}", e.summary, interface_name(e.segment)),
            .observed = "nothing" + hint(),
            .combination = combination_,
            .by = Finding::By::loss,
            .exhibit = {.segment = e.segment, .due = e.due ? e.due(nullptr) : Bytes()}};
  if (lost && e.due_by) f.due_by = e.due_by();
  // What another rule names is lost by none of those.
  if (std::ranges::find(f.due_by, f.requirement) == f.due_by.end()) f.due_by.clear();
  if (e.form) {
    if (const auto rule = session_.quirks().loss(e.segment, *e.form)) {
      f.requirement = *rule;
      f.due_by.clear();
    }
  }
  if (!lost) {
    // One fault, not two: it has come out, in the wrong place.
    elsewhere->claimed = true;
    f.by = Finding::By::excess;
    f.exhibit = exhibit(*elsewhere);
    f.exhibit.due = e.due ? e.due(&*elsewhere) : Bytes();
    f.kind = "in the wrong place";
    f.reason = fmt::format("{} comes out on {} in place of {}", e.what, interface_name(elsewhere->segment),
                           interface_name(e.segment));
    f.observed =
        fmt::format("on {}: {}, {}", interface_name(elsewhere->segment),
                    session_.protocol().summary(*elsewhere), session_.protocol().addressed(*elsewhere));
  }
  f.verdict = client_.severity(f.requirement);
  find(std::move(f));
  ended_by_loss_ = true;
  throw EndOfJudging{};
}

Exhibit Judge::exhibit(const Sighting& s) const {
  return {.time = session_.traffic().record[s.frame].time, .segment = s.segment};
}

std::string Judge::hint() const {
  const std::string said = session_.protocol().host_says();
  return said.empty() ? "" : "; the relay's host " + said;
}

void Judge::require_replies(Segment downlink, unsigned form) const {
  const auto rule = session_.quirks().loss(downlink, form);
  if (!rule || client_.is_about(*rule)) return;
  throw NotJudgeable(fmt::format("no {} reply comes through to {} (see {})",
                                 session_.protocol().barrier_form_name(form), interface_name(downlink),
                                 *rule));
}

bool Judge::control(const Expectation& e) {
  if (e.form) require_replies(e.segment, *e.form);
  wait_for(e);
  std::size_t differences = 0;
  Sighting* match = best_match(e, differences);
  if (!match) return false;
  match->claimed = true;
  session_.traffic().record[match->frame].comments.push_back(e.what + " has come");
  return true;
}

std::optional<Sighting> Judge::accept(const Expectation& e) {
  if (!pass_barriers()) throw EndOfJudging{};
  std::size_t differences = 0;
  Sighting* match = best_match(e, differences);
  if (!match) {
    if (e.form) require_replies(e.segment, *e.form);
    return std::nullopt;
  }
  match->claimed = true;
  const Sighting taken = *match;
  compare(e, taken);
  return taken;
}

std::vector<Sighting> Judge::take(Segment segment, std::uint32_t key,
                                  const std::function<bool(const Sighting&)>& resembles, bool due) {
  if (!pass_barriers()) throw EndOfJudging{};
  auto& sightings = session_.traffic().sightings;
  const auto is_it = [&](const Sighting& s) {
    return !s.claimed && s.segment == segment && s.whole() && s.key == key && resembles(s);
  };
  const auto has_come = [&] { return std::any_of(sightings.begin(), sightings.end(), is_it); };
  if (due && !has_come() && !lingered_ && session_.may_be_late()) {
    linger(behind_another, longest_linger, has_come);
    lingered_ = !has_come();  // what else is due has had the same time
    if (lingered_) session_.note_vain_wait();
  }
  std::vector<Sighting> all;
  for (Sighting& s : sightings) {
    if (!is_it(s)) continue;
    s.claimed = true;
    if (!is_repeat(s)) all.push_back(s);
  }
  // One more than there are copies of one message may have come of an earlier one with the same key.
  const std::size_t copies = segment == Segment::uplink ? session_.protocol().request_copies() : 1;
  if (all.size() > copies)
    std::for_each(all.begin(), all.end(), [this](const Sighting& s) { note_lateness(s); });
  return all;
}

void Judge::compare(const Expectation& e, const Sighting& s) {
  Frame& frame = session_.traffic().record[s.frame];
  const auto differences = e.compare(s);
  if (differences.empty()) frame.comments.push_back(e.what + ": as expected");
  const std::string octets = differences.empty() || !e.octets ? "" : e.octets(s);
  Exhibit shown = exhibit(s);
  if (!differences.empty() && e.due) shown.due = e.due(&s);
  for (Difference d : differences) {
    const Difference* quirk = session_.quirks().find(d);
    if (quirk) d.requirement = quirk->requirement;
    const std::string line = fmt::format("{}: expected {}, observed {}", d.field, d.expected, d.observed);
    if (quirk && !client_.is_about(d.requirement)) {
      remarks_.insert(line + " (in every message of this relay)");
      frame.comments.push_back("quirk: " + line);
      continue;
    }
    Finding f = finding_of(d, e.what);
    frame.comments.push_back(fmt::format("{}: {}: {}", name(f.verdict), d.requirement, line));
    f.octets = octets;
    f.combination = combination_;
    f.exhibit = shown;
    find(std::move(f));
  }
}

Finding Judge::finding_of(const Difference& d, std::string_view what) const {
  return {.verdict = client_.severity(d.requirement),
          .requirement = d.requirement,
          .field = d.field,
          .kind = d.kind,
          .reason = fmt::format("{}: {}: expected {}, observed {}", what, d.field, d.expected, d.observed),
          .expected = d.field + " " + d.expected,
          .observed = d.field + " " + d.observed};
}

std::vector<Finding> Judge::quirks() const {
  const Quirks& quirks = session_.quirks();
  std::vector<Finding> all;
  for (const Difference& d : quirks.differences())
    all.push_back(finding_of(d, "in every plain exchange under these settings"));
  for (const std::string& rule : quirks.excess()) {
    all.push_back({.verdict = client_.severity(rule),
                   .requirement = rule,
                   .field = "message",
                   .kind = kind::unexpected,
                   .reason = "something unexpected comes out behind every plain message",
                   .expected = "nothing more",
                   .observed = "something more",
                   .by = Finding::By::excess});
  }
  for (const std::string& rule : quirks.losses()) {
    if (quirks.contains_excess(rule)) continue;  // what is lost comes out elsewhere
    all.push_back({.verdict = client_.severity(rule),
                   .requirement = rule,
                   .field = field_of_all_replies,
                   .kind = kind::lost_to_clients,
                   .reason = "no reply of a plain exchange comes through under these settings",
                   .expected = "a reply",
                   .observed = "nothing",
                   .by = Finding::By::loss});
  }
  return all;
}

void Judge::settle(Where where) {
  if (!pass_barriers(Need::anyway)) return;
  report_changes();
  for (Sighting& s : session_.traffic().sightings) {
    if (s.claimed) continue;
    // What a loss keeps the client from taking is not unexpected.
    if (is_repeat(s) || client_.is_of_another(s, session_.traffic().record[s.frame]) ||
        (ended_by_loss_ && client_.may_have_come(s)) ||
        (where == Where::downlinks && s.segment == Segment::uplink)) {
      s.claimed = true;
    } else {
      note_lateness(s);
      report_excess(s);
    }
  }
}

void Judge::report_excess(Sighting& s) {
  s.claimed = true;
  const std::string rule = client_.rule_against(s);
  const std::string what =
      s.whole() ? session_.protocol().summary(s) : std::string("a frame that is no whole datagram");
  const std::string on = interface_name(s.segment);
  Frame& frame = session_.traffic().record[s.frame];
  if (session_.quirks().contains_excess(rule) && !client_.is_about(rule)) {
    remarks_.insert(fmt::format("unexpected {} on {} (behind every message of this relay)", what, on));
    frame.comments.push_back("quirk: unexpected: " + rule);
    return;
  }
  frame.comments.push_back("not expected: " + rule);
  find({.verdict = client_.severity(rule),
        .requirement = rule,
        .field = "message",
        .kind = kind::unexpected,
        .reason = fmt::format("unexpected {} on {}", what, on),
        .expected = "nothing more",
        .observed = fmt::format("{}{} on {}", what,
                                s.whole() ? ", " + session_.protocol().addressed(s) : std::string(), on),
        .combination = combination_,
        .by = Finding::By::excess,
        .exhibit = exhibit(s)});
}

void Judge::listen(Clock::duration time) {
  constexpr Clock::duration at_once = std::chrono::milliseconds(20);  // the rest of a pause does not count
  for (Clock::duration listened{}; listened < time && !session_.relay_ended();) {
    const auto from = session_.now();
    session_.pump(from + at_once);
    listened += std::min(session_.now() - from, at_once);
  }
}

void Judge::report_left_over(Sighting s, Frame frame) {
  auto& record = session_.traffic().record;
  const auto kept = std::find_if(record.begin(), record.end(), [&](const Frame& f) {
    return f.time == frame.time && f.segment == frame.segment && f.bytes == frame.bytes;
  });
  s.frame = static_cast<std::size_t>(kept - record.begin());
  if (kept == record.end()) record.push_back(std::move(frame));
  report_excess(s);
}

void Judge::touch_all() {
  for (std::size_t i = 0; i < session_.downlink_count(); ++i) touch(all_segments[i]);
}

void Judge::report_changes() {
  const auto changes = std::exchange(session_.barrier().changes, {});
  if (!client_.circumstances_changed())
    report_exchange(changes, "a plain exchange is no longer relayed as it was");
}

void Judge::report_exchange(const std::vector<Difference>& differences, std::string_view what) {
  std::set<std::string> said;
  for (const Difference& d : differences) {
    if (!said.insert(d.kind).second) continue;
    find(finding_of(d, what));
  }
}

void Judge::await_through() {
  if (!pass_barriers(Need::anyway)) throw EndOfJudging{};
}

bool Judge::pass_barriers(Need need) {
  note_stragglers();
  if (through_ && need == Need::if_needed) return true;
  if (touched_.empty()) touched_.insert(Segment::downlink0);
  std::erase_if(touched_, [&](Segment s) {
    return session_.down.contains(s) || (s != Segment::uplink && index(s) >= session_.downlink_count());
  });
  if (starts_when_ended_ == session_.starts() && starts_when_ended_ > 0)
    return false;  // it has been reported
  for (const Segment downlink : touched_) {
    const auto why = session_.pass_barrier(downlink);
    if (!why) continue;
    find({.verdict = Verdict::fail,
          .requirement = client_.liveness_rule(),
          .field = "relay",
          .kind = "ended or fell silent",
          .reason = sent_last_.empty() ? *why : fmt::format("{} (sent last: {})", *why, sent_last_),
          .expected = "a relay that keeps relaying",
          .observed = *why,
          .by = Finding::By::end});
    session_.stop_relay();
    starts_when_ended_ = session_.starts();
    return false;
  }
  touched_.clear();
  begin_to_be_through();
  return true;
}

}  // namespace relayspec
