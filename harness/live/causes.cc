// SPDX-License-Identifier: Apache-2.0
#include "harness/live/causes.h"

#include <fmt/format.h>

#include <algorithm>

namespace relayspec::live {

void Losses::count(std::span<const RuleOnFate> rules, bool lost) {
  for (const RuleOnFate& r : rules) {
    Count& c = by_rule_[r.rule];
    ++c.all;
    if (lost) ++c.lost;
  }
}

// One more than was counted, so that what was seen once says less than what was seen often.
const RuleOnFate* Losses::likeliest(std::span<const RuleOnFate> rules) const {
  const RuleOnFate* best = nullptr;
  double most = -1;
  for (const RuleOnFate& r : rules) {
    const auto at = by_rule_.find(r.rule);
    const double share = at == by_rule_.end()
                             ? 0
                             : static_cast<double>(at->second.lost) / static_cast<double>(at->second.all + 1);
    if (best && share <= most) continue;
    best = &r;
    most = share;
  }
  return best;
}

std::string in_words(const Cause& c) {
  const std::string messages = c.reply ? "replies" : "requests";
  const bool blamed = c.culprit == Culprit::relay;
  switch (c.kind) {
    case Departure::Kind::lost:
      return messages + (blamed                         ? " lost"
                         : c.culprit == Culprit::nobody ? " dropped, which is allowed"
                                                        : " dropped, as due");
    case Departure::Kind::extra:
      return messages + (blamed                         ? " that must be dropped come out"
                         : c.culprit == Culprit::nobody ? " come out that the reference drops"
                                                        : " come out that the reference loses");
    case Departure::Kind::ended:
      return c.how;
    case Departure::Kind::copies:
      return fmt::format("{}: {}", messages, c.how);
    case Departure::Kind::content:
      break;
  }
  // "reply hops +1"
  const std::size_t direction = c.how.find(' ');
  return direction == std::string::npos ? c.how
                                        : fmt::format("{} in {}", c.how.substr(direction + 1),
                                                      c.how.starts_with("reply")     ? "replies"
                                                      : c.how.starts_with("request") ? "requests"
                                                                                     : messages);
}

void Causes::note(std::uint64_t number, std::size_t edits, std::vector<Departure> departures,
                  std::vector<RuleOnFate> rules, bool reference_came, bool relay_came) {
  of_reference_.count(rules, !reference_came);
  of_relay_.count(rules, !relay_came);
  if (!departures.empty()) noted_.push_back({{number, edits}, std::move(departures), std::move(rules)});
}

// A message that may be dropped is dropped by a rule that leaves it to the relay; but where messages that a
// rule wants relayed are lost, it may be lost by that one as well.
std::optional<RuleOnFate> Causes::rule_for(const Departure& d, std::vector<RuleOnFate> rules) const {
  if (d.culprit == Culprit::nobody)
    std::erase_if(rules, [&](const RuleOnFate& r) { return r.due && !proven_.contains({d.kind, r.rule}); });
  const RuleOnFate* likeliest =
      (d.kind == Departure::Kind::lost ? of_relay_ : of_reference_).likeliest(rules);
  if (!likeliest) return std::nullopt;
  return *likeliest;
}

Cause Causes::cause_of(const Departure& d, std::span<const RuleOnFate> rules) const {
  Cause cause{d.kind, d.reply, d.how, d.requirement, d.culprit};
  if (d.kind == Departure::Kind::content && !d.judged) {
    // Of a message of which the model says nothing; others that differ alike tell what that is.
    const auto alike = judged_.find(d.how);
    return alike == judged_.end() ? cause : alike->second;
  }
  const bool lost = d.kind == Departure::Kind::lost;
  if (!lost && d.kind != Departure::Kind::extra) return cause;
  const Culprit loser = lost ? Culprit::relay : Culprit::reference;
  if (d.culprit != Culprit::nobody && d.culprit != loser) return cause;  // it must not come
  const auto rule = rule_for(d, {rules.begin(), rules.end()});
  if (!rule) return cause;
  cause.requirement = rule->rule;
  cause.culprit = rule->due ? loser : Culprit::nobody;
  return cause;
}

std::map<Cause, bool> Causes::of(std::span<const Departure> departures,
                                 std::span<const RuleOnFate> rules) const {
  std::map<Cause, bool> causes;
  for (const Departure& d : departures) {
    const Cause cause = cause_of(d, rules);
    causes[cause] |= cause.culprit == d.culprit;
  }
  return causes;
}

std::map<Cause, std::vector<Sample>> Causes::grouped() {
  for (const Noted& n : noted_) {
    for (const Departure& d : n.departures) {
      if (d.kind == Departure::Kind::content && d.judged) judged_.emplace(d.how, cause_of(d, n.rules));
      const auto rule = d.culprit == Culprit::nobody ? std::nullopt : rule_for(d, n.rules);
      if (rule) proven_.emplace(d.kind, rule->rule);
    }
  }
  std::map<Cause, std::vector<Sample>> groups;
  for (const Noted& n : noted_) {
    for (const auto& [cause, sure] : of(n.departures, n.rules)) {
      groups[cause].push_back(n.sample);
      groups[cause].back().sure = sure;
    }
  }
  for (auto& [cause, samples] : groups) {
    std::stable_sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) {
      return std::tuple(!a.sure, a.edits) < std::tuple(!b.sure, b.edits);
    });
  }
  return groups;
}

}  // namespace relayspec::live
