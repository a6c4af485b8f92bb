// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "harness/cli/commands.h"
#include "harness/cli/run.h"
#include "harness/cli/testing_cases.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using toy_cases::captured;
using toy_cases::Said;

class RunCommand : public ::testing::Test {
 protected:
  RunCommand() {
    std::string name = (fs::path(::testing::TempDir()) / "relayspec-run-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    options.relay = write("toy.toml", "name = \"toy\"\nstart = 'exec toy'\n");
    options.jobs = 3;
  }
  ~RunCommand() override { fs::remove_all(folder); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }

  /// Runs it; each call of the runner ends every case with the next of these verdicts.
  Said run_with(const std::vector<Verdict>& verdicts) {
    return captured([&] {
      return run(options, [&](const Profile& profile, Dialect d, const std::vector<std::string>& ids,
                              unsigned jobs, const Progress&) {
        relays.push_back(profile.name);
        dialect = d;
        asked = ids;
        jobs_asked = jobs;
        Outcome o{.relay_version = "1.2"};
        for (const std::string& id : ids)
          o.cases.push_back({.id = id,
                             .suite = "toy-cases",
                             .level = "MUST",
                             .verdict = verdicts.at(relays.size() - 1),
                             .reason = "the reason"});
        return o;
      });
    });
  }
  std::string refusal() {
    try {
      run_with({Verdict::pass});
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }

  fs::path folder;
  RunOptions options;
  std::vector<std::string> relays, asked;
  Dialect dialect = Dialect::proxy;
  unsigned jobs_asked = 0;
};

TEST_F(RunCommand, RunsWhatWasChosen) {
  options.patterns = {"*/adds-*"};
  options.dialect = "strict";
  const Said said = run_with({Verdict::pass});
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(relays, ElementsAre("toy"));
  EXPECT_EQ(dialect, Dialect::strict);
  EXPECT_THAT(asked, ElementsAre(toy_cases::ids[1]));
  EXPECT_EQ(jobs_asked, 3U);
  EXPECT_THAT(said.out, HasSubstr("toy"));
  EXPECT_EQ(said.err, "");
}

TEST_F(RunCommand, RunsAllUnlessAsked) {
  EXPECT_EQ(run_with({Verdict::fail}).status, deviates);
  EXPECT_THAT(asked, ElementsAreArray(toy_cases::ids));
}

TEST_F(RunCommand, SaysWhyNothingWasJudged) {
  const Said said = run_with({Verdict::error});
  EXPECT_EQ(said.status, not_judged);
  EXPECT_EQ(said.err, "relayspec: the reason\n");
}

TEST_F(RunCommand, RepeatsAndKeepsTheWorst) {
  options.repeat = 3;
  options.suites = {"toy-cases"};
  options.patterns = {"*/adds-*"};
  const Said said = run_with({Verdict::pass, Verdict::fail, Verdict::pass});
  EXPECT_THAT(relays, SizeIs(3));
  EXPECT_EQ(said.status, deviates);
  EXPECT_EQ(said.err,
            "relayspec: toy-cases/adds-option82: fail in round 2, pass before\n"
            "relayspec: toy-cases/adds-option82: pass in round 3, fail before\n");
}

TEST_F(RunCommand, ABaselineAcceptsWhatItLists) {
  options.baseline = write("baseline.toml",
                           "[[accepted]]\ncase = \"toy-cases/adds-option82\"\nreason = \"known\"\n"
                           "[[accepted]]\ncase = \"toy-cases/hop-limit-is-obeyed\"\nreason = \"known\"\n");
  EXPECT_EQ(run_with({Verdict::fail}).status, conforms);
  relays.clear();
  EXPECT_EQ(run_with({Verdict::pass}).status, deviates) << "the list is out of date";
}

TEST_F(RunCommand, ABaselineMayNotNameAnUnknownCase) {
  options.baseline = write("baseline.toml", "[[accepted]]\ncase = \"toy/frob\"\nreason = \"known\"\n");
  EXPECT_THAT(refusal(), HasSubstr("toy/frob"));
}

TEST_F(RunCommand, ANewBaselineAcceptsWhatWasFound) {
  options.new_baseline = (folder / "new.toml").string();
  const Said said = run_with({Verdict::fail});
  EXPECT_EQ(said.status, conforms);
  EXPECT_EQ(said.err, "relayspec: note: " + options.new_baseline +
                          " has 2 entries, 2 of them of kind unknown: look at each, and give its reason\n");
  options.baseline = options.new_baseline;
  options.new_baseline.clear();
  relays.clear();
  EXPECT_EQ(run_with({Verdict::fail}).status, conforms);
}

TEST_F(RunCommand, ANewBaselineReplacesNoFile) {
  options.new_baseline = write("old.toml", "");
  EXPECT_THAT(refusal(),
              HasSubstr("old.toml: it exists already; give --write-baseline the name of a new file"));
  options.new_baseline = (folder / "none" / "new.toml").string();
  EXPECT_THAT(refusal(), HasSubstr("none is no folder that you can write to"));
  EXPECT_THAT(relays, ::testing::IsEmpty()) << "before the run";
}

TEST_F(RunCommand, ABaselineOfAnotherVersionIsRemarkedOn) {
  options.baseline = write("baseline.toml", "version = \"1.1\"\n");
  EXPECT_THAT(run_with({Verdict::pass}).err, AllOf(HasSubstr("note: "), HasSubstr("1.1"), HasSubstr("1.2")));
}

TEST_F(RunCommand, WritesReports) {
  options.out = (folder / "out").string();
  EXPECT_EQ(run_with({Verdict::pass}).status, conforms);
  std::ifstream file(folder / "out" / "results.json");
  const std::string json(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(json, AllOf(HasSubstr("\"1.2\""), HasSubstr("toy-cases/adds-option82")));
}

TEST_F(RunCommand, TheDialectProxyNeedsAFeature) {
  options.dialect = "proxy";
  EXPECT_THAT(refusal(), HasSubstr("the profile does not list the feature server-id-rewrite"));
  options.relay = write("proxy.toml", "name = \"p\"\nstart = 'exec p'\nfeatures = [\"server-id-rewrite\"]\n");
  EXPECT_EQ(run_with({Verdict::pass}).status, conforms);
  EXPECT_EQ(dialect, Dialect::proxy);
}

}  // namespace
}  // namespace relayspec
