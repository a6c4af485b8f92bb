// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/baseline.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/suggest.h"
#include "harness/toml.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

bool deviates(Verdict v) { return v == Verdict::fail || v == Verdict::warn; }

void require_known_case(const TomlTable& entry, const std::string& id, std::span<const std::string> known) {
  if (std::find(known.begin(), known.end(), id) != known.end()) return;
  const std::string hint = did_you_mean(id, known);
  entry.complain("case", fmt::format("there is no case '{}'{}", id,
                                     hint.empty() ? "; 'relayspec list' shows them all" : hint));
}

void require_known_requirement(const TomlTable& entry, const std::string& id) {
  const Catalogue& catalogue = Catalogue::shipped();
  if (catalogue.find(id)) return;
  const std::string near = catalogue.nearest_id(id);
  entry.complain("requirement", fmt::format("there is no requirement '{}'; {}", id,
                                            near.empty() ? "'relayspec requirements' shows them all"
                                                         : fmt::format("did you mean '{}'?", near)));
}

/// One of some words, or none.
std::string read_choice(const TomlTable& entry, const std::string& key,
                        const std::vector<std::string>& words) {
  if (!entry.has(key)) return "";
  std::string word = entry.text(key);
  if (std::find(words.begin(), words.end(), word) == words.end())
    entry.complain(key, fmt::format("'{}' is '{}'; it must be one of {}", key, word, join(words)));
  return word;
}

