#include "harness/bench/runner.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace relayspec {
namespace {

// What a surrounding test runner tells its own tests is not meant for the cases: a shard of them would pass
// for all.
void ignore_environment() {
  for (const char* name : {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE"})
    unsetenv(name);
  GTEST_FLAG_SET(output, "");
  GTEST_FLAG_SET(repeat, 1);
  GTEST_FLAG_SET(shuffle, false);
  GTEST_FLAG_SET(fail_fast, false);
  GTEST_FLAG_SET(break_on_failure, false);
  GTEST_FLAG_SET(throw_on_failure, false);
}

// GoogleTest keeps the cases; its own output stays silent, the verdicts are ours.
void prepare_googletest() {
  static const bool once = [] {
    ignore_environment();
    int argc = 1;
    char name[] = "relayspec";
    char* argv[] = {name, nullptr};
    ::testing::InitGoogleTest(&argc, argv);
    auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    GTEST_FLAG_SET(catch_exceptions, true);
    return true;
  }();
  static_cast<void>(once);
}

void run_googletest(const std::string& filter) {
  prepare_googletest();
  GTEST_FLAG_SET(filter, filter);
  [[maybe_unused]] const int deviations = RUN_ALL_TESTS();  // the verdicts are ours
}

// Reports each case as it ends.
class Progress : public ::testing::EmptyTestEventListener {
 public:
  Progress(const Session& session, const std::function<void(const CaseResult&)>& tell)
      : session_(session), tell_(tell) {}
  void OnTestEnd(const ::testing::TestInfo&) override {
    if (tell_ && !session_.results.empty()) tell_(session_.results.back());
  }

 private:
  const Session& session_;
  const std::function<void(const CaseResult&)>& tell_;
};

std::string googletest_name(const std::string& id) {
  std::string s;
  bool capital = true;
  for (const char c : id) {
    if (c == '-' || c == '/') {
      if (c == '/') s += '.';
      capital = true;
    } else {
      s += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      capital = false;
    }
  }
  return s;
}

// A filter for every configuration of the relay, so that it is started once for all cases that want it so.
std::vector<std::string> filters_by_config(const std::vector<std::string>& ids) {
  std::vector<std::pair<RelayConfig, std::string>> filters;
  for (const Story& s : tell_stories()) {
    if (std::find(ids.begin(), ids.end(), s.id) == ids.end()) continue;
    RelayConfig config = s.config;
    config.downlinks = 2;  // a story that uses one network only is told on both
    auto it = std::find_if(filters.begin(), filters.end(), [&](const auto& f) { return f.first == config; });
    if (it == filters.end()) it = filters.emplace(it, config, "");
    it->second += (it->second.empty() ? "" : ":") + googletest_name(s.id);
  }
  std::vector<std::string> out;
  for (auto& [config, filter] : filters) out.push_back(std::move(filter));
  return out;
}

}  // namespace

std::vector<Story> tell_stories() {
  std::vector<Story> stories;
  CaseRun::stories = &stories;
  run_googletest("*");
  CaseRun::stories = nullptr;
  return stories;
}

std::vector<std::string> select(const std::vector<Story>& stories, const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns) {
  std::set<std::string> known;
  for (const Story& s : stories) known.insert(s.suite);
  for (const std::string& wanted : suites) {
    if (!known.contains(wanted)) {
      throw InputError(
          fmt::format("--suite {}: there is no such suite; there are {}", wanted, fmt::join(known, ", ")));
    }
  }
  std::set<std::string> chosen;
  const auto add = [&](const std::string& pattern) {
    bool any = false;
    for (const Story& s : stories) {
      if (fnmatch(pattern.c_str(), s.id.c_str(), 0) != 0) continue;
      any = true;
      if (suites.empty() || std::find(suites.begin(), suites.end(), s.suite) != suites.end())
        chosen.insert(s.id);
    }
    if (!any) {
      throw InputError(
          fmt::format("--case {}: no case has such an id; 'relayspec list' shows them all", pattern));
    }
  };
  if (patterns.empty()) add("*");
  for (const std::string& pattern : patterns) add(pattern);
  if (chosen.empty()) throw InputError("--suite and --case together select no case; leave one of them out");
  std::vector<std::string> ids;
  for (const Story& s : stories) {
    if (chosen.contains(s.id)) ids.push_back(s.id);
  }
  return ids;
}

void run_cases(Session& session, const std::vector<std::string>& ids,
               const std::function<void(const CaseResult&)>& progress) {
  Session::current = nullptr;  // while the stories are told
  const std::vector<std::string> filters = filters_by_config(ids);
  prepare_googletest();
  auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
  Progress listener(session, progress);
  listeners.Append(&listener);
  Session::current = &session;
  for (const std::string& filter : filters) run_googletest(filter);
  Session::current = nullptr;
  listeners.Release(&listener);
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  std::stable_sort(session.results.begin(), session.results.end(),
                   [&](const CaseResult& a, const CaseResult& b) { return place(a) < place(b); });
}

}  // namespace relayspec
