// SPDX-License-Identifier: Apache-2.0
#include "harness/live/fuzzer.h"

#include <fmt/format.h>

#include <algorithm>

namespace relayspec::live {
namespace {

// A relay that ends again and again is started so often under one feature set.
constexpr std::size_t most_ends = 50;
constexpr std::size_t most_history = 2048;

std::uint64_t ms_since(Clock::time_point t) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - t).count());
}

// It may have come later than the barrier, from a relay that does several things at once.
bool may_be_late(const Accusation& a) {
  return a.kind == accused_of::lost || a.kind == accused_of::self_excited || a.kind == accused_of::copies ||
         (a.kind == accused_of::misdirected && a.how.starts_with("another on"));
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

// What is known to end the relay is left out, so that what others bring about is seen.
Fuzzer::Sequence Fuzzer::next(std::uint64_t from, std::uint64_t to) const {
  Sequence all;
  for (std::uint64_t n = from; n < to; ++n) {
    Numbered one{n, generate(settings_.seed, n, settings_.downlinks, novelty_.pool())};
    if (!findings_.ends_the_relay(one.stimulus)) all.push_back(std::move(one));
  }
  return all;
}

void Fuzzer::run(std::uint64_t from, std::uint64_t to, const std::function<bool()>& go_on) {
  for (std::uint64_t n = from; n < to && go_on() && ends_ < most_ends; n += settings_.at_once) {
    Sequence all = next(n, std::min<std::uint64_t>(n + settings_.at_once, to));
    // Those that meet trouble go alone, behind the others.
    const auto troubled = std::stable_partition(
        all.begin(), all.end(), [](const Numbered& one) { return one.stimulus.trouble == Trouble::none; });
    const Sequence alone(troubled, all.end());
    all.erase(troubled, all.end());
    if (!all.empty()) send_and_learn(all);
    for (const Numbered& one : alone) send_and_learn({one});
  }
  result_.novel = novelty_.kinds();
}

void Fuzzer::send_and_learn(const Sequence& all) {
  const auto began = Clock::now();
  const std::size_t starts = prober_.session().starts();
  result_.packets += all.size();
  const auto answers = send(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!answers[i].out.empty()) ++result_.relayed;
    novelty_.note(settings_.name, all[i].stimulus, answers[i]);
  }
  if (prober_.session().starts() == starts) {
    result_.judged += all.size();
    result_.judging_us += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count());
  }
  if (settings_.coverage) note_places(all);
  insist(all, answers);
}

// Which of them led there is not known.
void Fuzzer::note_places(const Sequence& all) {
  Coverage& coverage = *settings_.coverage;
  prober_.start();
  const std::size_t start = prober_.session().starts();
  if (followed_ != start) {
    const auto root = prober_.device().root_directory();
    if (!root) return;  // it has ended
    coverage.follow(*root);
    followed_ = start;
  }
  if (coverage.look()) {
    for (const Numbered& one : all) novelty_.keep(one.stimulus);
  }
  result_.places = coverage.places();
}

// Everything that comes of them is judged.
std::vector<Answer> Fuzzer::send(const Sequence& all) {
  prober_.start();
  std::vector<Answer> answers = prober_.probe(all);
  std::vector<std::pair<Accusation, std::size_t>> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (Accusation& a : faults(witness(answers[i]))) found.emplace_back(std::move(a), i);
    if (answers[i].end != Answer::End::none) ++ends_;
  }
  if (prober_.end_of_all().end != Answer::End::none) {
    ++ends_;
    for (Accusation& a : accusations(witness(prober_.end_of_all())))
      found.emplace_back(std::move(a), all.size() - 1);
  }
  batch_ = all;
  account_for_late();
  for (const auto& [a, i] : found) note(a, all[i]);
  remember(all);
  return answers;
}

void Fuzzer::remember(const Sequence& all) {
  history_.insert(history_.end(), all.begin(), all.end());
  while (history_.size() > most_history) history_.pop_front();
}

