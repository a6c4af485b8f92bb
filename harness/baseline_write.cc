// SPDX-License-Identifier: Apache-2.0
// Baselines as they are written: one that fits a run, and its text.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
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

// Those of the same difference are one entry, with all cases that show it, or none where every message does.
void accept(std::vector<AcceptedDeviation>& fresh, AcceptedDeviation entry) {
  const auto what = [](const AcceptedDeviation& e) {
    return std::tie(e.case_id, e.requirement, e.field, e.differences);
  };
  const auto same =
      std::ranges::find_if(fresh, [&](const AcceptedDeviation& e) { return what(e) == what(entry); });
  if (same == fresh.end()) return fresh.push_back(std::move(entry));
  if (entry.cases.empty()) same->cases.clear();
  if (same->cases.empty()) return;
  for (const std::string& id : entry.cases) {
    if (std::ranges::find(same->cases, id) == same->cases.end()) same->cases.push_back(id);
  }
}

bool is_among(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

/// The entry whose difference a further case shows gets that case: its reason holds for it, too.
bool add_case(std::vector<AcceptedDeviation>& known, const CaseResult& c, const Finding& f,
              const std::string& dialect) {
  for (AcceptedDeviation& e : known) {
    if (e.differences.empty() || e.cases.empty() || !e.accepts_in_some_case(c, f, dialect)) continue;
    if (!is_among(e.cases, c.id)) e.cases.push_back(c.id);
    return true;
  }
  return false;
}

void accept_rest(std::vector<AcceptedDeviation>& known, std::vector<AcceptedDeviation>& fresh,
                 const CaseResult& c, const std::string& dialect) {
  if (!is_deviation(c.verdict) || !c.accepted.empty()) return;
  for (const Finding& f : c.findings) {
    if (!is_deviation(f.verdict) || !f.accepted.empty()) continue;
    if (!f.everywhere && add_case(known, c, f, dialect)) continue;
    accept(fresh, {.requirement = f.requirement,
                   .field = f.field,
                   .differences = f.kind.empty() ? std::vector<std::string>() : std::vector{f.kind},
                   .cases = f.everywhere ? std::vector<std::string>() : std::vector{c.id},
                   .kind = "unknown",
                   .reason = reason_to_give(f.expected, f.observed)});
  }
  if (c.findings.empty())
    accept(fresh, {.case_id = c.id, .kind = "unknown", .reason = reason_to_give(c.expected, c.observed)});
}

/// What of an entry still deviates; nothing when none of it does.
std::optional<AcceptedDeviation> without_what_is_gone(AcceptedDeviation e,
                                                      const std::vector<std::string>& no_longer_deviating) {
  if (is_among(no_longer_deviating, e.name())) return std::nullopt;
  const std::size_t before = e.differences.size();
  AcceptedDeviation part = e;
  std::erase_if(e.differences, [&](const std::string& difference) {
    part.differences = {difference};
    return is_among(no_longer_deviating, part.name());
  });
  return before != 0 && e.differences.empty() ? std::nullopt : std::optional(e);
}

std::vector<std::string> skipped_of(const RunResult& judged, const Baseline& known) {
  std::vector<std::string> all;
  for (const std::string& pattern : known.skipped.value_or(std::vector<std::string>())) {
    if (!is_among(judged.no_longer_skipped, pattern)) all.push_back(pattern);
  }
  all.insert(all.end(), judged.newly_skipped.begin(), judged.newly_skipped.end());
  return all;
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
  Baseline held = known;  // also to what is skipped
  if (!held.skipped) held.skipped.emplace();
  held.apply(judged);
  Baseline all{.version = run.relay_version};
  all.skipped = skipped_of(judged, known);
  all.sometimes_skipped = known.sometimes_skipped;
  for (const AcceptedDeviation& e : known.accepted) {
    const bool elsewhere = !e.dialect.empty() && e.dialect != run.dialect;
    if (elsewhere)
      all.accepted.push_back(e);
    else if (const auto rest = without_what_is_gone(e, judged.no_longer_deviating))
      all.accepted.push_back(*rest);
  }
  std::vector<AcceptedDeviation> fresh;
  for (const CaseResult& c : judged.cases) accept_rest(all.accepted, fresh, c, run.dialect);
  all.accepted.insert(all.accepted.end(), fresh.begin(), fresh.end());
  return all;
}

std::string to_toml(const Baseline& baseline) {
  std::string text = line("version", baseline.version);
  if (baseline.skipped)
    text += baseline.skipped->empty() ? "skipped = []\n" : line("skipped", *baseline.skipped);
  text += line("sometimes_skipped", baseline.sometimes_skipped);
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
