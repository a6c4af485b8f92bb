// SPDX-License-Identifier: Apache-2.0
// Baselines as they are written: one that fits a run, and its text.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <tuple>

#include "harness/text.h"
#include "harness/toml.h"
#include "relayspec/harness/baseline.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

bool is_deviation(Verdict v) { return v == Verdict::fail || v == Verdict::warn; }

std::string reason_to_give(const std::string& expected, const std::string& observed) {
  return one_line(fmt::format("still to be looked at: expected {}, observed {}", expected, observed));
}

// Those of the same difference are one entry, with all cases that show it.
void accept(std::vector<AcceptedDeviation>& fresh, AcceptedDeviation entry) {
  const auto what = [](const AcceptedDeviation& e) {
    return std::tie(e.case_id, e.requirement, e.field, e.differences);
  };
  const auto same =
      std::ranges::find_if(fresh, [&](const AcceptedDeviation& e) { return what(e) == what(entry); });
  if (same == fresh.end()) return fresh.push_back(std::move(entry));
  for (const std::string& id : entry.cases) {
    if (std::ranges::find(same->cases, id) == same->cases.end()) same->cases.push_back(id);
  }
}

void accept_rest(std::vector<AcceptedDeviation>& fresh, const CaseResult& c) {
  if (!is_deviation(c.verdict) || !c.accepted.empty()) return;
  for (const Finding& f : c.findings) {
    if (!is_deviation(f.verdict) || !f.accepted.empty()) continue;
    accept(fresh, {.requirement = f.requirement,
                   .field = f.field,
                   .differences = f.kind.empty() ? std::vector<std::string>() : std::vector{f.kind},
                   .cases = {c.id},
                   .kind = "unknown",
                   .reason = reason_to_give(f.expected, f.observed)});
  }
  if (c.findings.empty())
    accept(fresh, {.case_id = c.id, .kind = "unknown", .reason = reason_to_give(c.expected, c.observed)});
}

std::string line(const std::string& key, const std::string& value) {
  return value.empty() ? "" : fmt::format("{} = {}\n", key, toml_string(value));
}

std::string line(const std::string& key, const std::vector<std::string>& values) {
  if (values.empty()) return "";
  std::vector<std::string> strings;
  for (const std::string& value : values) strings.push_back(toml_string(value));
  if (strings.size() == 1) return fmt::format("{} = [{}]\n", key, strings.front());
  return fmt::format("{} = [\n  {},\n]\n", key, fmt::join(strings, ",\n  "));
}

}  // namespace

Baseline baseline_of(const RunResult& run, const Baseline& known) {
  RunResult judged = run;
  known.apply(judged);
  Baseline all{.version = run.relay_version};
  all.skipped = known.skipped.value_or(std::vector<std::string>());
  for (const CaseResult& c : run.cases) {
    const bool is_listed = std::ranges::any_of(
        *all.skipped, [&](const std::string& p) { return fnmatch(p.c_str(), c.id.c_str(), 0) == 0; });
    if (c.verdict == Verdict::skip && c.unjudged && !is_listed) all.skipped->push_back(c.id);
  }
  const auto is_gone = [&](const AcceptedDeviation& e) {
    return std::find(judged.no_longer_deviating.begin(), judged.no_longer_deviating.end(), e.name()) !=
           judged.no_longer_deviating.end();
  };
  for (const AcceptedDeviation& e : known.accepted) {
    const bool elsewhere = !e.dialect.empty() && e.dialect != run.dialect;
    if (elsewhere || !is_gone(e)) all.accepted.push_back(e);
  }
  std::vector<AcceptedDeviation> fresh;
  for (const CaseResult& c : judged.cases) accept_rest(fresh, c);
  all.accepted.insert(all.accepted.end(), fresh.begin(), fresh.end());
  return all;
}

std::string to_toml(const Baseline& baseline) {
  std::string text = line("version", baseline.version);
  if (baseline.skipped)
    text += baseline.skipped->empty() ? "skipped = []\n" : line("skipped", *baseline.skipped);
  for (const AcceptedDeviation& e : baseline.accepted) {
    text += "\n";
    if (const Requirement* r = Catalogue::shipped().find(e.requirement)) {
      text += fmt::format("# {}, {}: {}\n", r->level, Catalogue::shipped().clause(r->id), one_line(r->text));
    }
    text += "[[accepted]]\n" + line("case", e.case_id) + line("requirement", e.requirement) +
            line("field", e.field) + line("differences", e.differences) + line("cases", e.cases) +
            line("settings", e.settings) + line("dialect", e.dialect) + line("kind", e.kind) +
            line("reason", e.reason) + (e.sometimes ? "sometimes = true\n" : "");
  }
  return text;
}

}  // namespace relayspec
