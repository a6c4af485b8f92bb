// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/judge.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>

namespace relayspec::trial {
namespace {

bool fits(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

struct Breach {
  std::string way, requirement;
};

Breach breach_in(const std::string& broken) {
  const auto space = broken.find(' ');
  return {broken.substr(0, space), broken.substr(space + 1)};
}

// Whether the case that is there to find the fault does so, and as it should.
std::vector<std::string> complaints_about_finder(const Fault& f, const Outcome& o, bool alone) {
  const auto found =
      std::find_if(o.changes.begin(), o.changes.end(), [&](const Change& c) { return c.id == f.finder; });
  if (found == o.changes.end()) return {fmt::format("{}: {} does not find it", f.name, f.finder)};
  // What shows in every message is held against the relay in one case of a start: here, when it is the only
  // one.
  const bool held_here = alone && found->verdict == "fail";
  if (found->verdict != f.verdict && !held_here)
    return {fmt::format("{}: {} says {} in place of {}", f.name, f.finder, found->verdict, f.verdict)};
  if (!breaks(*found, f.requirement)) {
    return {fmt::format("{}: {} finds it, but not by {}: {}", f.name, f.finder, f.requirement,
                        fmt::join(found->broken, ", "))};
  }
  return {};
}

}  // namespace

bool breaks(const Change& c, const std::string& requirement) {
  return std::any_of(c.broken.begin(), c.broken.end(),
                     [&](const std::string& b) { return breach_in(b).requirement == requirement; });
}

bool has_cause(const Fault& f, const Change& c) {
  if (breaks(c, f.requirement)) return true;
  return std::any_of(c.broken.begin(), c.broken.end(), [&](const std::string& b) {
    const Breach breach = breach_in(b);
    return std::any_of(f.causes.begin(), f.causes.end(), [&](const std::string& cause) {
      return cause == breach.way || fits(cause, breach.requirement) || fits(cause, c.id);
    });
  });
}

std::vector<std::string> complaints_about_errors(const std::string& name, const Outcome& o) {
  std::map<std::string, std::vector<std::string>> unjudged;
  for (const Change& c : o.changes) {
    if (c.verdict == "error") unjudged[c.reason].push_back(c.id);
  }
  std::vector<std::string> all;
  for (const auto& [reason, ids] : unjudged) {
    const std::string others = ids.size() > 1 ? fmt::format(" and {} more", ids.size() - 1) : "";
    all.push_back(fmt::format("{}: {}{} could not judge: {}", name, ids.front(), others, reason));
  }
  return all;
}

std::vector<std::string> complaints_about(const Fault& f, const Outcome& o, bool alone) {
  if (!o.trouble.empty()) return {fmt::format("{}: {}", f.name, o.trouble)};
  auto all = complaints_about_finder(f, o, alone);
  for (const Change& c : o.changes) {
    if (c.verdict == "error" || has_cause(f, c) || (alone && c.id == f.finder)) continue;
    all.push_back(fmt::format("{}: {} says {} without a cause: {} ({})", f.name, c.id, c.verdict, c.reason,
                              fmt::join(c.broken, ", ")));
  }
  const auto errors = complaints_about_errors(f.name, o);
  all.insert(all.end(), errors.begin(), errors.end());
  return all;
}

}  // namespace relayspec::trial
