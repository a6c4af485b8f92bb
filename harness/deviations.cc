// SPDX-License-Identifier: Apache-2.0
#include "harness/deviations.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "harness/deviation_groups.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

/// All findings of a case. One that has failed without any is not lost: its own reason stands for them.
std::vector<Sample> samples_of(const CaseResult& c) {
  std::vector<Sample> samples;
  for (const Finding& f : c.findings) samples.push_back({&c, f});
  if (samples.empty() && (c.verdict == Verdict::fail || c.verdict == Verdict::warn)) {
    samples.push_back({&c,
                       {.verdict = c.verdict,
                        .requirement = c.requirements.empty() ? "" : c.requirements.front(),
                        .reason = c.reason,
                        .expected = c.expected,
                        .observed = c.observed,
                        .accepted = c.accepted}});
  }
  return samples;
}

/// "option 82 11 octets [01 09 64 …]" → "option 82 11 octets"
std::string without_octets(std::string_view text) {
  std::string bare;
  for (;;) {
    const std::size_t from = text.find(" ["), to = text.find(']', from);
    if (to == std::string_view::npos) return bare.append(text);
    const std::string_view run = text.substr(from + 2, to - from - 2);
    const bool hexadecimal = run.size() >= 2 && std::isxdigit(static_cast<unsigned char>(run[0])) &&
                             std::isxdigit(static_cast<unsigned char>(run[1])) &&
                             (run.size() == 2 || run[2] == ' ');
    bare.append(text.substr(0, hexadecimal ? from : to + 1));
    text.remove_prefix(to + 1);
  }
}

/// The reason of a finding, as far as `expected` and `observed` do not say it again.
std::string reason_of(const Finding& f) {
  return without_octets(f.reason.substr(0, f.reason.find(": expected ")));
}

/// Each without the field in front, which stands beside it, and without octets where they differ without
/// them.
void shorten(std::string& expected, std::string& observed, const std::string& field) {
  const std::string front = field + " ";
  if (expected.starts_with(front) && observed.starts_with(front)) {
    expected.erase(0, front.size());
    observed.erase(0, front.size());
  }
  const std::string bare_expected = without_octets(expected), bare_observed = without_octets(observed);
  if (bare_expected == bare_observed) return;
  expected = bare_expected;
  observed = bare_observed;
}

int rank(Verdict v) { return v == Verdict::fail ? 0 : v == Verdict::warn ? 1 : 2; }

/// The worst first, news before what is accepted, the shortest capture first.
bool shows_better(const Sample& a, const Sample& b) {
  const auto key = [](const Sample& s) {
    return std::tuple(rank(s.finding.verdict), !s.finding.accepted.empty(), s.of->frames.size());
  };
  return key(a) < key(b);
}

void take_example(Deviation& d, const Sample& example) {
  const Finding& f = example.finding;
  d.verdict = f.verdict;
  d.case_id = example.of->id;
  d.evidence = example.of->evidence;
  d.settings = example.of->config;
  d.reason = reason_of(f);
  d.expected = f.expected;
  d.observed = f.observed;
  shorten(d.expected, d.observed, f.field);
  d.octets = f.octets;
  d.combination = f.combination;
  d.exhibit = f.exhibit;
}

void count_combination(Deviation& d, const std::string& combination) {
  if (combination.empty()) return;
  const auto known = std::find_if(d.combinations.begin(), d.combinations.end(),
                                  [&](const auto& counted) { return counted.first == combination; });
  if (known != d.combinations.end()) {
    ++known->second;
  } else {
    d.combinations.emplace_back(combination, 1);
  }
}

Deviation deviation_of(const Group& group) {
  const auto& [key, samples] = group;
  const auto& [requirement, field, kind] = key;
  Deviation d{.requirement = requirement, .field = field, .kind = kind};
  if (const Requirement* r = Catalogue::shipped().find(d.requirement)) {
    d.level = r->level;
    d.clause = Catalogue::shipped().clause(d.requirement);
  }
  take_example(d, *std::min_element(samples.begin(), samples.end(), shows_better));
  d.findings = samples.size();
  for (const Sample& s : samples) {
    count_combination(d, s.finding.combination);
    if (std::find(d.cases.begin(), d.cases.end(), s.of->id) == d.cases.end()) d.cases.push_back(s.of->id);
  }
  if (is_accepted(samples)) d.accepted = samples.front().finding.accepted;
  return d;
}

std::vector<Deviation> grouped(const std::vector<CaseResult>& cases, bool notes) {
  Groups groups;
  for (const CaseResult& c : cases) {
    for (const Sample& s : samples_of(c)) {
      const Finding& f = s.finding;
      if ((f.verdict == Verdict::note) == notes) groups[{f.requirement, f.field, f.kind}].push_back(s);
    }
  }
  fold_groups(groups);
  std::vector<Deviation> deviations;
  for (const Group& group : groups) deviations.push_back(deviation_of(group));
  const auto place = [](const Deviation& d) {
    return std::tuple(!d.accepted.empty(), rank(d.verdict), rank_of_level(d.level),
                      -static_cast<long>(d.cases.size()));
  };
  std::stable_sort(deviations.begin(), deviations.end(),
                   [&](const Deviation& a, const Deviation& b) { return place(a) < place(b); });
  return deviations;
}

}  // namespace

std::vector<Deviation> deviations_of(const std::vector<CaseResult>& cases) { return grouped(cases, false); }

std::vector<Deviation> choices_of(const std::vector<CaseResult>& cases) { return grouped(cases, true); }

}  // namespace relayspec
