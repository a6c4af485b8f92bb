// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "harness/cli/commands.h"
#include "harness/cli/compare.h"
#include "harness/cli/testing_cases.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using toy_cases::captured;
using toy_cases::Said;

class CompareCommand : public ::testing::Test {
 protected:
  CompareCommand() {
    std::string name = (fs::path(::testing::TempDir()) / "relayspec-compare-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    options.reference = {profile("old"), {}};
    options.relays = {{profile("new"), {}}};
    options.stimuli = 100;
  }
  ~CompareCommand() override { fs::remove_all(folder); }

  std::string profile(const std::string& name) const {
    const fs::path path = folder / (name + ".toml");
    std::ofstream(path) << "name = \"" << name
                        << "\"\nstart = 'exec x'\nfeatures = [\"option82\", \"multi-downlink\"]\n";
    return path.string();
  }

  /// Each relay ends every case with its verdict, pass unless told.
  Said compare_all() {
    return captured([&] {
      return compare(
          options,
          [&](const std::vector<Profile>& profiles, Dialect, const std::vector<std::string>& ids, unsigned,
              const ProgressOf&) {
            std::vector<Outcome> all;
            for (const Profile& p : profiles) all.push_back(outcome_of(p, ids));
            return all;
          },
          [&](const Contender& to, std::span<const Contender> others, const StimuliOptions& how,
              const Progress&) {
            reference = to.name;
            for (const Contender& c : others) compared.push_back(c.name + ": " + describe(c.settings));
            asked = how;
            return Differences{differences, trouble};
          });
    });
  }
  Outcome outcome_of(const Profile& p, const std::vector<std::string>& ids) {
    ran.push_back(p.name);
    Outcome o{.relay_version = "1.2"};
    const Verdict v = verdicts.contains(p.name) ? verdicts[p.name] : Verdict::pass;
    for (const std::string& id : ids)
      o.cases.push_back({.id = id,
                         .suite = "toy-cases",
                         .requirements = {"RFC1542-4.1.1-hops-over-16-discard"},
                         .verdict = v,
                         .reason = "the reason"});
    return o;
  }
  std::string refusal() {
    try {
      compare_all();
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }

  fs::path folder;
  CompareOptions options;
  std::map<std::string, Verdict> verdicts;
  std::vector<DifferenceGroup> differences;
  std::vector<std::string> ran, compared;
  std::vector<std::string> trouble;
  std::string reference;
  StimuliOptions asked;
};

TEST_F(CompareCommand, RunsAllRelaysAndComparesThemWithTheReference) {
  options.relays.push_back({profile("third"), {}});
  options.seed = 9;
  const Said said = compare_all();
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(ran, ElementsAre("old", "new", "third"));
  EXPECT_EQ(reference, "old");
  EXPECT_THAT(compared, ElementsAre("new: plain", "third: plain"));
  EXPECT_EQ(asked.seed, 9U);
  EXPECT_EQ(asked.stimuli, 100U);
  EXPECT_THAT(said.out, AllOf(HasSubstr("A  old: no deviation; the reference; 1.2"),
                              HasSubstr("B  new: no deviation; 1.2")));
  EXPECT_EQ(said.err, "");
}

TEST_F(CompareCommand, TheReferenceMayBeOneOfTheRelays) {
  options.relays.push_back(options.reference);
  compare_all();
  EXPECT_THAT(ran, ElementsAre("new", "old"));
  EXPECT_THAT(compared, ElementsAre("new: plain"));
}

TEST_F(CompareCommand, ARelayCanBeComparedWithItself) {
  options.relays = {options.reference};
  EXPECT_EQ(compare_all().status, conforms);
  EXPECT_THAT(ran, ElementsAre("old")) << "its cases need not run twice";
  EXPECT_EQ(reference, "old");
  EXPECT_THAT(compared, ElementsAre("old #2: plain"));
}

TEST_F(CompareCommand, TwoSettingsOfARelayAreTwoRelays) {
  options.relays = {options.reference, {options.reference.relay, {"option82"}}};
  compare_all();
  EXPECT_THAT(ran, ElementsAre("old"));
  EXPECT_EQ(reference, "old");
  EXPECT_THAT(compared, ElementsAre("old (option82): option82"));
}

TEST_F(CompareCommand, ExitsByWhatDeviates) {
  verdicts["new"] = Verdict::fail;
  EXPECT_EQ(compare_all().status, deviates);
  verdicts["new"] = Verdict::warn;
  EXPECT_EQ(compare_all().status, conforms);
  differences = {{.relay = "new", .what = "requests lost", .choice = true}};
  EXPECT_EQ(compare_all().status, conforms) << "a choice is no deviation";
  differences[0] = {.relay = "new", .what = "requests lost", .broken_by = "new", .verdict = Verdict::fail};
  EXPECT_EQ(compare_all().status, deviates);
  verdicts["new"] = Verdict::skip;
  EXPECT_EQ(compare_all().status, not_judged) << "nothing of it was judged";
}

TEST_F(CompareCommand, ShowsTheMatrixOfTheOthersWhereOneCannotBeJudged) {
  verdicts["new"] = Verdict::error;
  trouble = {"new: it does not start"};
  const Said said = compare_all();
  EXPECT_EQ(said.status, not_judged);
  EXPECT_THAT(said.out, HasSubstr("RFC1542-4.1.1-hops-over-16-discard"));
  EXPECT_EQ(said.err, "relayspec: new: the reason\nrelayspec: new: it does not start\n");
}

TEST_F(CompareCommand, SendsNoStimuliWhereNoneAreAskedFor) {
  options.stimuli = 0;
  trouble = {"not to be asked for"};
  const Said said = compare_all();
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(said.out, Not(HasSubstr("stimuli")));
}

TEST_F(CompareCommand, RefusesWrongInput) {
  options.relays[0].features = {"max-hops=4"};
  EXPECT_THAT(refusal(), HasSubstr("max-hops"));
  options.relays[0].features = {};
  options.dialect = "proxy";
  EXPECT_THAT(refusal(), HasSubstr("server-id-rewrite"));
}

// There is one of it: it cannot be started with other settings, or beside itself.
TEST_F(CompareCommand, RefusesWhatAnAttachedRelayCannotDo) {
  const std::string device = (folder / "device.toml").string();
  std::ofstream(device) << "name = 'device'\nfeatures = ['option82']\n[attach]\ndownlinks = ['c0']\n"
                           "uplink = 's0'\ndownlink_addresses = ['10.1.0.1/24']\n"
                           "uplink_address = '10.9.0.1/24'\nservers = ['10.9.0.2']\n";
  options.relays = {{device, {}}};
  EXPECT_EQ(compare_all().status, conforms);
  options.reference = {device, {}};
  EXPECT_THAT(refusal(), HasSubstr("there is one device"));
  options.stimuli = 0;
  EXPECT_EQ(compare_all().status, conforms);
  options.relays = {{device, {"option82"}}};
  EXPECT_THAT(refusal(), HasSubstr("'configure'"));
}

TEST_F(CompareCommand, WritesReports) {
  options.out = (folder / "out").string();
  compare_all();
  for (const char* file : {"compare.json", "compare.md", "compare.html"})
    EXPECT_TRUE(fs::exists(folder / "out" / file)) << file;
}

}  // namespace
}  // namespace relayspec