bool fits_pattern(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

bool fits_one_of(const std::vector<std::string>& patterns, const std::string& text) {
  return patterns.empty() ||
         std::ranges::any_of(patterns, [&](const std::string& p) { return fits_pattern(p, text); });
}

void require_case_that_fits(const TomlTable& entry, const std::string& key, const std::string& pattern,
                            std::span<const std::string> known) {
  if (std::ranges::any_of(known, [&](const std::string& id) { return fits_pattern(pattern, id); })) return;
  const std::string hint = did_you_mean(pattern, known);
  entry.complain(key, fmt::format("no case is called '{}'{}", pattern,
                                  hint.empty() ? "; 'relayspec list' shows them all" : hint));
}

void read_narrowing(AcceptedDeviation& accepted, const TomlTable& entry,
                    std::span<const std::string> known_cases) {
  for (const auto& [key, values] :
       {std::pair("differences", &accepted.differences), std::pair("cases", &accepted.cases),
        std::pair("settings", &accepted.settings)}) {
    *values = entry.texts(key);
    if (entry.has(key) && !accepted.case_id.empty())
      entry.complain(key, fmt::format("'{}' goes with 'requirement'; a case is accepted as a whole", key));
    if (entry.has(key) && values->empty())
      entry.complain(key, fmt::format("'{}' is empty, so that nothing is accepted; leave it out", key));
    if (std::ranges::find(*values, "") != values->end())
      entry.complain(key, fmt::format("what '{}' lists is empty; take it out", key));
  }
  for (const std::string& pattern : accepted.cases)
    require_case_that_fits(entry, "cases", pattern, known_cases);
}

AcceptedDeviation read_entry(const TomlTable& entry, std::span<const std::string> known_cases) {
  entry.allow_only({"case", "requirement", "field", "differences", "cases", "settings", "dialect", "kind",
                    "reason", "sometimes"});
  AcceptedDeviation accepted{.dialect = read_choice(entry, "dialect", {"rfc", "strict", "proxy"}),
                             .kind = read_choice(entry, "kind", {"bug", "choice", "unknown"}),
                             .reason = entry.text("reason"),
                             .sometimes = entry.boolean_or("sometimes", false),
                             .where = entry.where()};
  if (entry.has("case") == entry.has("requirement")) {
    entry.complain(entry.has("case") ? "requirement" : "",
                   entry.has("case") ? "an entry has either 'case' or 'requirement'; make two entries of it"
                                     : "[[accepted]] has no 'case' and no 'requirement'; add one of them");
  }
  if (entry.has("case")) {
    accepted.case_id = entry.text("case");
    require_known_case(entry, accepted.case_id, known_cases);
    if (entry.has("field"))
      entry.complain("field", "'field' goes with 'requirement'; a case is accepted as a whole");
  } else {
    accepted.requirement = entry.text("requirement");
    require_known_requirement(entry, accepted.requirement);
    if (entry.has("field")) accepted.field = entry.text("field");
  }
  read_narrowing(accepted, entry, known_cases);
  return accepted;
}

std::string words_of(const AcceptedDeviation& e) {
  return e.kind.empty() ? e.reason : fmt::format("{}: {}", e.kind, e.reason);
}

bool has_field(const AcceptedDeviation& e, const Finding& f) {
  return e.field.empty() ? f.field != field_of_all_replies : e.field == f.field;
}

// An unexpected message that comes after the end of its case is late. Whether it does depends on how busy the
// machine is.
bool has_difference(const AcceptedDeviation& e, const Finding& f) {
  const std::string kind = f.kind == "late" ? "unexpected" : f.kind;
  return e.differences.empty() || std::ranges::find(e.differences, f.kind) != e.differences.end() ||
         std::ranges::find(e.differences, kind) != e.differences.end();
}

/// Whether the entry says anything about this case.
bool is_for(const AcceptedDeviation& e, const CaseResult& c) {
  return fits_one_of(e.cases, c.id) && fits_one_of(e.settings, c.config);
}

bool is_about(const AcceptedDeviation& e, const Finding& f) {
  return e.requirement == f.requirement && has_field(e, f) && has_difference(e, f);
}

bool accepts(const AcceptedDeviation& e, const CaseResult& c, const Finding& f) {
  return is_about(e, f) && is_for(e, c);
}

std::string quoted(const std::vector<std::string>& words) {
  constexpr std::size_t most = 3;
  std::vector<std::string> some;
  for (std::size_t i = 0; i < std::min(most, words.size()); ++i) some.push_back("'" + words[i] + "'");
  return join(some) + (words.size() > most ? fmt::format(" and {} more", words.size() - most) : "");
}

/// What keeps an entry with the requirement of a finding from accepting it.
std::string what_differs(const AcceptedDeviation& e, const CaseResult& c, const Finding& f,
                         const std::string& dialect) {
  if (!e.dialect.empty() && e.dialect != dialect)
    return fmt::format("in the dialect {}, and this is {}", e.dialect, dialect);
  if (!has_field(e, f))
    return fmt::format("for {}, and this is '{}'", e.field.empty() ? "single messages" : "'" + e.field + "'",
                       f.field);
  if (!has_difference(e, f))
    return fmt::format("for the difference {}, and this is '{}'", quoted(e.differences), f.kind);
  if (!fits_one_of(e.cases, c.id))
    return fmt::format("in the cases {}; if this is the same, add the case there", quoted(e.cases));
  return fmt::format("under the settings {}, and these are '{}'", quoted(e.settings), c.config);
}

/// The entry that comes nearest: of those with the field, one with the difference.
const AcceptedDeviation* nearest_entry(const std::vector<AcceptedDeviation>& all, const Finding& f,
                                       const std::string& dialect) {
  const auto nearness = [&](const AcceptedDeviation& e) {
    const bool of_dialect = e.dialect.empty() || e.dialect == dialect;
    return !of_dialect ? 0 : !has_field(e, f) ? 1 : !has_difference(e, f) ? 2 : 3;
  };
  const AcceptedDeviation* nearest = nullptr;
  for (const AcceptedDeviation& e : all) {
    if (e.requirement == f.requirement && (!nearest || nearness(e) > nearness(*nearest))) nearest = &e;
  }
  return nearest;
}

/// For each finding of a case that stays open though an entry has its requirement, a line that says why.
void explain_open_findings(const CaseResult& c, const std::vector<AcceptedDeviation>& all, RunResult& run) {
  if (!deviates(c.verdict) || !c.accepted.empty()) return;
  for (const Finding& f : c.findings) {
    if (!deviates(f.verdict) || !f.accepted.empty()) continue;
    const AcceptedDeviation* e = nearest_entry(all, f, run.dialect);
    if (!e) continue;
    const std::string text = fmt::format("{}: {} is accepted in {} only {}", c.id, f.requirement, e->where,
                                         what_differs(*e, c, f, run.dialect));
    if (std::ranges::find(run.beyond_baseline, text) == run.beyond_baseline.end())
      run.beyond_baseline.push_back(text);
  }
}

/// The entry that accepts a finding of this case, or null.
const AcceptedDeviation* entry_for(const std::vector<AcceptedDeviation>& entries, const CaseResult& c,
                                   const Finding& f) {
  const auto fits = [&](const AcceptedDeviation& e) {
    return e.case_id.empty() ? accepts(e, c, f) : e.case_id == c.id;
  };
  const auto entry = std::find_if(entries.begin(), entries.end(), fits);
  return entry == entries.end() ? nullptr : &*entry;
}

void accept(CaseResult& c, const std::vector<AcceptedDeviation>& entries) {
  c.accepted.clear();
  if (!deviates(c.verdict)) return;
  for (const AcceptedDeviation& e : entries) {
    if (e.case_id == c.id) c.accepted = words_of(e);
  }
  bool all = true;
  std::string reason;
  for (Finding& f : c.findings) {
    if (!deviates(f.verdict)) continue;
    const AcceptedDeviation* entry = entry_for(entries, c, f);
    f.accepted = entry ? words_of(*entry) : "";
    all &= entry != nullptr;
    if (reason.empty()) reason = f.accepted;
  }
  if (c.accepted.empty() && all) c.accepted = reason;
}

/// Whether a case deviates where the entry accepts it; nothing when it does not judge that.
std::optional<bool> deviates_at(const AcceptedDeviation& e, const CaseResult& c) {
  if (c.verdict == Verdict::skip || c.verdict == Verdict::error) return std::nullopt;
  if (!e.case_id.empty()) return c.id == e.case_id ? std::optional(deviates(c.verdict)) : std::nullopt;
  if (!is_for(e, c)) return std::nullopt;
  const bool found = std::any_of(c.findings.begin(), c.findings.end(),
                                 [&](const Finding& f) { return accepts(e, c, f) && deviates(f.verdict); });
  if (found) return true;
  // A case that is named is there to judge it, whatever it covers.
  const bool covers = !e.cases.empty() || std::find(c.requirements.begin(), c.requirements.end(),
                                                    e.requirement) != c.requirements.end();
  return covers ? std::optional(false) : std::nullopt;
}

bool cannot_be_judged(const CaseResult& c) { return c.verdict == Verdict::skip && c.unjudged; }

bool is_listed(const std::vector<std::string>& patterns, const std::string& id) {
  return !patterns.empty() && fits_one_of(patterns, id);
}

/// Whether cases that the pattern fits were judged, and none is skipped for what does not work.
bool is_skipped_no_longer(const std::string& pattern, const std::vector<CaseResult>& cases) {
  bool judged = false;
  for (const CaseResult& c : cases) {
    if (!fits_pattern(pattern, c.id)) continue;
    if (cannot_be_judged(c)) return false;
    judged |= c.verdict != Verdict::skip && c.verdict != Verdict::error;
  }
  return judged;
}

void hold_to_skipped(const Baseline& baseline, RunResult& run) {
  run.newly_skipped.clear();
  run.no_longer_skipped.clear();
  if (!baseline.skipped) return;
  for (const CaseResult& c : run.cases) {
    if (cannot_be_judged(c) && !is_listed(*baseline.skipped, c.id) &&
        !is_listed(baseline.sometimes_skipped, c.id))
      run.newly_skipped.push_back(c.id);
  }
  for (const std::string& pattern : *baseline.skipped) {
    if (is_skipped_no_longer(pattern, run.cases)) run.no_longer_skipped.push_back(pattern);
  }
}

void read_skipped(Baseline& baseline, const TomlTable& file, std::span<const std::string> known_cases) {
  if (file.has("skipped")) baseline.skipped = file.texts("skipped");
  baseline.sometimes_skipped = file.texts("sometimes_skipped");
  if (file.has("sometimes_skipped") && !baseline.skipped)
    file.complain("sometimes_skipped", "'sometimes_skipped' goes with 'skipped'; add 'skipped = []'");
  for (const std::string& pattern : baseline.skipped.value_or(std::vector<std::string>()))
    require_case_that_fits(file, "skipped", pattern, known_cases);
  for (const std::string& pattern : baseline.sometimes_skipped)
    require_case_that_fits(file, "sometimes_skipped", pattern, known_cases);
}

/// An entry for several differences, as one for each.
std::vector<AcceptedDeviation> by_difference(const AcceptedDeviation& e) {
  if (e.differences.size() < 2) return {e};
  std::vector<AcceptedDeviation> parts(e.differences.size(), e);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].differences = {e.differences[i]};
  return parts;
}

