// SPDX-License-Identifier: Apache-2.0
// A relay that is right in another way must pass. relayspec-trial checks that one that is wrong is found.
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

#include "testsuites/faulty/variants.h"

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

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// No DISCOVER, no probe: nothing can be judged, and that is never a pass.
TEST(Deaf, RelayIsNotJudged) {
  const Trial trial = put_on_trial("--fault discover-dropped", "--case dora/discover-reaches-the-server");
  EXPECT_EQ(trial.status, 3) << trial.report;
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

// A relay may be right in another way than the reference relay.
class EachVariant : public ::testing::TestWithParam<std::string> {};

TEST_P(EachVariant, IsLeftInPeace) {
  const Trial trial = put_on_trial("--variant " + GetParam(), "--dialect rfc");

  EXPECT_EQ(trial.status, 0) << trial.report;
  EXPECT_GE(trial.cases.size(), 100U);
}

const std::vector<std::string> variants(std::begin(faulty::variants), std::end(faulty::variants));

INSTANTIATE_TEST_SUITE_P(Of, EachVariant, ::testing::ValuesIn(variants),
                         [](const auto& variant) { return underscored(variant.param); });

// What a relay drops for a reason of its own hides no fault, and is no proof that it drops what it must drop.
struct Silence {
  std::string how, id, verdict;
};

class EachSilence : public ::testing::TestWithParam<Silence> {};

TEST_P(EachSilence, IsJudgedByItsControl) {
  const Silence& silence = GetParam();
  const Trial trial = put_on_trial(silence.how, "--case " + silence.id);
  const json* found = trial.find(silence.id);

  ASSERT_NE(found, nullptr) << trial.report;
  EXPECT_EQ((*found)["verdict"], silence.verdict) << silence.how << ": " << (*found)["reason"];
}

constexpr const char *foreign = "giaddr/foreign-in-a-reply-is-discarded",
                     *zero = "giaddr/zero-in-a-reply-is-discarded", *hops = "hops/17-is-discarded";

INSTANTIATE_TEST_SUITE_P(
    Of, EachSilence,
    ::testing::Values(
        Silence{"--variant stateful --fault foreign-giaddr-delivered", foreign, "fail"},
        Silence{"--variant stateful --fault giaddr-zero-delivered", zero, "fail"},
        Silence{"--variant stateful --fault reply-port-68-taken", "delivery/reply-to-port-68-is-dropped",
                "fail"},
        Silence{"--variant stateful --fault op-unchecked-from-servers", "delivery/reply-with-op-3-is-dropped",
                "fail"},
        Silence{"--fault reply-to-unknown-xid-dropped --fault foreign-giaddr-delivered", foreign, "fail"},
        Silence{"--fault reply-to-the-uplink-address-dropped --fault foreign-giaddr-delivered", foreign,
                "fail"},
        Silence{"--fault second-reply-to-an-xid-dropped --fault giaddr-zero-delivered", zero, "fail"},
        Silence{"--fault discovers-with-a-seen-xid-dropped --fault hop-limit-missing", hops, "fail"},
        Silence{"--fault reply-to-unknown-xid-dropped", foreign, "pass"},
        Silence{"--fault reply-to-the-uplink-address-dropped", foreign, "pass"},
        Silence{"--fault second-reply-to-an-xid-dropped", foreign, "skip"},
        Silence{"--fault discovers-with-a-seen-xid-dropped", hops, "skip"}));

TEST(Table, NamesEveryVariant) { EXPECT_EQ(listed("variant"), variants); }

}  // namespace
}  // namespace relayspec
