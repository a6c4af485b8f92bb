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

AcceptedDeviation read_entry(const TomlTable& entry, std::span<const std::string> known_cases) {
  entry.allow_only({"case", "requirement", "reason"});
  AcceptedDeviation accepted{.reason = entry.text("reason"), .where = entry.where()};
  if (entry.has("case") == entry.has("requirement")) {
    entry.complain(entry.has("case") ? "requirement" : "",
                   entry.has("case") ? "an entry has either 'case' or 'requirement'; make two entries of it"
                                     : "[[accepted]] has no 'case' and no 'requirement'; add one of them");
  }
  if (entry.has("case")) {
    accepted.case_id = entry.text("case");
    require_known_case(entry, accepted.case_id, known_cases);
  } else {
    accepted.requirement = entry.text("requirement");
    require_known_requirement(entry, accepted.requirement);
  }
  return accepted;
}

/// The entry that accepts a finding of this case, or null.
const AcceptedDeviation* entry_for(const std::vector<AcceptedDeviation>& entries, const CaseResult& c,
                                   const Finding& f) {
  const auto fits = [&](const AcceptedDeviation& e) {
    return e.case_id.empty() ? e.requirement == f.requirement : e.case_id == c.id;
  };
  const auto entry = std::find_if(entries.begin(), entries.end(), fits);
  return entry == entries.end() ? nullptr : &*entry;
}

void accept(CaseResult& c, const std::vector<AcceptedDeviation>& entries) {
  c.accepted.clear();
  if (!deviates(c.verdict)) return;
  for (const AcceptedDeviation& e : entries) {
    if (e.case_id == c.id) c.accepted = e.reason;
  }
  bool all = true;
  std::string reason;
  for (Finding& f : c.findings) {
    if (!deviates(f.verdict)) continue;
    const AcceptedDeviation* entry = entry_for(entries, c, f);
    f.accepted = entry ? entry->reason : "";
    all &= entry != nullptr;
    if (reason.empty()) reason = f.accepted;
  }
  if (c.accepted.empty() && all) c.accepted = reason;
}

/// Whether a case deviates where the entry accepts it; nothing when it does not judge that.
std::optional<bool> deviates_at(const AcceptedDeviation& e, const CaseResult& c) {
  if (c.verdict == Verdict::skip || c.verdict == Verdict::error) return std::nullopt;
  if (!e.case_id.empty()) return c.id == e.case_id ? std::optional(deviates(c.verdict)) : std::nullopt;
  const bool found = std::any_of(c.findings.begin(), c.findings.end(), [&](const Finding& f) {
    return f.requirement == e.requirement && deviates(f.verdict);
  });
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

Baseline Baseline::load(const std::string& path, std::span<const std::string> known_cases) {
  return parse(read_input_file(path), path, known_cases);
}

Baseline Baseline::parse(std::string_view text, const std::string& path,
                         std::span<const std::string> known_cases) {
  const toml::table table = parse_toml(text, path);
  const TomlTable file(table, path, "the baseline");
  file.allow_only({"accepted"});
  Baseline baseline;
  std::map<std::string, std::string> seen;  // case or requirement → where
  for (const TomlTable& row : file.tables("accepted")) {
    const AcceptedDeviation entry = read_entry(row, known_cases);
    const auto [earlier, is_new] = seen.emplace(entry.case_id + entry.requirement, entry.where);
    if (!is_new) {
      row.complain(
          entry.case_id.empty() ? "requirement" : "case",
          fmt::format("'{}' is listed in {} already; keep one of the two", earlier->first, earlier->second));
    }
    baseline.accepted.push_back(entry);
  }
  return baseline;
}

void Baseline::apply(RunResult& run) const {
  run.no_longer_deviating.clear();
  for (CaseResult& c : run.cases) accept(c, accepted);
  for (const AcceptedDeviation& e : accepted) {
    if (is_needless(e, run.cases)) run.no_longer_deviating.push_back(e.case_id + e.requirement);
  }
}

}  // namespace relayspec
