// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/trial/judge.h"
#include "harness/trial/table.h"
#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/profile.h"

namespace relayspec::trial {
namespace {

Pair pair_in(const TableLine& line) {
  const auto& w = line.words;
  if (w.size() != 5) {
    throw InputError(
        fmt::format("{}: '{}' has {} in place of 5 columns: quirk, fault, dialect, quirk's requirement, "
                    "fault's requirement",
                    line.where, w[0], w.size()));
  }
  require_dialect(w[2], line.where);
  return {.quirk = w[0],
          .fault = w[1],
          .dialect = w[2],
          .quirk_requirement = w[3],
          .fault_requirement = w[4],
          .where = line.where};
}

bool finds(const Outcome& o, const std::string& requirement) {
  return std::any_of(o.deviations.begin(), o.deviations.end(),
                     [&](const Deviation& d) { return d.requirement == requirement; });
}

std::string show(const Deviation& d) {
  const std::string what = d.field.empty() ? "" : fmt::format(" ({}; {})", d.field, d.kind);
  const std::string others = d.cases.size() > 1 ? fmt::format(" and {} more", d.cases.size() - 1) : "";
  return fmt::format("{}{} in {}{}: {}", d.requirement, what, d.cases.front(), others, d.reason);
}

}  // namespace

std::vector<Pair> parse_pairs(std::string_view text, const std::string& path) {
  std::vector<Pair> all;
  for (const TableLine& line : table_lines(text, path)) all.push_back(pair_in(line));
  if (all.empty()) throw InputError(path + ": the table has no pairs; name testsuites/faulty/pairs.txt");
  return all;
}

std::vector<std::string> complaints_about_pairs(const std::vector<Pair>& pairs,
                                                const std::vector<std::string>& relay_faults) {
  std::vector<std::string> all;
  std::set<std::string> listed;
  const std::set<std::string> known(relay_faults.begin(), relay_faults.end());
  for (const Pair& p : pairs) {
    if (!listed.insert(p.name()).second)
      all.push_back(fmt::format("{}: {} stands twice in the table", p.where, p.name()));
    for (const std::string& fault : {p.quirk, p.fault}) {
      if (!known.contains(fault))
        all.push_back(fmt::format("{}: the faulty relay has no fault {}", p.where, fault));
    }
    for (const std::string& rule : {p.quirk_requirement, p.fault_requirement}) {
      if (!Catalogue::shipped().find(rule))
        all.push_back(fmt::format("{}: there is no requirement {}", p.where, rule));
    }
    if (p.quirk_requirement == p.fault_requirement)
      all.push_back(fmt::format("{}: quirk and fault have the same requirement", p.where));
  }
  return all;
}

std::vector<std::string> complaints_about(const Pair& p, const Outcome& o) {
  if (!o.trouble.empty()) return {fmt::format("{}: {}", p.name(), o.trouble)};
  std::vector<std::string> all;
  for (const std::string& rule : {p.quirk_requirement, p.fault_requirement}) {
    if (!finds(o, rule)) all.push_back(fmt::format("{}: no deviation by {}", p.name(), rule));
  }
  for (const Deviation& d : o.deviations) {
    if (d.requirement != p.quirk_requirement && d.requirement != p.fault_requirement)
      all.push_back(fmt::format("{}: also {}", p.name(), show(d)));
  }
  const auto errors = complaints_about_errors(p.name(), o);
  all.insert(all.end(), errors.begin(), errors.end());
  return all;
}

}  // namespace relayspec::trial
