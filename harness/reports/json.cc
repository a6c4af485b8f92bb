// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "harness/deviations.h"
#include "harness/reports/reports.h"

namespace relayspec {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::vector<Deviation>& deviations) {
  Json all = Json::array();
  for (const Deviation& d : deviations) {
    Json combinations = Json::array();
    for (const auto& [combination, times] : d.combinations)
      combinations.push_back({{"combination", combination}, {"findings", times}});
    all.push_back({{"verdict", name(d.verdict)},
                   {"requirement", d.requirement},
                   {"level", d.level},
                   {"clause", d.clause},
                   {"field", d.field},
                   {"kind", d.kind},
                   {"settings", d.settings},
                   {"reason", d.reason},
                   {"expected", d.expected},
                   {"observed", d.observed},
                   {"case", d.case_id},
                   {"cases", d.cases},
                   {"findings", d.findings},
                   {"combinations", combinations},
                   {"evidence", d.evidence},
                   {"accepted", d.accepted}});
  }
  return all;
}

}  // namespace

std::string results_json(const RunResult& run) {
  Json counts;
  for (std::size_t v = 0; v < verdict_count; ++v)
    counts[std::string(name(static_cast<Verdict>(v)))] = run.counts()[v];
  Json cases = Json::array();
  for (const CaseResult& c : run.cases) {
    cases.push_back({{"id", c.id},
                     {"suite", c.suite},
                     {"requirements", c.requirements},
                     {"level", c.level},
                     {"verdict", name(c.verdict)},
                     {"reason", c.reason},
                     {"expected", c.expected},
                     {"observed", c.observed},
                     {"difference", c.difference},
                     {"clause", c.clause},
                     {"evidence", c.evidence},
                     {"source", c.source},
                     {"config", c.config},
                     {"accepted", c.accepted},
                     {"duration_us", c.duration_us}});
  }
  const Json document = {{"schema", "relayspec/results/2"},
                         {"tool", {{"name", "relayspec"}, {"version", run.tool_version}}},
                         {"relay", {{"name", run.relay_name}, {"version", run.relay_version}}},
                         {"dialect", run.dialect},
                         {"duration_ms", run.duration_ms},
                         {"counts", counts},
                         {"deviations", to_json(deviations_of(run.cases))},
                         {"choices", to_json(choices_of(run.cases))},
                         {"cases", cases},
                         {"no_longer_deviating", run.no_longer_deviating},
                         {"newly_skipped", run.newly_skipped},
                         {"no_longer_skipped", run.no_longer_skipped}};
  // What a relay says need not be UTF-8.
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace relayspec
