// The suites on trial: each fault of the faulty relay has to be found, by the case that is there to find it;
// a relay that is right, in whatever way, has to be left in peace.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace relayspec {
namespace {

using nlohmann::json;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Trial {
  int status = -1;
  std::string report;  ///< what it printed
  json cases = json::array();

  const json* find(const std::string& id) const {
    for (const json& c : cases) {
      if (c["id"] == id) return &c;
    }
    return nullptr;
  }
};

// `relayspec run` over the faulty relay, started with `how`.
Trial put_on_trial(const std::string& how, const std::string& options) {
  std::string directory = ::testing::TempDir() + "relayspec-trial-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory: " + directory);
  const std::filesystem::path place = directory;

  std::string profile = read(RELAYSPEC_FAULTY_PROFILE);
  const std::string start = "exec relayspec-faulty";
  profile.replace(profile.find(start), start.size(), start + " " + how);
  std::ofstream(place / "faulty.toml") << profile;

  const std::string command = std::string(RELAYSPEC) + " run --relay " + (place / "faulty.toml").string() +
                              " --out " + (place / "out").string() + " " + options + " >" +
                              (place / "printed").string() + " 2>&1";
  const int status = std::system(command.c_str());
  Trial trial{.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .report = read(place / "printed")};
  const json results = json::parse(read(place / "out" / "results.json"), nullptr, false);
  if (results.is_object()) trial.cases = results["cases"];
  std::filesystem::remove_all(place);
  return trial;
}

std::string suite_of(const std::string& id) { return id.substr(0, id.find('/')); }

// A line of faults.txt.
struct Fault {
  std::string name, dialect, verdict, finder, reach;
  friend void PrintTo(const Fault& f, std::ostream* os) { *os << f.name << " in " << f.dialect; }
};

std::vector<Fault> faults() {
  std::vector<Fault> all;
  std::istringstream lines(read(RELAYSPEC_FAULTS));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    Fault f;
    std::istringstream(line) >> f.name >> f.dialect >> f.verdict >> f.finder >> f.reach;
    all.push_back(f);
  }
  return all;
}

std::vector<std::string> listed(const std::string& kind) {
  const std::string file = ::testing::TempDir() + "relayspec-faulty-list-" + std::to_string(getpid());
  EXPECT_EQ(std::system((RELAYSPEC_FAULTY " --list >" + file).c_str()), 0);
  std::ifstream in(file);
  std::vector<std::string> names;
  for (std::string k, name; in >> k >> name;) {
    if (k == "--" + kind) names.push_back(name);
  }
  std::filesystem::remove(file);
  return names;
}

// A row of the table that ci/test prints: the fault, the dialect, and all cases of the suites that it shows
// in, the one that is there to find it first.
void write_row(const Fault& fault, const Trial& trial) {
  std::filesystem::create_directories(RELAYSPEC_TRIAL_TABLE);
  std::ofstream row(std::filesystem::path(RELAYSPEC_TRIAL_TABLE) / fault.name);
  row << fault.name << ' ' << fault.dialect << ' ' << fault.finder;
  for (const json& c : trial.cases) {
    const bool found = c["verdict"] == "fail" || c["verdict"] == "warn";
    if (found && c["id"] != fault.finder) row << ' ' << c["id"].get<std::string>();
  }
  row << '\n';
}

class EachFault : public ::testing::TestWithParam<Fault> {};

TEST_P(EachFault, IsFound) {
  const Fault& fault = GetParam();
  std::string options = "--strict --jobs 1 --dialect " + fault.dialect;
  if (fault.reach != "all") options += " --suite " + suite_of(fault.finder);

  const Trial trial = put_on_trial("--fault " + fault.name, options);

  EXPECT_EQ(trial.status, 1) << trial.report;
  const json* finder = trial.find(fault.finder);
  ASSERT_NE(finder, nullptr) << fault.finder << " has not run\n" << trial.report;
  EXPECT_EQ((*finder)["verdict"], fault.verdict) << fault.finder << "\n" << trial.report;
  write_row(fault, trial);
}

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, EachFault, ::testing::ValuesIn(faults()),
                         [](const auto& fault) { return underscored(fault.param.name); });

// No DISCOVER, no probe: nothing can be judged, and that is never a pass.
TEST(Deaf, RelayIsNotJudged) {
  const Trial trial = put_on_trial("--fault discover-dropped", "--case dora/discover-reaches-the-server");
  EXPECT_EQ(trial.status, 3) << trial.report;
}

// Faults that no case finds yet, a name a line, wait in a file of their own.
TEST(Table, NamesEveryFaultOnce) {
  std::multiset<std::string> tried{"discover-dropped"};
  std::istringstream waiting(read(RELAYSPEC_UNFOUND));
  for (std::string line; std::getline(waiting, line);) {
    if (!line.empty() && !line.starts_with('#')) tried.insert(line);
  }
  for (const Fault& f : faults()) tried.insert(f.name);
  const auto names = listed("fault");
  EXPECT_EQ(tried, std::multiset<std::string>(names.begin(), names.end()));
  EXPECT_GE(names.size(), 150U);
}

class EachDialect : public ::testing::TestWithParam<std::string> {};

TEST_P(EachDialect, IsPassedWithoutAFault) {
  const Trial trial = put_on_trial("", "--strict --dialect " + GetParam());

  EXPECT_EQ(trial.status, 0) << trial.report;
  std::size_t passed = 0;
  for (const json& c : trial.cases) {
    EXPECT_TRUE(c["verdict"] == "pass" || c["verdict"] == "note" ||
                (c["verdict"] == "skip" && c["reason"].get<std::string>().starts_with("the dialect")))
        << c["id"] << ": " << c["verdict"] << ", " << c["reason"];
    passed += c["verdict"] == "pass" ? 1 : 0;
  }
  EXPECT_GE(passed, 100U);
}

INSTANTIATE_TEST_SUITE_P(Of, EachDialect, ::testing::Values("rfc", "strict", "proxy"),
                         [](const auto& dialect) { return dialect.param; });

// A relay may be right in another way than the one that the suites were written beside.
class EachVariant : public ::testing::TestWithParam<std::string> {};

TEST_P(EachVariant, IsLeftInPeace) {
  const Trial trial = put_on_trial("--variant " + GetParam(), "--dialect rfc");

  EXPECT_EQ(trial.status, 0) << trial.report;
  EXPECT_GE(trial.cases.size(), 100U);
}

const std::vector<std::string> variants{
    "source-giaddr", "broadcast-always", "kernel-neighbour",   "fill-300",    "option82-in-padding",
    "stateful",      "hop-limit-16",     "known-servers-only", "two-threads", "slow-start",
    "chatty",        "short-dropped",    "strip-exactly"};

INSTANTIATE_TEST_SUITE_P(Of, EachVariant, ::testing::ValuesIn(variants),
                         [](const auto& variant) { return underscored(variant.param); });

TEST(Table, NamesEveryVariant) { EXPECT_EQ(listed("variant"), variants); }

}  // namespace
}  // namespace relayspec
