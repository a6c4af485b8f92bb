// SPDX-License-Identifier: Apache-2.0
#include "harness/live/findings.h"

#include <algorithm>
#include <array>

namespace relayspec::live {
namespace {

constexpr std::size_t most_searches = 3;

}  // namespace

bool ends_the_relay(const std::string& kind) {
  return kind == accused_of::crash || kind == accused_of::hang || kind == accused_of::stopped;
}

bool depends_on_rest(const Accusation& a) {
  constexpr std::array kinds = {accused_of::lost, accused_of::not_to_come, accused_of::copies,
                                accused_of::misdirected};
  return ends_the_relay(a.kind) ||
         std::any_of(kinds.begin(), kinds.end(), [&](const char* k) { return a.kind == k; });
}

bool is_part_of(const Stimulus& small, const Stimulus& large) {
  if (small.reply() != large.reply()) return false;
  if (small.trouble != Trouble::none && small.trouble != large.trouble) return false;
  const Base plainest = small.reply() ? Base::offer : Base::discover;
  if (small.base != plainest && small.base != large.base) return false;
  if (small.downlink != Segment::downlink0 && small.downlink != large.downlink) return false;
  return std::all_of(small.edits.begin(), small.edits.end(), [&](const Edit& e) {
    return std::find(large.edits.begin(), large.edits.end(), e) != large.edits.end();
  });
}

const Findings::Known* Findings::explanation(const Accusation& a, const Stimulus& s) const {
  const auto explains = [&](const Known& k) {
    if (same(k.what, a)) return true;
    return depends_on_rest(a) && k.alone && k.what.kind == a.kind && k.what.reply == a.reply &&
           is_part_of(k.last, s);
  };
  const auto it = std::find_if(known_.begin(), known_.end(), explains);
  return it == known_.end() ? nullptr : &*it;
}

bool Findings::is_settled(const Known& k) const {
  const auto tries = tries_.find({k.what.kind, k.what.requirement, k.what.reply, k.what.how});
  return k.finding.again || tries == tries_.end() || tries->second >= most_searches;
}

bool Findings::is_known(const Accusation& a, const Stimulus& s) const {
  const Known* k = explanation(a, s);
  return k && is_settled(*k);
}

bool Findings::count(const Accusation& a, const Stimulus& s) {
  const Known* k = explanation(a, s);
  if (!k) return false;
  ++known_[static_cast<std::size_t>(k - known_.data())].finding.times;
  return is_settled(*k);
}

bool Findings::add(const Accusation& a, const Stimulus& last, bool alone, FuzzFinding f) {
  const auto it = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return same(k.what, a); });
  if (it == known_.end()) {
    known_.push_back({a, last, alone, std::move(f)});
    return true;
  }
  if (it->finding.again || !f.again) return false;
  f.times = it->finding.times;
  *it = {a, last, alone, std::move(f)};
  return true;
}

bool Findings::ends_the_relay(const Stimulus& s) const {
  return std::any_of(known_.begin(), known_.end(), [&](const Known& k) {
    return k.alone && live::ends_the_relay(k.what.kind) && is_part_of(k.last, s);
  });
}

bool Findings::worth_a_try(const Accusation& a) {
  return ++tries_[{a.kind, a.requirement, a.reply, a.how}] <= most_searches;
}

std::vector<FuzzFinding> Findings::all() const {
  std::vector<FuzzFinding> all;
  for (const Known& k : known_) all.push_back(k.finding);
  return all;
}

}  // namespace relayspec::live
