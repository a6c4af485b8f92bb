// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/baseline.h"

#include <fmt/format.h>

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

AcceptedDeviation read_entry(const TomlTable& entry, std::span<const std::string> known_cases) {
  entry.allow_only({"case", "requirement", "field", "dialect", "kind", "reason", "sometimes"});
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
  return accepted;
}

std::string words_of(const AcceptedDeviation& e) {
  return e.kind.empty() ? e.reason : fmt::format("{}: {}", e.kind, e.reason);
}

bool accepts(const AcceptedDeviation& e, const Finding& f) {
  if (e.requirement != f.requirement) return false;
  return e.field.empty() ? f.field != field_of_all_replies : e.field == f.field;
}

/// The entry that accepts a finding of this case, or null.
const AcceptedDeviation* entry_for(const std::vector<AcceptedDeviation>& entries, const CaseResult& c,
                                   const Finding& f) {
  const auto fits = [&](const AcceptedDeviation& e) {
    return e.case_id.empty() ? accepts(e, f) : e.case_id == c.id;
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
  const bool found = std::any_of(c.findings.begin(), c.findings.end(),
                                 [&](const Finding& f) { return accepts(e, f) && deviates(f.verdict); });
  if (found) return true;
  const bool covers =
      std::find(c.requirements.begin(), c.requirements.end(), e.requirement) != c.requirements.end();
  return covers ? std::optional(false) : std::nullopt;
}

bool is_needless(const AcceptedDeviation& e, const std::vector<CaseResult>& cases) {
  bool judged = false;
  for (const CaseResult& c : cases) {
    const auto deviates_here = deviates_at(e, c);
    if (deviates_here.value_or(false)) return false;
    judged |= deviates_here.has_value();
  }
  return judged;
}

}  // namespace

std::string AcceptedDeviation::name() const {
  const std::string id = case_id + requirement;
  return field.empty() ? id : fmt::format("{} ({})", id, field);
}

Baseline Baseline::load(const std::string& path, std::span<const std::string> known_cases) {
  return parse(read_input_file(path), path, known_cases);
}

Baseline Baseline::parse(std::string_view text, const std::string& path,
                         std::span<const std::string> known_cases) {
  const toml::table table = parse_toml(text, path);
  const TomlTable file(table, path, "the baseline");
  file.allow_only({"version", "accepted"});
  Baseline baseline;
  if (file.has("version")) {
    baseline.version = file.text("version");
    baseline.version_where = file.where("version");
  }
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
  for (CaseResult& c : run.cases) accept(c, entries);
  for (const AcceptedDeviation& e : entries) {
    if (!e.sometimes && is_needless(e, run.cases)) run.no_longer_deviating.push_back(e.name());
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
