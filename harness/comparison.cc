// SPDX-License-Identifier: Apache-2.0
#include "harness/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

// What a reader has to see first.
int weight_of(Verdict v) {
  constexpr Verdict order[] = {Verdict::fail, Verdict::error, Verdict::warn,
                               Verdict::note, Verdict::pass,  Verdict::skip};
  return static_cast<int>(std::find(std::begin(order), std::end(order), v) - std::begin(order));
}

bool covers(const CaseResult& c, const std::string& requirement) {
  return std::find(c.requirements.begin(), c.requirements.end(), requirement) != c.requirements.end();
}

/// The worst finding of this rule, in the case with the shortest record.
std::optional<Cell> found_broken(const std::string& requirement, const std::vector<CaseResult>& cases) {
  const Finding* worst = nullptr;
  const CaseResult* shown_by = nullptr;
  std::vector<std::string> ids;
  for (const CaseResult& c : cases) {
    for (const Finding& f : c.findings) {
      if (f.requirement != requirement) continue;
      if (ids.empty() || ids.back() != c.id) ids.push_back(c.id);
      const auto key = [](const Finding& finding, const CaseResult& of) {
        return std::tuple(weight_of(finding.verdict), of.frames.size());
      };
      if (worst && key(*worst, *shown_by) <= key(f, c)) continue;
      worst = &f;
      shown_by = &c;
    }
  }
  if (!worst) return std::nullopt;
  return Cell{.verdict = worst->verdict,
              .reason = worst->reason,
              .field = worst->field,
              .expected = worst->expected,
              .observed = worst->observed,
              .case_id = shown_by->id,
              .evidence = shown_by->evidence,
              .exhibit = worst->exhibit,
              .cases = ids};
}

/// A case that has found another rule broken has not seen this one hold.
Verdict as_judge_of_another_rule(Verdict v) {
  return v == Verdict::fail || v == Verdict::warn ? Verdict::skip : v == Verdict::note ? Verdict::pass : v;
}

Cell cell_of(const std::string& requirement, const std::vector<CaseResult>& cases) {
  if (auto broken = found_broken(requirement, cases)) return *broken;
  const CaseResult* best = nullptr;
  Cell cell;
  for (const CaseResult& c : cases) {
    if (!covers(c, requirement)) continue;
    const Verdict v = as_judge_of_another_rule(c.verdict);
    if (best && weight_of(v) > weight_of(cell.verdict)) continue;
    if (!best || weight_of(v) < weight_of(cell.verdict)) {
      best = &c;
      cell = {.verdict = v, .case_id = c.id};
      if (v != Verdict::pass) cell.reason = c.reason;
      if (c.verdict == Verdict::fail || c.verdict == Verdict::warn)
        cell.reason = fmt::format("its cases end by what else deviates: {}", c.reason);
    }
    cell.cases.push_back(c.id);
  }
  if (!best) cell.reason = "no case of this run covers it";
  return cell;
}

/// Ids of the catalogue in its order, and behind them any others.
std::vector<std::string> requirements_in(std::span<const ComparedRelay> relays) {
  std::vector<std::string> all;
  for (const ComparedRelay& relay : relays) {
    for (const CaseResult& c : relay.cases) {
      all.insert(all.end(), c.requirements.begin(), c.requirements.end());
      for (const Finding& f : c.findings) all.push_back(f.requirement);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<std::string> sorted;
  for (const Requirement& r : Catalogue::shipped().all()) {
    const auto known = std::lower_bound(all.begin(), all.end(), r.id);
    if (known == all.end() || *known != r.id) continue;
    sorted.push_back(r.id);
    all.erase(known);
  }
  sorted.insert(sorted.end(), all.begin(), all.end());
  return sorted;
}

std::vector<std::string> suites_of(const std::string& requirement, std::span<const ComparedRelay> relays) {
  std::vector<std::string> suites;
  for (const ComparedRelay& relay : relays) {
    for (const CaseResult& c : relay.cases) {
      const bool about = covers(c, requirement) ||
                         std::any_of(c.findings.begin(), c.findings.end(),
                                     [&](const Finding& f) { return f.requirement == requirement; });
      if (about && std::find(suites.begin(), suites.end(), c.suite) == suites.end())
        suites.push_back(c.suite);
    }
  }
  return suites;
}

bool is_judged(Verdict v) { return v != Verdict::skip && v != Verdict::error; }

/// Where what deviates stands: by its worst cell and by its level; all that does not comes last.
std::pair<int, int> place_of(const MatrixRow& row) {
  constexpr std::pair last{9, 9};
  int worst = last.first;
  for (const Cell& c : row.cells) worst = std::min(worst, weight_of(c.verdict));
  if (worst > weight_of(Verdict::warn)) return last;
  const std::string& level = row.level;
  return {worst, level.starts_with("MUST") ? 0 : level.starts_with("SHOULD") ? 1 : level == "MAY" ? 2 : 3};
}

}  // namespace

bool MatrixRow::differs(std::size_t reference) const {
  const Verdict wanted = cells.at(reference).verdict;
  return is_judged(wanted) && std::any_of(cells.begin(), cells.end(), [&](const Cell& c) {
           return is_judged(c.verdict) && c.verdict != wanted;
         });
}

std::vector<MatrixRow> matrix_of(std::span<const ComparedRelay> relays) {
  std::vector<MatrixRow> rows;
  for (const std::string& id : requirements_in(relays)) {
    MatrixRow row{
        .requirement = id, .clause = Catalogue::shipped().clause(id), .suites = suites_of(id, relays)};
    if (const Requirement* r = Catalogue::shipped().find(id)) row.level = r->level;
    for (const ComparedRelay& relay : relays) row.cells.push_back(cell_of(id, relay.cases));
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const MatrixRow& a, const MatrixRow& b) { return place_of(a) < place_of(b); });
  return rows;
}

}  // namespace relayspec
