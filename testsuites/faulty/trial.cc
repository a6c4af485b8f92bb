// The suites on trial: every fault of the faulty relay is tried on all of them. Each has to be found by the
// case that is there to find it, for the rule that it breaks; what else changes needs a cause; and every case
// has to be the one that finds some fault. Prints the table, and exits with 1 when that does not hold.
#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/data.h"
#include "harness/shell.h"
#include "harness/side_by_side.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

using nlohmann::json;

// A line of faults.txt.
struct Fault {
  std::string name, dialect, verdict, finder, requirement;
  std::vector<std::string>
      causes;  ///< what else it may break: patterns of requirements, or a Finding::By in words
};

// What one case says of a relay with a fault, when that is not what it says of one without.
struct Change {
  std::string id, verdict, reason;
  std::vector<std::string> broken;  ///< "loss RFC1542-…"
};

struct Verdicts {
  std::vector<Change> changes;
  double seconds = 0;
  std::string trouble;
};

constexpr const char* ways[] = {"content", "loss", "excess", "end"};

std::vector<Fault> read_faults(const std::string& path) {
  std::vector<Fault> all;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    Fault f;
    std::istringstream words(line);
    words >> f.name >> f.dialect >> f.verdict >> f.finder >> f.requirement;
    if (!words) throw InputError(fmt::format("{}: '{}' names no case or no requirement", path, line));
    for (std::string cause; words >> cause;) f.causes.push_back(cause);
    all.push_back(f);
  }
  if (all.empty()) throw InputError(path + ": no faults there; name the table, testsuites/faulty/faults.txt");
  return all;
}

std::vector<std::uint8_t> run_over(const Fault& fault, Profile profile, const std::vector<std::string>& ids) {
  const std::string start = "exec relayspec-faulty";
  profile.start.replace(profile.start.find(start), start.size(), start + " --fault " + fault.name);
  const auto started = Clock::now();
  Session session(profile, *dialect_named(fault.dialect));
  run_cases(session, ids, [&](const CaseResult&) { session.results.back().frames.clear(); });
  session.stop_relay();
  json changes = json::array();
  for (const CaseResult& r : session.results) {
    if (r.verdict != Verdict::fail && r.verdict != Verdict::warn && r.verdict != Verdict::error) continue;
    json broken = json::array();
    std::set<std::string> rules;
    for (const Finding& f : r.findings) {
      const auto rule = fmt::format("{} {}", ways[static_cast<std::size_t>(f.by)], f.requirement);
      if (f.verdict != Verdict::note && rules.insert(rule).second) broken.push_back(rule);
    }
    changes.push_back({r.id, name(r.verdict), r.reason, broken});
  }
  const std::chrono::duration<double> took = Clock::now() - started;
  return json::to_msgpack({took.count(), changes});
}

Verdicts verdicts_in(const JobResult& result) {
  Verdicts v{.changes = {}, .trouble = result.trouble};
  if (!v.trouble.empty()) return v;
  const json told = json::from_msgpack(result.octets);
  v.seconds = told[0];
  for (const json& c : told[1]) v.changes.push_back({c[0], c[1], c[2], c[3]});
  return v;
}

bool breaks(const Change& c, const std::string& requirement) {
  return std::any_of(c.broken.begin(), c.broken.end(),
                     [&](const std::string& b) { return b.substr(b.find(' ') + 1) == requirement; });
}

// A change has a cause when it is found by the fault's own rule, or in a way or by a rule that the table
// names.
bool has_cause(const Fault& f, const Change& c) {
  if (breaks(c, f.requirement)) return true;
  return std::any_of(c.broken.begin(), c.broken.end(), [&](const std::string& b) {
    const std::string way = b.substr(0, b.find(' ')), requirement = b.substr(way.size() + 1);
    return std::any_of(f.causes.begin(), f.causes.end(), [&](const std::string& cause) {
      return cause == way || fnmatch(cause.c_str(), requirement.c_str(), 0) == 0 ||
             fnmatch(cause.c_str(), c.id.c_str(), 0) == 0;
    });
  });
}

