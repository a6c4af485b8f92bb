// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/deviations.h"

namespace relayspec::trial {
namespace {

using nlohmann::json;

const char* word_for(Finding::By by) {
  switch (by) {
    case Finding::By::loss:
      return "loss";
    case Finding::By::excess:
      return "excess";
    case Finding::By::end:
      return "end";
    case Finding::By::content:
      break;
  }
  return "content";
}

bool deviates(const Finding& f) { return f.verdict == Verdict::fail || f.verdict == Verdict::warn; }

}  // namespace

std::vector<Change> changes_in(std::span<const CaseResult> results) {
  std::vector<Change> changes;
  for (const CaseResult& r : results) {
    if (r.verdict != Verdict::fail && r.verdict != Verdict::warn && r.verdict != Verdict::error) continue;
    Change c{.id = r.id, .verdict = std::string(name(r.verdict)), .reason = r.reason, .broken = {}};
    std::set<std::string> rules;
    for (const Finding& f : r.findings) {
      const auto rule = fmt::format("{} {}", word_for(f.by), f.requirement);
      if (deviates(f) && rules.insert(rule).second) c.broken.push_back(rule);
    }
    changes.push_back(c);
  }
  return changes;
}

std::vector<Deviation> deviations_in(const std::vector<CaseResult>& results) {
  std::vector<Deviation> all;
  for (const relayspec::Deviation& d : deviations_of(results))
    all.push_back({d.requirement, d.field, d.kind, d.reason, d.cases});
  return all;
}

std::string json_line(const std::string& name, const std::string& dialect, const Outcome& o) {
  json changes = json::array(), deviations = json::array();
  for (const Change& c : o.changes)
    changes.push_back({{"id", c.id}, {"verdict", c.verdict}, {"reason", c.reason}, {"broken", c.broken}});
  for (const Deviation& d : o.deviations) {
    deviations.push_back({{"requirement", d.requirement},
                          {"field", d.field},
                          {"kind", d.kind},
                          {"reason", d.reason},
                          {"cases", d.cases}});
  }
  const json line{{"fault", name},      {"dialect", dialect},       {"seconds", o.seconds},
                  {"changes", changes}, {"deviations", deviations}, {"trouble", o.trouble}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace relayspec::trial
