#include "harness/bench/runner.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/suggest.h"
#include "relayspec/harness/profile.h"

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

void check_suites(const std::vector<Story>& stories, const std::vector<std::string>& suites) {
  std::vector<std::string> known;
  for (const Story& s : stories) {
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

[[noreturn]] void refuse_pattern(const std::vector<Story>& stories, const std::string& pattern) {
  std::vector<std::string> known;
  for (const Story& s : stories) known.push_back(s.id);
  const std::string hint = did_you_mean(pattern, known);
  throw InputError(fmt::format("--case {}: no case has such an id{} 'relayspec list' shows them all", pattern,
                               hint.empty() ? ";" : hint));
}

}  // namespace

const std::vector<Story>& tell_stories() {
  static const std::vector<Story> told = [] {
    std::vector<Story> stories;
    CaseRun::stories = &stories;
    run_googletest("*");
    CaseRun::stories = nullptr;
    return stories;
  }();
  return told;
}

std::vector<std::vector<std::string>> groups_by_config(const std::vector<std::string>& ids) {
  std::vector<std::pair<RelaySettings, std::vector<std::string>>> groups;
  for (const Story& s : tell_stories()) {
    if (std::find(ids.begin(), ids.end(), s.id) == ids.end()) continue;
    RelaySettings config = s.config;
    if (!s.one_downlink) config.downlinks = 2;  // a story that uses one network only is told on both
    auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == config; });
    if (it == groups.end()) it = groups.insert(it, {config, {}});
    it->second.push_back(s.id);
  }
  std::vector<std::vector<std::string>> out;
  for (auto& [config, group] : groups) out.push_back(std::move(group));
  return out;
}

std::vector<std::string> select(const std::vector<Story>& stories, const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns) {
  check_suites(stories, suites);
  std::set<std::string> chosen;
  const auto add = [&](const std::string& pattern) {
    bool any = false;
    for (const Story& s : stories) {
      if (fnmatch(pattern.c_str(), s.id.c_str(), 0) != 0) continue;
      any = true;
      if (suites.empty() || std::find(suites.begin(), suites.end(), s.suite) != suites.end())
        chosen.insert(s.id);
    }
    if (!any) refuse_pattern(stories, pattern);
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
  const auto groups = groups_by_config(ids);
  prepare_googletest();
  auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
  Progress listener(session, progress);
  listeners.Append(&listener);
  Session::current = &session;
  for (const auto& group : groups) {
    std::string filter;
    for (const std::string& id : group) filter += (filter.empty() ? "" : ":") + googletest_name(id);
    run_googletest(filter);
  }
  Session::current = nullptr;
  listeners.Release(&listener);
  const auto place = [&](const CaseResult& r) { return std::find(ids.begin(), ids.end(), r.id); };
  std::stable_sort(session.results.begin(), session.results.end(),
                   [&](const CaseResult& a, const CaseResult& b) { return place(a) < place(b); });
}

}  // namespace relayspec
