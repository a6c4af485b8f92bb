// SPDX-License-Identifier: Apache-2.0
#include "harness/live/fuzzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/live/shrink.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::live {
namespace {

// A relay that ends again and again is started so often under one feature set.
constexpr std::size_t most_ends = 50;
constexpr std::size_t most_history = 256, short_history = 8, most_shrinks = 40, most_halvings = 40;

std::uint64_t ms_since(Clock::time_point t) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - t).count());
}

// What the standards leave to a relay is no fault.
bool is_choice(const Accusation& a) {
  const Requirement* r = Catalogue::shipped().find(a.requirement);
  return r != nullptr && r->level == "MAY";
}

const Accusation* find_in(const std::vector<Accusation>& all, const Accusation& wanted) {
  const auto exact = std::find_if(all.begin(), all.end(), [&](const auto& a) { return same(a, wanted); });
  if (exact != all.end()) return &*exact;
  if (!depends_on_rest(wanted)) return nullptr;
  const auto alike = std::find_if(all.begin(), all.end(), [&](const Accusation& a) {
    return a.kind == wanted.kind && a.reply == wanted.reply && !is_choice(a);
  });
  return alike == all.end() ? nullptr : &*alike;
}

// It may have come later than the barrier, from a relay that does several things at once.
bool may_be_late(const Accusation& a) {
  return a.kind == accused_of::lost || a.kind == accused_of::self_excited;
}

bool is_of_the_hosts(const Frame& f) {
  return std::any_of(f.comments.begin(), f.comments.end(),
                     [](const std::string& c) { return c.starts_with("ARP answer"); });
}

std::vector<Packet> packets_of(const std::vector<Frame>& frames) {
  std::vector<Packet> packets;
  for (const Frame& f : frames) {
    if (f.origin == Origin::harness && !is_of_the_hosts(f)) packets.push_back({f.segment, f.bytes});
  }
  return packets;
}

std::string describe(const std::vector<Numbered>& sequence) {
  constexpr std::size_t most = 4;
  const std::size_t left_out = sequence.size() > most ? sequence.size() - most : 0;
  std::string text = left_out == 0 ? "" : fmt::format("{} others", left_out);
  for (std::size_t i = left_out; i < sequence.size(); ++i)
    text += (text.empty() ? "" : "; then ") + describe(sequence[i].stimulus);
  return text;
}

}  // namespace

Witness Fuzzer::witness(const Answer& a) {
  return {a, prober_.model(), prober_.protocol(), prober_.quirks()};
}

Numbered Fuzzer::numbered(std::uint64_t number) const {
  return {number, generate(settings_.seed, number, settings_.downlinks)};
}

// What is known to end the relay is left out, so that what others bring about is seen.
Fuzzer::Sequence Fuzzer::next(std::uint64_t from, std::uint64_t to) const {
  Sequence all;
  for (std::uint64_t n = from; n < to; ++n) {
    Numbered one = numbered(n);
    if (!findings_.ends_the_relay(one.stimulus)) all.push_back(std::move(one));
  }
  return all;
}

std::vector<Accusation> Fuzzer::all_of(const Answer& a) {
  auto all = accusations(witness(a));
  std::erase_if(all, is_choice);
  return all;
}

void Fuzzer::run(std::uint64_t from, std::uint64_t to, const std::function<bool()>& go_on) {
  for (std::uint64_t n = from; n < to && go_on() && ends_ < most_ends; n += settings_.at_once) {
    const Sequence all = next(n, std::min<std::uint64_t>(n + settings_.at_once, to));
    if (!all.empty()) send(all);
  }
}

void Fuzzer::send(const Sequence& all) {
  prober_.start();
  const auto began = Clock::now();
  const std::vector<Answer> answers = prober_.probe(all);
  std::vector<std::pair<Accusation, std::size_t>> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!answers[i].out.empty()) ++result_.relayed;
    for (Accusation& a : all_of(answers[i])) found.emplace_back(std::move(a), i);
    if (answers[i].end != Answer::End::none) ++ends_;
  }
  result_.packets += all.size();
  result_.judging_us += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count());
  if (prober_.end_of_all().end != Answer::End::none) {
    ++ends_;
    for (Accusation& a : accusations(witness(prober_.end_of_all())))
      found.emplace_back(std::move(a), all.size() - 1);
  }
  for (const Prober::Late& late : prober_.take_late()) {
    const Answer again{.segment = numbered(late.number).stimulus.segment(), .at_rest = {late.sighting}};
    for (Accusation& a : accusations(witness(again))) {
      if (a.kind == accused_of::self_excited) note(a, numbered(late.number));
    }
  }
  for (const auto& [a, i] : found) note(a, all[i]);
  for (const Numbered& n : all) history_.push_back(n.number);
  while (history_.size() > most_history) history_.pop_front();
}

void Fuzzer::note(const Accusation& a, const Numbered& n) {
  if (findings_.count(a, n.stimulus) || !findings_.worth_a_try(a)) return;
  if (!investigate(a, n)) {
    if (may_be_late(a)) {
      ++result_.unconfirmed;
    } else {
      record(a, {n});
    }
  }
  prober_.take_late();
  history_.clear();
}

