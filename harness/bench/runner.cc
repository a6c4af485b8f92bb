// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/runner.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "harness/bench/case_run.h"
#include "harness/bench/repetitions.h"
#include "harness/suggest.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

// "17IsDiscarded" → "17-is-discarded", "ServerId" → "server-id", "ToPort_68IsDropped" →
// "to-port-68-is-dropped".
std::string in_words(std::string_view camel) {
  std::string s;
  for (const char c : camel) {
    const bool begins_word = c == '_' || std::isupper(static_cast<unsigned char>(c));
    if (begins_word && !s.empty() && s.back() != '-') s += '-';
    if (c != '_') s += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return s;
}

// From the folder of the suites on, whatever the build's own directory was.
std::string source_of(const CaseEntry& entry) {
  const std::string file = entry.file;
  const std::size_t from = file.rfind("testsuites/");
  return fmt::format("{}:{}", from == std::string::npos ? file : file.substr(from), entry.line);
}

CaseInfo head_of(const CaseEntry& entry) {
  const std::string suite = in_words(entry.suite);
  return {.id = suite + "/" + in_words(entry.name), .suite = suite, .source = source_of(entry)};
}

// The entries by id.
const CaseEntry& entry_of(const std::string& id) {
  static const std::map<std::string, const CaseEntry*> by_id = [] {
    std::map<std::string, const CaseEntry*> all;
    for (const CaseEntry& entry : registered_cases()) all.emplace(head_of(entry).id, &entry);
    return all;
  }();
  return *by_id.at(id);
}

CaseInfo run_case(TestBed* bed, const CaseEntry& entry, DryRun dry_run = {}) {
  const auto started = Clock::now();
  if (bed) bed->count_xids_of(static_cast<std::size_t>(&entry - registered_cases().data()));
  CaseRun run(bed, head_of(entry), dry_run);
  const auto one = entry.make();
  run.run([&] {
    one->bind(run);
    one->body();
  });
  run.finish(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started));
  return std::move(run.info);
}

void check_suites(const std::vector<CaseInfo>& cases, const std::vector<std::string>& suites) {
  std::vector<std::string> known;
  for (const CaseInfo& s : cases) {
    if (std::find(known.begin(), known.end(), s.suite) == known.end()) known.push_back(s.suite);
  }
  std::sort(known.begin(), known.end());
  for (const std::string& suite : suites) {
    if (std::find(known.begin(), known.end(), suite) != known.end()) continue;
    const std::string hint = did_you_mean(suite, known);
    throw InputError(fmt::format("--suite {}: there is no such suite{}", suite,
                                 hint.empty() ? "; there are " + join(known) : hint));
  }
}

[[noreturn]] void refuse_pattern(const std::vector<CaseInfo>& cases, const std::string& pattern) {
  std::vector<std::string> known;
  for (const CaseInfo& s : cases) known.push_back(s.id);
  const std::string hint = did_you_mean(pattern, known);
  throw InputError(fmt::format("--case {}: no case has such an id{} 'relayspec list' shows them all", pattern,
                               hint.empty() ? ";" : hint));
}

// With what the relay is started for a batch, as far as its cases don't change that.
std::optional<RelaySettings> settings_for(const TestBed& bed, const Batch& b) {
  const bool of_dialect = b.dialects.empty() ||
                          std::find(b.dialects.begin(), b.dialects.end(), bed.dialect()) != b.dialects.end();
  const RelaySettings settings = bed.completed(b.settings);
  return of_dialect && bed.can_be_set(settings) ? std::optional(settings) : std::nullopt;
}

}  // namespace

const std::vector<CaseInfo>& case_heads() {
  static const std::vector<CaseInfo> heads = [] {
    std::vector<CaseInfo> all;
    for (const CaseEntry& entry : registered_cases()) all.push_back(head_of(entry));
    return all;
  }();
  return heads;
}

std::optional<CaseInfo> describe_case(const std::string& id, Dialect dialect) {
  const auto& heads = case_heads();
  if (std::none_of(heads.begin(), heads.end(), [&](const CaseInfo& h) { return h.id == id; }))
    return std::nullopt;
  return run_case(nullptr, entry_of(id), {.dialect = dialect, .with_steps = true});
}

std::vector<CaseInfo> describe_cases(const std::vector<std::string>& ids) {
  const std::set<std::string> wanted(ids.begin(), ids.end());
  std::vector<CaseInfo> all;
  for (const CaseInfo& head : case_heads()) {
    if (wanted.contains(head.id)) all.push_back(run_case(nullptr, entry_of(head.id)));
  }
  return all;
}

const std::vector<CaseInfo>& describe_cases() {
  static const std::vector<CaseInfo> all = describe_cases(select(case_heads(), {}, {}));
  return all;
}

std::vector<std::string> select(const std::vector<CaseInfo>& cases, const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns) {
  check_suites(cases, suites);
  std::set<std::string> chosen;
  const auto add = [&](const std::string& pattern) {
    bool any = false;
    for (const CaseInfo& s : cases) {
      if (fnmatch(pattern.c_str(), s.id.c_str(), 0) != 0) continue;
      any = true;
      if (suites.empty() || std::find(suites.begin(), suites.end(), s.suite) != suites.end())
        chosen.insert(s.id);
    }
    if (!any) refuse_pattern(cases, pattern);
  };
  if (patterns.empty()) add("*");
  for (const std::string& pattern : patterns) add(pattern);
  if (chosen.empty()) throw InputError("--suite and --case together select no case; leave one of them out");
  std::vector<std::string> ids;
  for (const CaseInfo& s : cases) {
    if (chosen.contains(s.id)) ids.push_back(s.id);
  }
  return ids;
}

void run_batches(TestBed& bed, const NextBatch& next,
                 const std::function<void(const CaseResult&)>& progress) {
  const Batch* following = nullptr;
  for (const Batch* batch = next(); batch; batch = following ? following : next()) {
    // A lab that may wait for long does not take a batch that another lab could run meanwhile.
    following = may_wait(*batch) ? nullptr : next();
    bed.session().next = following ? settings_for(bed, *following) : std::nullopt;
    bed.starts_seen = 0;  // the first case of each batch answers for quirks, whatever ran before it
    for (const PlannedCase& planned : batch->cases) {
      const CaseEntry& entry = entry_of(planned.id);
      run_with_repetitions(bed, [&] { run_case(&bed, entry); });
      if (progress) progress(bed.results.back());
    }
  }
}

}  // namespace relayspec