std::vector<std::string> complaints_about(const Fault& f, const Verdicts& v) {
  std::vector<std::string> all;
  if (!v.trouble.empty()) return {fmt::format("{}: {}", f.name, v.trouble)};
  const auto found =
      std::find_if(v.changes.begin(), v.changes.end(), [&](const Change& c) { return c.id == f.finder; });
  if (found == v.changes.end()) {
    all.push_back(fmt::format("{}: {} does not find it", f.name, f.finder));
  } else if (found->verdict != f.verdict) {
    all.push_back(fmt::format("{}: {} says {} in place of {}", f.name, f.finder, found->verdict, f.verdict));
  } else if (!breaks(*found, f.requirement)) {
    all.push_back(fmt::format("{}: {} finds it, but not by {}: {}", f.name, f.finder, f.requirement,
                              fmt::join(found->broken, ", ")));
  }
  // A relay that does not start says the same to every case.
  std::map<std::string, std::vector<std::string>> unjudged;
  for (const Change& c : v.changes) {
    if (c.verdict == "error") {
      unjudged[c.reason].push_back(c.id);
    } else if (!has_cause(f, c)) {
      all.push_back(fmt::format("{}: {} says {} without a cause: {} ({})", f.name, c.id, c.verdict, c.reason,
                                fmt::join(c.broken, ", ")));
    }
  }
  for (const auto& [reason, ids] : unjudged) {
    const std::string others = ids.size() > 1 ? fmt::format(" and {} more", ids.size() - 1) : "";
    all.push_back(fmt::format("{}: {}{} could not judge: {}", f.name, ids.front(), others, reason));
  }
  return all;
}

std::set<std::string> faults_of_the_relay() {
  std::set<std::string> names;
  const std::string list = (program_directory() / "relayspec-faulty").string() + " --list";
  std::istringstream lines(run_shell({"-c", list}, "", std::chrono::seconds(10)).output);
  for (std::string kind, name; lines >> kind >> name;) {
    if (kind == "--fault") names.insert(name);
  }
  return names;
}

// What can be said of the table without a relay.
std::vector<std::string> complaints_about_table(const std::vector<Fault>& faults,
                                                const std::vector<std::string>& ids) {
  std::vector<std::string> all;
  std::set<std::string> listed, finders;
  const auto names = faults_of_the_relay();
  for (const Fault& f : faults) {
    if (!listed.insert(f.name).second) all.push_back(f.name + ": stands twice in the table");
    if (!names.contains(f.name)) all.push_back(f.name + ": the faulty relay has no such fault");
    if (!Catalogue::shipped().find(f.requirement))
      all.push_back(fmt::format("{}: there is no requirement {}", f.name, f.requirement));
    finders.insert(f.finder);
  }
  for (const std::string& name : names) {
    // Without DISCOVERs no probe comes through, so no case can judge anything: trial_test.cc has it.
    if (!listed.contains(name) && name != "discover-dropped") all.push_back(name + ": is not in the table");
  }
  for (const std::string& id : ids) {
    if (!finders.contains(id))
      all.push_back(id + ": finds no fault; give the relay one that it is there to find");
  }
  return all;
}

struct Options {
  std::string table, profile, out;
  std::vector<std::string> only;
  unsigned jobs = 6 * std::max(1U, std::thread::hardware_concurrency());
  bool finders_only = false;
};

json to_json(const Fault& f, const Verdicts& v) {
  json changes = json::array();
  for (const Change& c : v.changes)
    changes.push_back({{"id", c.id}, {"verdict", c.verdict}, {"reason", c.reason}, {"broken", c.broken}});
  return {{"fault", f.name},
          {"dialect", f.dialect},
          {"seconds", v.seconds},
          {"changes", changes},
          {"trouble", v.trouble}};
}