// The accusation that the last of these shows as well, with whatever values.
std::optional<Accusation> Fuzzer::shown_by(const Sequence& sequence, const Accusation& wanted) {
  std::optional<Accusation> shown;
  for (const Numbered& n : sequence) {
    Answer answer = prober_.probe(n);
    if (&n == &sequence.back() && wanted.kind == accused_of::self_excited) answer.at_rest = prober_.listen();
    const auto all = all_of(answer);
    if (const Accusation* a = find_in(all, wanted)) {
      if (&n == &sequence.back()) shown = *a;
    }
  }
  prober_.take_late();
  return shown;
}

std::optional<Accusation> Fuzzer::shown_afresh(const Sequence& sequence, const Accusation& wanted) {
  prober_.stop();
  return shown_by(sequence, wanted);
}

// Halves of it are left out, then quarters, as long as the rest shows the same.
Fuzzer::Sequence Fuzzer::smallest_history(Sequence history, const Numbered& last, const Accusation& a) {
  std::size_t tries = most_halvings;
  for (std::size_t part = (history.size() + 1) / 2; part > 0 && tries > 0; part /= 2) {
    for (std::size_t at = 0; at < history.size() && tries > 0;) {
      Sequence fewer = history;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(part, history.size() - at)));
      Sequence all = fewer;
      all.push_back(last);
      --tries;
      if (shown_afresh(all, a)) {
        history = std::move(fewer);
      } else {
        at += part;
      }
    }
  }
  return history;
}

bool Fuzzer::investigate(const Accusation& a, const Numbered& n) {
  Sequence sequence{n};
  if (!shown_by(sequence, a) && !shown_afresh(sequence, a)) {
    Sequence before;
    for (const std::uint64_t number : history_) before.push_back(numbered(number));
    if (before.size() > short_history) {
      const Sequence few(before.end() - short_history, before.end());
      Sequence some = few;
      some.push_back(n);
      if (shown_afresh(some, a)) before = few;
    }
    sequence = before;
    sequence.push_back(n);
    if (before.empty() || !shown_afresh(sequence, a)) return false;
    sequence = smallest_history(before, n, a);
    sequence.push_back(n);
  }
  const bool alone = sequence.size() == 1;
  for (std::size_t i = sequence.size(); i-- > 0 && sequence.size() - i <= 4;) {
    const auto shows = [&](const Stimulus& s) {
      Sequence other = sequence;
      other[i].stimulus = s;
      return (alone ? shown_by(other, a) : shown_afresh(other, a)).has_value();
    };
    sequence[i].stimulus = shrink(sequence[i].stimulus, shows, most_shrinks);
  }
  const auto smallest = shown_by(sequence, a);
  record(smallest.value_or(a), sequence);
  return true;
}

void Fuzzer::record(const Accusation& a, const Sequence& sequence) {
  if (findings_.count(a, sequence.back().stimulus)) return;
  FuzzFinding f{.kind = a.kind,
                .requirement = a.requirement,
                .what = in_words(a),
                .settings = settings_.name,
                .sent = describe(sequence),
                .expected = a.expected,
                .observed = a.observed,
                .packets_until_found = result_.packets,
                .ms_until_found = ms_since(since_),
                .features = settings_.features};
  f.again = replays(a, sequence, f);
  if (!f.again && may_be_late(a)) {
    ++result_.unconfirmed;
    return;
  }
  for (const Packet& p : packets_of(f.frames)) {
    ++f.packets;
    f.octets += p.frame.size();
  }
  findings_.add(a, sequence.back().stimulus, sequence.size() == 1, std::move(f));
}

// As `relayspec replay` does it: the frames alone, to a relay that has just been started.
bool Fuzzer::replays(const Accusation& a, const Sequence& sequence, FuzzFinding& f) {
  std::vector<Frame> frames;
  for (const Numbered& n : sequence) std::ranges::move(prober_.probe(n).frames, std::back_inserter(frames));
  prober_.stop();
  const auto answers = prober_.play(packets_of(frames));
  bool shown = false;
  for (const Answer& answer : answers) {
    for (Frame frame : answer.frames) f.frames.push_back(std::move(frame));
    const auto all = all_of(answer);
    const Accusation* found = find_in(all, a);
    if (!found) continue;
    shown = true;
    if (!f.frames.empty()) f.frames.back().comments.push_back(f.kind + ": " + in_words(*found));
  }
  if (!shown) f.frames = std::move(frames);
  return shown;
}

void Fuzzer::rest() {
  prober_.start();
  const Answer nothing{.segment = Segment::downlink0, .at_rest = prober_.listen()};
  prober_.session().traffic().clear();
  if (history_.empty()) return;
  for (const Accusation& a : accusations(witness(nothing))) {
    if (a.kind == accused_of::self_excited) note(a, numbered(history_.back()));
  }
}

void Fuzzer::accuse_of_growth(const std::string& expected, const std::string& observed) {
  const Accusation a{.kind = accused_of::growth,
                     .requirement = "MALF-memory-flat",
                     .how = "grows",
                     .expected = expected,
                     .observed = observed};
  if (history_.empty() || findings_.count(a, {})) return;
  Sequence all;
  for (const std::uint64_t number : history_) all.push_back(numbered(number));
  record(a, all);
}

}  // namespace relayspec::live
