// SPDX-License-Identifier: Apache-2.0
#include "harness/live/duel.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/live/compare.h"
#include "harness/live/shrink.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::live {
namespace {

constexpr std::size_t most_samples = 3, most_tries = 40;

Verdict verdict_of(const Cause& c) {
  const Requirement* r = Catalogue::shipped().find(c.requirement);
  if (c.culprit == Culprit::nobody || !r || r->level == "MAY") return Verdict::note;
  return r->level.starts_with("MUST") ? Verdict::fail : Verdict::warn;
}

std::vector<Frame> with_name(std::vector<Frame> frames, const std::string& of) {
  for (Frame& f : frames) f.comments.push_back("with " + of);
  return frames;
}

/// The frame that the relay has sent at this place of its answer.
Exhibit exhibit_of(const Answer& a, std::optional<std::size_t> place) {
  if (!place || *place >= a.out.size()) return {};
  const Sighting& s = a.out[*place];
  Exhibit e{.segment = s.segment};
  if (!s.whole()) return e;
  const Datagram& sent = dhcp4::datagram_of(s);
  for (const Frame& f : a.frames) {
    if (f.origin != Origin::relay || f.segment != s.segment) continue;
    const auto came = decode_udp(f.bytes);
    if (came && came->payload == sent.payload && came->ip_dst == sent.ip_dst) e.time = f.time;
  }
  e.due = sent.payload;
  return e;
}

}  // namespace

std::vector<Numbered> Duel::numbered(std::uint64_t from, std::uint64_t to) const {
  std::vector<Numbered> all;
  for (std::uint64_t n = from; n < to; ++n) all.push_back({n, generate(seed_, n, downlinks_)});
  return all;
}

std::vector<Departure> Duel::departures_of(const Pair& p) const {
  const auto side = [](const Answer& a, Prober& by) {
    return Witness{a, by.model(), by.protocol(), by.quirks()};
  };
  return departures(side(p.reference, reference_.prober), side(p.relay, relay_.prober));
}

bool Duel::shows(const Pair& p, const Cause& cause) const {
  const auto causes = causes_.of(departures_of(p), rules_on_fate(p.relay, relay_.prober.model()));
  const auto found = causes.find(cause);
  return found != causes.end() && found->second;
}

void Duel::run(std::uint64_t from, std::uint64_t to) {
  const auto all = numbered(from, to);
  auto wanted = reference_.prober.probe(all), came = relay_.prober.probe(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Pair pair{std::move(wanted[i]), std::move(came[i])};
    causes_.note(all[i].number, all[i].stimulus.edits.size(), departures_of(pair),
                 rules_on_fate(pair.relay, relay_.prober.model()), !pair.reference.out.empty(),
                 !pair.relay.out.empty());
  }
}

Duel::Pair Duel::probe(const Numbered& n) { return {reference_.prober.probe(n), relay_.prober.probe(n)}; }

// What other messages have to be in front of.
bool Duel::shows_in_its_batch(const Cause& cause, std::uint64_t number) {
  const std::uint64_t from = number - number % stimuli_at_once;
  const auto all = numbered(from, from + stimuli_at_once);
  auto wanted = reference_.prober.probe(all), came = relay_.prober.probe(all);
  return shows({std::move(wanted[number - from]), std::move(came[number - from])}, cause);
}

std::optional<DifferenceGroup> Duel::example(const Cause& cause, const std::vector<Sample>& samples) {
  for (std::size_t i = 0; i < std::min(most_samples, samples.size()); ++i) {
    const std::uint64_t number = samples[i].number;
    const auto shows_it = [&](const Stimulus& s) { return shows(probe({number, s}), cause); };
    const Stimulus found = generate(seed_, number, downlinks_);
    if (!shows_it(found)) continue;
    const Stimulus smallest = shrink(found, shows_it, most_tries);
    Pair pair = probe({number, smallest});
    if (shows(pair, cause)) return group_of(cause, smallest, std::move(pair));
  }
  const std::uint64_t first = samples.front().number;
  if (!shows_in_its_batch(cause, first)) return std::nullopt;
  const Stimulus found = generate(seed_, first, downlinks_);
  DifferenceGroup group = group_of(cause, found, probe({first, found}));
  group.what += ", behind other messages only";
  return group;
}

DifferenceGroup Duel::group_of(const Cause& cause, const Stimulus& s, Pair pair) const {
  DifferenceGroup g{.relay = relay_.name,
                    .what = in_words(cause),
                    .requirement = cause.requirement,
                    .choice = cause.culprit == Culprit::nobody,
                    .verdict = verdict_of(cause),
                    .sent = describe(s)};
  if (cause.culprit == Culprit::relay) g.broken_by = relay_.name;
  if (cause.culprit == Culprit::reference) g.broken_by = reference_.name;
  const auto rules = rules_on_fate(pair.relay, relay_.prober.model());
  for (const Departure& d : departures_of(pair)) {
    if (!causes_.of(std::span(&d, 1), rules).contains(cause)) continue;
    g.field = d.field;
    g.reference = d.reference;
    g.observed = d.observed;
    g.reference_exhibit = exhibit_of(pair.reference, d.of_reference);
    g.exhibit = exhibit_of(pair.relay, d.of_relay);
    if (!d.of_relay) g.exhibit.segment = g.reference_exhibit.segment;
    g.exhibit.due = std::exchange(g.reference_exhibit.due, {});
  }
  g.reference_frames = with_name(std::move(pair.reference.frames), reference_.name);
  g.frames = with_name(std::move(pair.relay.frames), relay_.name);
  return g;
}

std::vector<DifferenceGroup> Duel::differences() {
  std::vector<DifferenceGroup> all;
  for (const auto& [cause, samples] : causes_.grouped()) {
    auto group = example(cause, samples);
    if (!group) continue;
    group->stimuli = samples.size();
    all.push_back(std::move(*group));
  }
  const auto place = [&](const DifferenceGroup& g) {
    const int whose = g.choice ? 2 : g.broken_by == relay_.name ? 0 : 1;
    const int verdict = g.verdict == Verdict::fail ? 0 : g.verdict == Verdict::warn ? 1 : 2;
    return std::tuple(whose, verdict, -static_cast<long>(g.stimuli));
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const DifferenceGroup& a, const DifferenceGroup& b) { return place(a) < place(b); });
  return all;
}

}  // namespace relayspec::live
