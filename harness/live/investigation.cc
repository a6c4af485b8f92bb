// SPDX-License-Identifier: Apache-2.0
#include "harness/live/investigation.h"

#include <algorithm>
#include <iterator>

#include "harness/live/findings.h"
#include "harness/live/growth.h"
#include "harness/live/shrink.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::live {
namespace {

constexpr std::size_t short_history = 8, most_shrinks = 60;

bool is_choice(const Accusation& a) {
  const Requirement* r = Catalogue::shipped().find(a.requirement);
  return r != nullptr && r->level == "MAY";
}

bool is_of_the_hosts(const Frame& f) {
  return std::any_of(f.comments.begin(), f.comments.end(),
                     [](const std::string& c) { return c.starts_with("ARP answer"); });
}

}  // namespace

std::vector<Accusation> faults(const Witness& w) {
  auto all = accusations(w);
  std::erase_if(all, is_choice);
  return all;
}

// The last frame that brings the message.
Exhibit exhibit_of(const Accusation& a, const std::vector<Frame>& frames) {
  Exhibit e{.segment = a.segment, .due = a.due};
  for (const Frame& f : frames) {
    if (a.came.empty() || f.origin != Origin::relay || f.segment != a.segment) continue;
    const auto d = decode_udp(f.bytes);
    if (d && d->payload == a.came) e.time = f.time;
  }
  return e;
}

std::vector<Packet> packets_of(const std::vector<Frame>& frames) {
  std::vector<Packet> packets;
  for (const Frame& f : frames) {
    if (f.origin != Origin::harness || is_of_the_hosts(f)) continue;
    packets.push_back(packet_of(f));
  }
  return packets;
}

const Accusation* find_in(const std::vector<Accusation>& all, const Accusation& wanted) {
  const auto exact = std::find_if(all.begin(), all.end(), [&](const auto& a) { return same(a, wanted); });
  if (exact != all.end()) return &*exact;
  if (!depends_on_rest(wanted)) return nullptr;
  // A request ends the relay by what a server sends about it as well.
  const auto alike = std::find_if(all.begin(), all.end(), [&](const Accusation& a) {
    return a.kind == wanted.kind && (a.reply == wanted.reply || ends_the_relay(a.kind)) && !is_choice(a);
  });
  return alike == all.end() ? nullptr : &*alike;
}

std::vector<Accusation> Investigation::all_of(const Answer& a) {
  return faults({a, prober_.model(), prober_.protocol(), prober_.quirks()});
}

// The accusation that the last of them shows as well, with whatever values.
std::optional<Accusation> Investigation::shown_by(Evidence& e, const Accusation& wanted) {
  std::vector<Answer> answers;
  if (e.at_once) {
    answers = prober_.probe(e.stimuli);
    if (prober_.end_of_all().end != Answer::End::none) answers.push_back(prober_.end_of_all());
  } else {
    for (const Numbered& n : e.stimuli) {
      answers.push_back(prober_.probe(n));
      if (answers.back().end != Answer::End::none && find_in(all_of(answers.back()), wanted)) break;
    }
    e.stimuli.resize(answers.size());
  }
  if (wanted.kind == accused_of::self_excited) answers.back().at_rest = prober_.listen();
  prober_.take_late();
  const auto all = all_of(answers.back());
  const Accusation* found = find_in(all, wanted);
  return found ? std::optional(*found) : std::nullopt;
}

std::optional<Accusation> Investigation::shown_afresh(Evidence& e, const Accusation& wanted) {
  prober_.stop();
  return shown_by(e, wanted);
}

// From the plainest on. What is left in a buffer shows where no barrier comes in between.
std::optional<Evidence> Investigation::evidence(const Accusation& a, const Numbered& n,
                                                std::span<const Numbered> batch,
                                                std::span<const Numbered> history) {
  Evidence alone{{n}};
  if (shown_afresh(alone, a)) return alone;
  const auto at = std::ranges::find(batch, n.number, &Numbered::number);
  if (at != batch.begin() && at != batch.end()) {
    Evidence together{{batch.begin(), at + 1}, true};
    if (shown_afresh(together, a)) return together;
  }
  if (ends_the_relay(a.kind)) {
    Evidence again;
    for (std::size_t i = 0; i < insistence; ++i)
      again.stimuli.push_back({repeated_number(n.number, i), n.stimulus});
    if (shown_afresh(again, a)) return again;
  }
  for (const std::size_t size : {std::min(short_history, history.size()), history.size()}) {
    const auto last = history.last(size);
    Evidence behind{{last.begin(), last.end()}};
    behind.stimuli.push_back(n);
    if (size > 0 && shown_afresh(behind, a)) return behind;
  }
  return std::nullopt;
}