bool is_needless(const AcceptedDeviation& e, const std::vector<CaseResult>& cases) {
  // In a run of some cases it may be one of the others that shows it.
  const auto is_run = [&](const std::string& pattern) {
    return std::ranges::any_of(cases, [&](const CaseResult& c) { return fits_pattern(pattern, c.id); });
  };
  if (!std::ranges::all_of(e.cases, is_run)) return false;
  bool judged = false;
  for (const CaseResult& c : cases) {
    const auto deviates_here = deviates_at(e, c);
    if (deviates_here.value_or(false)) return false;
    judged |= deviates_here.has_value();
  }
  return judged;
}

}  // namespace

bool AcceptedDeviation::accepts_in_some_case(const CaseResult& c, const Finding& f,
                                             const std::string& of_dialect) const {
  return (dialect.empty() || dialect == of_dialect) && is_about(*this, f) && fits_one_of(settings, c.config);
}

std::string AcceptedDeviation::name() const {
  std::string name = case_id + requirement;
  if (!field.empty()) name += fmt::format(" ({})", field);
  for (const auto& [front, words] :
       {std::pair(": ", &differences), std::pair(" in ", &cases), std::pair(" with ", &settings)}) {
    if (!words->empty()) name += front + fmt::format("{}", fmt::join(*words, ", "));
  }
  return name;
}

