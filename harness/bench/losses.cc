// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/losses.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/bench/case_verdict.h"
#include "harness/bench/testbed.h"
#include "harness/deviations.h"
#include "harness/engine/judge.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

// So many times more came by a rule than were lost: it is not why these were.
constexpr std::uint64_t most_delivered_for_one_lost = 50;
// So few losses may share a rule by chance.
constexpr std::size_t fewest_with_a_shared_rule = 3;

struct Loss {
  CaseResult* of;
  Finding* finding;

  bool is_due_by(const std::string& rule) const {
    return std::ranges::find(finding->due_by, rule) != finding->due_by.end();
  }
  /// First of all.
  bool is_about(const std::string& rule) const {
    return !of->requirements.empty() && of->requirements.front() == rule;
  }
};

/// The losses of one direction, whose most general rule is the same.
class Losses {
 public:
  Losses(std::string general, const std::map<std::string, std::uint64_t>& delivered)
      : general_(std::move(general)), delivered_(delivered) {}

  void add(Loss loss) { all_.push_back(loss); }

  void name() {
    name_consequences();
    name_doubtful();
  }

 private:
  std::uint64_t delivered(const std::string& rule) const {
    const auto known = delivered_.find(rule);
    return known == delivered_.end() ? 0 : known->second;
  }
  std::size_t lost(const std::string& rule) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(all_, [&](const Loss& l) { return l.is_due_by(rule); }));
  }

  std::map<std::string, std::size_t> names() const {
    std::map<std::string, std::size_t> all;
    for (const Loss& l : all_) ++all[l.finding->requirement];
    return all;
  }

  /// Where all that a rule names is due by another one that names more, and of which nothing came.
  void name_consequences() {
    for (const auto& named : names()) {
      const std::string& narrow = named.first;
      const std::string* wide = nullptr;
      const auto all = names();
      for (const auto& other : all) {
        const std::string& rule = other.first;
        const bool explains = rule != narrow && rule != general_ && other.second > named.second &&
                              delivered(rule) == 0 && std::ranges::all_of(all_, [&](const Loss& l) {
                                return l.finding->requirement != narrow || l.is_due_by(rule);
                              });
        if (explains && (!wide || lost(rule) > lost(*wide))) wide = &rule;
      }
      if (!wide) continue;
      for (const Loss& l : all_) {
        if (l.finding->requirement == narrow) rename(l, *wide);
      }
    }
  }

  /// Its rule is the most general one, or one by which others came.
  bool is_doubtful(const Loss& l) const {
    const std::string& rule = l.finding->requirement;
    return rule == general_ || (delivered(rule) > 0 && !l.is_about(rule));
  }
  bool is_refuted(const std::string& rule) const {
    if (rule == general_) return true;
    // A part of the most general rule speaks of combinations as well.
    return delivered(rule) > most_delivered_for_one_lost * lost(rule) &&
           Catalogue::shipped().cited(rule).part_of != general_;
  }

  void name_doubtful() {
    std::vector<Loss> doubtful;
    std::ranges::copy_if(all_, std::back_inserter(doubtful), [&](const Loss& l) { return is_doubtful(l); });
    if (doubtful.empty()) return;
    const std::string shared = shared_rule(doubtful);
    if (shared.empty())
      name_refuted(doubtful);
    else
      for (const Loss& l : doubtful) rename(l, shared);
  }

  /// Of the rules that all of them share the one by which the fewest came: one that names others, or that a
  /// case is about in which they are lost. Empty: there is none.
  std::string shared_rule(const std::vector<Loss>& some) const {
    std::string rarest;
    for (const std::string& rule : some.front().finding->due_by) {
      const bool shared =
          rule != general_ && std::ranges::all_of(some, [&](const Loss& l) { return l.is_due_by(rule); });
      const bool names_others = std::ranges::any_of(
          all_, [&](const Loss& l) { return l.finding->requirement == rule && !is_doubtful(l); });
      const bool of_a_case = some.size() >= fewest_with_a_shared_rule &&
                             std::ranges::any_of(some, [&](const Loss& l) { return l.is_about(rule); });
      if (shared && (names_others || of_a_case) && (rarest.empty() || delivered(rule) < delivered(rarest)))
        rarest = rule;
    }
    return rarest;
  }

  // If a plain message is lost, no combination of unusual parts explains the other losses.
  void name_refuted(const std::vector<Loss>& some) const {
    const bool combined = std::ranges::none_of(
        some, [&](const Loss& l) { return l.finding->requirement == general_ && !is_combination(l); });
    for (const Loss& l : some) {
      if (!is_refuted(l.finding->requirement)) continue;
      // Of a special message, what its case is about is more likely the reason, if that is no milder rule.
      const auto of_case = std::ranges::find_if(l.finding->due_by, [&](const std::string& rule) {
        return rule != general_ && l.is_about(rule) && severity_of(rule) == severity_of(general_);
      });
      const bool is_special =
          l.finding->requirement != general_ && !is_combination(l) && of_case != l.finding->due_by.end();
      is_special ? rename(l, *of_case) : rename(l, general_, combined);
    }
  }

  static bool is_combination(const Loss& l) { return l.finding->kind == lost_as_a_combination; }

  static void rename(const Loss& l, const std::string& rule, bool combined = false) {
    Finding& f = *l.finding;
    f.requirement = rule;
    f.verdict = severity_of(rule);
    f.kind = combined                               ? lost_as_a_combination
             : f.exhibit.segment == Segment::uplink ? kind::lost_to_servers
                                                    : kind::lost_to_clients;
  }

  std::string general_;
  const std::map<std::string, std::uint64_t>& delivered_;
  std::vector<Loss> all_;
};

/// What a case says besides its findings.
std::string remarks_of(const CaseResult& r) {
  std::string remarks;
  for (std::size_t from = 0; from < r.difference.size();) {
    const std::size_t end = std::min(r.difference.find('\n', from), r.difference.size() - 1) + 1;
    const std::string line = r.difference.substr(from, end - from);
    if (line.starts_with("also: ")) remarks += line;
    from = end;
  }
  return remarks;
}

}  // namespace

void name_losses(std::vector<CaseResult>& results) {
  std::map<std::string, std::uint64_t> delivered;
  for (const CaseResult& r : results) {
    for (const RuleCount& c : r.delivered) delivered[c.rule] += c.times;
  }
  std::map<std::string, Losses> by_general;
  std::map<CaseResult*, std::vector<Finding>> before;
  for (CaseResult& r : results) {
    for (Finding& f : r.findings) {
      if (f.due_by.empty()) continue;
      const std::string& general = f.due_by.back();
      by_general.try_emplace(general, general, delivered).first->second.add({&r, &f});
      before.try_emplace(&r, r.findings);
    }
  }
  for (auto& [general, losses] : by_general) losses.name();
  for (const auto& [r, findings] : before) {
    if (r->findings == findings) continue;
    const std::string remarks = remarks_of(*r);
    judge_by_findings(*r);
    r->difference += remarks;
  }
}

}  // namespace relayspec