// Halves of it are left out, then quarters, as long as the rest shows the same.
Evidence Investigation::with_less_history(Evidence e, const Accusation& a) {
  for (std::size_t part = e.stimuli.size() / 2; part > 0; part /= 2) {
    for (std::size_t at = 0; at + 1 < e.stimuli.size() && has_time();) {
      Evidence fewer = e;
      const auto from = fewer.stimuli.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.stimuli.erase(from,
                          from + static_cast<std::ptrdiff_t>(std::min(part, fewer.stimuli.size() - 1 - at)));
      if (shown_afresh(fewer, a))
        e = std::move(fewer);
      else
        at += part;
    }
  }
  return e;
}

void Investigation::shrink_stimuli(Evidence& e, const Accusation& a) {
  constexpr std::size_t most = 4;
  const bool alone = e.stimuli.size() == 1;
  for (std::size_t i = e.stimuli.size(); i-- > 0 && e.stimuli.size() - i <= most;) {
    const auto shows = [&](const Stimulus& s) {
      if (!has_time()) return false;
      Evidence other = e;
      other.stimuli[i].stimulus = s;
      return (alone ? shown_by(other, a) : shown_afresh(other, a)).has_value();
    };
    e.stimuli[i].stimulus = shrink(e.stimuli[i].stimulus, shows, most_shrinks);
  }
}

std::optional<Evidence> Investigation::smallest(const Accusation& a, const Numbered& n,
                                                std::span<const Numbered> batch,
                                                std::span<const Numbered> history) {
  auto found = evidence(a, n, batch, history);
  if (!found) return std::nullopt;
  until_ = Clock::now() + time_;
  const Evidence first = *found;
  *found = with_less_history(std::move(*found), a);
  shrink_stimuli(*found, a);
  if (!shown_afresh(*found, a)) return first;
  return found;
}

std::optional<Accusation> Investigation::shown_by_packets(const std::vector<Packet>& packets,
                                                          const Accusation& a) {
  std::optional<Accusation> shown;
  for (const Answer& answer : prober_.play_on(packets)) {
    const auto all = all_of(answer);
    if (const Accusation* found = find_in(all, a)) shown = *found;
  }
  return shown;
}

std::vector<Packet> Investigation::with_fewer_octets(std::vector<Packet> packets, const Accusation& a,
                                                     bool alone) {
  for (std::size_t i = packets.size(); i-- > 0;) {
    packets[i].frame = shrink_octets(packets[i].frame, [&](const Bytes& smaller) {
      if (!has_time()) return false;
      std::vector<Packet> other = packets;
      other[i].frame = smaller;
      if (!alone) prober_.stop();
      // Exactly the same: what is left out must not show another fault of the kind.
      const auto shown = shown_by_packets(other, a);
      return shown && same(*shown, a);
    });
  }
  return packets;
}

Investigation::Capture Investigation::capture(const Accusation& a, const Evidence& e) {
  Capture c;
  prober_.stop();
  if (e.at_once) {
    c.frames = prober_.frames_at_once(e.stimuli);
  } else {
    for (const Numbered& n : e.stimuli)
      std::ranges::move(prober_.probe(n).frames, std::back_inserter(c.frames));
  }
  std::vector<Packet> packets = packets_of(c.frames);
  if (a.kind == accused_of::growth) {
    prober_.stop();
    if (growth_under(prober_, packets)) c.shown = a;
    return c;
  }
  constexpr std::size_t few = 8;
  until_ = Clock::now() + time_ / 2;
  if (a.kind != accused_of::self_excited && packets.size() <= few) {
    prober_.stop();
    const auto smallest = shown_by_packets(packets, a);
    const bool left_over = a.kind == accused_of::foreign_octets || a.kind == accused_of::invented;
    const bool alone = e.stimuli.size() == 1 && !left_over;
    if (smallest && played(with_fewer_octets(packets, *smallest, alone), a, c)) return c;
  }
  played(packets, a, c);
  return c;
}

// To a relay that has just been started.
bool Investigation::played(const std::vector<Packet>& packets, const Accusation& a, Capture& c) {
  prober_.stop();
  std::vector<Frame> frames;
  const auto answers = a.kind == accused_of::self_excited ? prober_.play(packets) : prober_.play_on(packets);
  for (const Answer& answer : answers) {
    for (const Frame& f : answer.frames) frames.push_back(f);
    const auto all = all_of(answer);
    const Accusation* found = find_in(all, a);
    if (!found) continue;
    c.shown = *found;
    if (!frames.empty()) frames.back().comments.push_back(a.kind + ": " + in_words(*found));
  }
  if (c.shown) c.frames = std::move(frames);
  return c.shown.has_value();
}

}  // namespace relayspec::live