void Fuzzer::account_for_late() {
  for (const Prober::Late& late : prober_.take_late()) {
    const auto of = std::ranges::find(history_, late.number, &Numbered::number);
    if (of == history_.end()) continue;
    const Numbered stimulus = *of;
    const Answer again{.segment = stimulus.stimulus.segment(), .at_rest = {late.sighting}};
    for (const Accusation& a : accusations(witness(again))) {
      if (a.kind == accused_of::self_excited) note(a, stimulus);
    }
  }
}

// What a relay drops may stay somewhere in it, and tells when there is too much of it: of each kind that it
// has to drop one comes again and again, from other clients.
void Fuzzer::insist(const Sequence& all, const std::vector<Answer>& answers) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!answers[i].out.empty() || answers[i].end != Answer::End::none || answers[i].link_down) continue;
    const auto outcome = prober_.model().fate(answers[i].segment, answers[i].sent, answers[i].memory);
    if (outcome.fate != dhcp4::Fate::must_not_come) continue;
    if (!findings_.is_first(settings_.name, outcome.rule)) continue;
    for (std::size_t n = 0; n < insistence; n += settings_.at_once) {
      Sequence again;
      for (std::size_t k = 0; k < settings_.at_once; ++k)
        again.push_back({repeated_number(all[i].number, n + k), all[i].stimulus});
      send(again);
    }
  }
}

void Fuzzer::note(const Accusation& a, const Numbered& n) {
  if (findings_.count(a, n.stimulus) || !findings_.worth_a_try(a)) return;
  const Sequence history(history_.begin(), history_.end());
  const auto evidence = investigation_.smallest(a, n, batch_, history);
  if (evidence || !may_be_late(a))
    record(a, evidence.value_or(Evidence{{n}}));
  else
    ++result_.unconfirmed;
  prober_.take_late();
  history_.clear();
}

void Fuzzer::record(const Accusation& a, const Evidence& e) {
  const Stimulus& last = e.stimuli.back().stimulus;
  if (findings_.is_known(a, last)) return;
  auto [frames, shown] = investigation_.capture(a, e);
  if (!shown && may_be_late(a)) {
    ++result_.unconfirmed;
    return;
  }
  // The same fault in a plainer message may break another rule.
  const Accusation& smallest = shown ? *shown : a;
  if (findings_.is_known(smallest, last)) return;
  FuzzFinding f{.kind = smallest.kind,
                .requirement = smallest.requirement,
                .what = in_words(smallest),
                .settings = settings_.name,
                .sent = describe(e.stimuli),
                .expected = smallest.expected,
                .observed = smallest.observed,
                .packets_until_found = result_.packets,
                .ms_until_found = ms_since(since_),
                .again = shown.has_value(),
                .features = settings_.features,
                .frames = std::move(frames),
                .field = smallest.field};
  f.exhibit = exhibit_of(smallest, f.frames);
  for (const Packet& p : packets_of(f.frames)) {
    ++f.packets;
    f.octets += p.frame.size();
  }
  findings_.add(smallest, last, e.stimuli.size() == 1, std::move(f));
}

void Fuzzer::rest() {
  prober_.start();
  const Answer nothing{.segment = Segment::downlink0, .at_rest = prober_.listen()};
  prober_.session().traffic().clear();
  if (history_.empty()) return;
  for (const Accusation& a : accusations(witness(nothing))) {
    if (a.kind == accused_of::self_excited) note(a, Numbered(history_.back()));
  }
}

void Fuzzer::accuse_of_growth(const std::string& expected, const std::string& observed) {
  const Accusation a{.kind = accused_of::growth,
                     .requirement = "MALF-memory-flat",
                     .how = "grows",
                     .expected = expected,
                     .observed = observed};
  if (history_.empty() || findings_.count(a, {})) return;
  // A fault that shows in any message is in the last few.
  constexpr std::size_t few = 32;
  const auto from = history_.end() - static_cast<std::ptrdiff_t>(std::min(few, history_.size()));
  const Evidence last{{from, history_.end()}};
  record(a, last);
}

}  // namespace relayspec::live
