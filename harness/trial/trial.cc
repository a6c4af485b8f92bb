// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/trial.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <fstream>
#include <map>

#include "harness/bench/runner.h"
#include "harness/toml.h"
#include "harness/trial/judge.h"
#include "harness/trial/pairs.h"
#include "harness/trial/run.h"
#include "relayspec/harness/lab.h"

namespace relayspec::trial {
namespace {

// Keeps the rows whose name fits one of the patterns; all of them without patterns.
template <class Row, class Name>
void keep_only(std::vector<Row>& rows, const std::string& option, const std::vector<std::string>& patterns,
               Name name) {
  const auto fits = [&](const Row& row, const std::string& pattern) {
    return fnmatch(pattern.c_str(), name(row).c_str(), 0) == 0;
  };
  for (const std::string& p : patterns) {
    if (std::none_of(rows.begin(), rows.end(), [&](const Row& row) { return fits(row, p); }))
      throw InputError(fmt::format("{} {}: the table has no such name", option, p));
  }
  if (patterns.empty()) return;
  std::erase_if(rows, [&](const Row& row) {
    return std::none_of(patterns.begin(), patterns.end(), [&](const auto& p) { return fits(row, p); });
  });
}

// Faults that show in every message take longest, and those by which a message never comes.
bool takes_long(const Fault& f) {
  return f.finder.starts_with("dora/") ||
         std::any_of(f.causes.begin(), f.causes.end(),
                     [](const std::string& cause) { return cause == "loss" || cause == "end"; });
}

class Trial {
 public:
  explicit Trial(const Options& options)
      : options_(options), ids_(select(describe_cases(), {}, {})), relay_faults_(faults_of_the_relay()) {}

  int run() {
    if (options_.wants_faults()) add_faults();
    if (options_.wants_pairs()) add_pairs();
    const Profile profile = load_profile(options_.profile);
    acquire_privilege();
    const auto started = Clock::now();
    const auto outcomes = run_all(attempts_, profile, options_.jobs);
    const std::chrono::duration<double> took = Clock::now() - started;
    report(outcomes);
    fmt::print(
        "\n{} faults and {} pairs on {} cases in {:.1f} s; {} cases find a fault that no other case finds\n",
        faults_.size(), pairs_.size(), ids_.size(), took.count(), alone_.size());
    for (const std::string& c : complaints_) fmt::print("relayspec-trial: {}\n", c);
    return complaints_.empty() ? 0 : 1;
  }

 private:
  void complain(const std::vector<std::string>& more) {
    complaints_.insert(complaints_.end(), more.begin(), more.end());
  }

  // Before its finder a plain exchange is judged, so that the relay is known to work.
  static std::vector<std::string> cases_to_find(const Fault& f) {
    const std::string plain = "dora/discover-reaches-the-server";
    return f.finder == plain ? std::vector{plain} : std::vector{plain, f.finder};
  }

  void add_faults() {
    faults_ = parse_faults(read_input_file(options_.faults), options_.faults);
    if (options_.only_faults.empty()) complain(complaints_about_table(faults_, relay_faults_, ids_));
    keep_only(faults_, "--fault", options_.only_faults, [](const Fault& f) { return f.name; });
    if (options_.finders_only) keep_every(options_.every);
    for (std::size_t i = 0; i < faults_.size(); ++i) {
      const Fault& f = faults_[i];
      const bool alone = options_.finders_only || i % options_.every != 0;
      attempts_.push_back(
          {.name = f.name,
           .faults = {f.name},
           .dialect = f.dialect,
           .cases = alone ? cases_to_find(f) : ids_,
           .takes_long = !alone && takes_long(f),
           .complaints = [f, alone](const Outcome& o) { return complaints_about(f, o, alone); }});
    }
  }

  void keep_every(std::size_t n) {
    std::vector<Fault> kept;
    for (std::size_t i = 0; i < faults_.size(); i += n) kept.push_back(faults_[i]);
    faults_ = std::move(kept);
  }

  void add_pairs() {
    pairs_ = parse_pairs(read_input_file(options_.pairs), options_.pairs);
    complain(complaints_about_pairs(pairs_, relay_faults_));
    keep_only(pairs_, "--pair", options_.only_pairs, [](const Pair& p) { return p.name(); });
    for (const Pair& p : pairs_) {
      attempts_.push_back({.name = p.name(),
                           .faults = {p.quirk, p.fault},
                           .dialect = p.dialect,
                           .cases = ids_,
                           .takes_long = true,
                           .complaints = [p](const Outcome& o) { return complaints_about(p, o); }});
    }
  }

  void report(const std::vector<Outcome>& outcomes) {
    std::ofstream out(options_.out);
    for (std::size_t i = 0; i < attempts_.size(); ++i) {
      const Attempt& a = attempts_[i];
      const Outcome& o = outcomes[i];
      if (i < faults_.size()) {
        report_fault(i == 0, faults_[i], o);
      } else {
        report_pair(i == faults_.size(), pairs_[i - faults_.size()], o);
      }
      if (out.is_open()) out << json_line(a.name, a.dialect, o) << '\n';
      complain(a.complaints(o));
    }
  }

  void report_fault(bool first, const Fault& f, const Outcome& o) {
    if (first) fmt::print("{:<46}{:<8}{}\n", "fault", "dialect", "found by");
    const auto others = o.changes.size() - std::min<std::size_t>(1, o.changes.size());
    fmt::print("{:<46}{:<8}{}{}\n", f.name, f.dialect, f.finder,
               others > 0 ? fmt::format(" and {} more", others) : "");
    if (others == 0) ++alone_[f.finder];
  }

  static void report_pair(bool first, const Pair& p, const Outcome& o) {
    if (first) fmt::print("\n{:<80}{:<8}{}\n", "quirk + fault", "dialect", "deviations");
    fmt::print("{:<80}{:<8}{}\n", p.quirk + " + " + p.fault, p.dialect, o.deviations.size());
  }

  const Options& options_;
  std::vector<std::string> ids_, relay_faults_;
  std::vector<Fault> faults_;
  std::vector<Pair> pairs_;
  std::vector<Attempt> attempts_;  ///< of the faults, then of the pairs
  std::map<std::string, int> alone_;
  std::vector<std::string> complaints_;
};

}  // namespace

int run(const Options& options) { return Trial(options).run(); }

}  // namespace relayspec::trial