int run(const Options& options) {
  auto faults = read_faults(options.table);
  const Profile profile = load_profile(options.profile);
  const auto ids = select(tell_stories(), {}, {});
  std::vector<std::string> complaints = complaints_about_table(faults, ids);
  if (!options.only.empty()) {
    complaints.clear();
    std::erase_if(faults, [&](const Fault& f) {
      return std::none_of(options.only.begin(), options.only.end(),
                          [&](const std::string& p) { return fnmatch(p.c_str(), f.name.c_str(), 0) == 0; });
    });
  }
  acquire_privilege();

  // What shows in every message takes longest, and what is waited for in vain; so that comes first.
  const auto takes_long = [&](std::size_t i) {
    const Fault& f = faults[i];
    return f.finder.starts_with("dora/") ||
           std::any_of(f.causes.begin(), f.causes.end(),
                       [](const std::string& cause) { return cause == "loss" || cause == "end"; });
  };
  std::vector<std::size_t> order(faults.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_partition(order.begin(), order.end(), takes_long);
  std::vector<Verdicts> verdicts(faults.size());
  const auto try_all = [&](const std::vector<std::size_t>& some) {
    side_by_side(
        some.size(), options.jobs,
        [&](std::size_t job) {
          const Fault& f = faults[some[job]];
          return run_over(f, profile, options.finders_only ? std::vector{f.finder} : ids);
        },
        [&](std::size_t job, const JobResult& result) { verdicts[some[job]] = verdicts_in(result); });
  };
  const auto started = Clock::now();
  try_all(order);
  // What a faulty relay does can hang on what came before and on the time that it took; so what does not hold
  // is tried once more, and said.
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto first = complaints_about(faults[i], verdicts[i]);
    if (first.empty()) continue;
    again.push_back(i);
    fmt::print("once more: {}\n", fmt::join(first, "\n           "));
  }
  try_all(again);
  const std::chrono::duration<double> took = Clock::now() - started;

  std::ofstream out(options.out);
  std::map<std::string, int> alone;
  fmt::print("{:<46}{:<8}{}\n", "fault", "dialect", "found by");
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto& f = faults[i];
    const auto& v = verdicts[i];
    const auto others = v.changes.size() - std::min<std::size_t>(1, v.changes.size());
    fmt::print("{:<46}{:<8}{}{}\n", f.name, f.dialect, f.finder,
               others > 0 ? fmt::format(" and {} more", others) : "");
    if (others == 0) ++alone[f.finder];
    if (out.is_open()) out << to_json(f, v).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    const auto more = complaints_about(f, v);
    complaints.insert(complaints.end(), more.begin(), more.end());
  }
  fmt::print("\n{} faults on {} cases in {:.1f} s; {} cases find one that no other case finds\n",
             faults.size(), ids.size(), took.count(), alone.size());
  for (const std::string& c : complaints) fmt::print("relayspec-trial: {}\n", c);
  return complaints.empty() ? 0 : 1;
}

}  // namespace
}  // namespace relayspec

int main(int argc, char** argv) {
  relayspec::Options options{.table = RELAYSPEC_FAULTS, .profile = RELAYSPEC_FAULTY_PROFILE};
  CLI::App app("Tries the suites on every fault of the faulty relay", "relayspec-trial");
  app.add_option("--faults", options.table, "the table of faults");
  app.add_option("--fault", options.only, "only the faults whose name fits this pattern")
      ->allow_extra_args(false);
  app.add_option("--jobs", options.jobs, "labs side by side; they wait more than they work")
      ->check(CLI::Range(1U, 256U));
  app.add_flag("--finders-only", options.finders_only,
               "each fault on the case that is there to find it alone");
  app.add_option("--out", options.out, "a file for all that has changed, a JSON object a fault");
  app.footer("Example: relayspec-trial --fault 'hops-*'");
  CLI11_PARSE(app, argc, argv);
  try {
    return relayspec::run(options);
  } catch (const std::exception& e) {
    fmt::print(stderr, "relayspec-trial: {}\n", e.what());
    return 2;
  }
}