Baseline Baseline::load(const std::string& path, std::span<const std::string> known_cases) {
  return parse(read_input_file(path), path, known_cases);
}

Baseline Baseline::parse(std::string_view text, const std::string& path,
                         std::span<const std::string> known_cases) {
  const toml::table table = parse_toml(text, path);
  const TomlTable file(table, path, "the baseline");
  file.allow_only({"version", "skipped", "sometimes_skipped", "accepted"});
  Baseline baseline;
  if (file.has("version")) {
    baseline.version = file.text("version");
    baseline.version_where = file.where("version");
  }
  read_skipped(baseline, file, known_cases);
  std::map<std::string, std::string> seen;  // what an entry is for → where
  for (const TomlTable& row : file.tables("accepted")) {
    const AcceptedDeviation entry = read_entry(row, known_cases);
    const auto [earlier, is_new] = seen.emplace(entry.name() + " " + entry.dialect, entry.where);
    if (!is_new) {
      row.complain(
          entry.case_id.empty() ? "requirement" : "case",
          fmt::format("'{}' is listed in {} already; keep one of the two", entry.name(), earlier->second));
    }
    baseline.accepted.push_back(entry);
  }
  return baseline;
}

void Baseline::apply(RunResult& run) const {
  std::vector<AcceptedDeviation> entries;
  for (const AcceptedDeviation& e : accepted) {
    if (e.dialect.empty() || e.dialect == run.dialect) entries.push_back(e);
  }
  run.no_longer_deviating.clear();
  run.beyond_baseline.clear();
  for (CaseResult& c : run.cases) {
    accept(c, entries);
    explain_open_findings(c, accepted, run);
  }
  hold_to_skipped(*this, run);
  for (const AcceptedDeviation& e : entries) {
    if (e.sometimes) continue;
    for (const AcceptedDeviation& part : by_difference(e)) {
      if (is_needless(part, run.cases)) run.no_longer_deviating.push_back(part.name());
    }
  }
}

std::string Baseline::remark_on_version(const RunResult& run) const {
  if (version.empty() || version == run.relay_version) return "";
  return fmt::format(
      "{}: the baseline is of '{}', and this relay is '{}': look whether its reasons still hold, and write "
      "this version there",
      version_where, version, run.relay_version);
}

}  // namespace relayspec
