// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"
#include "harness/cli/testing_cases.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using toy_cases::program;
using toy_cases::Said;

void expect_refusal(const Said& said, const std::string& line) {
  EXPECT_EQ(said.status, bad_input);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err, "relayspec: " + line + "\n");
}

TEST(Explain, DescribesACaseInADialectThatHasIt) {
  EXPECT_THAT(program({"explain", "toy-cases/adds-option82", "--dialect", "proxy"}).out,
              HasSubstr("The case is judged in the dialects rfc and strict only."));
}

TEST(Explain, ALadderOfTheDialectProxyNeedsAFeature) {
  const std::string file = ::testing::TempDir() + "relayspec-explain-" + std::to_string(::getpid()) + ".toml";
  std::ofstream(file) << "name = \"toy\"\nstart = 'exec toy'\n";
  const Said said = program({"explain", "--ladder", "--relay", file.c_str(), "--dialect", "proxy"});
  std::filesystem::remove(file);
  EXPECT_EQ(said.status, bad_input);
  EXPECT_THAT(said.err, HasSubstr("the profile does not list the feature server-id-rewrite"));
}

TEST(Explain, SaysWhatToGive) {
  const Said said = program({"explain"});
  EXPECT_EQ(said.status, bad_input);
  EXPECT_THAT(said.err, HasSubstr("give the id of a case or of a requirement, or --ladder"));
}

TEST(Program, SaysItsVersionAndHelps) {
  EXPECT_EQ(program({"--version"}).out, "relayspec " RELAYSPEC_VERSION "\n");
  const Said help = program({"--help"});
  EXPECT_EQ(help.status, conforms);
  EXPECT_THAT(help.out, AllOf(HasSubstr("run"), HasSubstr("explain"), HasSubstr("Exit status")));
  for (const char* command :
       {"run", "list", "explain", "requirements", "relays", "lab", "compare", "fuzz", "replay"})
    EXPECT_THAT(program({command, "--help"}).out, HasSubstr(command)) << command;
}

TEST(Program, RefusesWrongInput) {
  expect_refusal(program({}), "A subcommand is required; see 'relayspec --help'");
  expect_refusal(program({"frob"}),
                 "unknown command 'frob'; there are run, list, explain, requirements, relays, lab, compare, "
                 "fuzz, replay, profile");
  expect_refusal(program({"run", "--dialect", "loose"}),
                 "--dialect: loose not in {rfc,strict,proxy}; see 'relayspec --help'");
  EXPECT_EQ(program({"run", "--relay", "frob"}).status, bad_input);
  EXPECT_EQ(program({"lab", "--relay", "frob"}).status, bad_input);
}

// What the program says and returns when stdout is a device that is always full.
Said on_full_device(const char* command) {
  const int kept = ::dup(STDOUT_FILENO), full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  std::fflush(stdout);
  ::dup2(full, STDOUT_FILENO);
  ::testing::internal::CaptureStderr();
  const char* argv[] = {"relayspec", command};
  Said said{.status = run_program(2, argv), .out = "", .err = ::testing::internal::GetCapturedStderr()};
  ::dup2(kept, STDOUT_FILENO);
  std::clearerr(stdout);
  ::close(kept);
  ::close(full);
  return said;
}

TEST(Program, SaysThatStdoutCannotBeWritten) {
  const Said little = on_full_device("list"), much = on_full_device("requirements");
  EXPECT_EQ(little.status, not_judged);
  EXPECT_EQ(little.err, "relayspec: stdout cannot be written: No space left on device\n");
  EXPECT_EQ(much.status, not_judged);
  EXPECT_THAT(much.err, AllOf(StartsWith("relayspec: "), EndsWith("No space left on device\n")));
}

TEST(ListCommand, ShowsACaseALine) {
  const Said said = program({"list", "--suite", "toy-cases"});
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(said.out, StartsWith("toy-cases/hop-limit-is-obeyed"));
  EXPECT_THAT(said.out, HasSubstr(" RFC1542-4.1.1-hops-over-16-discard\n"));
  EXPECT_THAT(said.out, HasSubstr("RFC3046-2.1-off-by-default  needs option82\n"));
  EXPECT_THAT(said.out, EndsWith("\n2 cases\n"));
  expect_refusal(program({"list", "--suite", "toy-case"}),
                 "--suite toy-case: there is no such suite; did you mean 'toy-cases'?");
}

TEST(ListCommand, WritesJson) {
  const auto all = nlohmann::json::parse(program({"list", "--format", "json"}).out);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["id"], toy_cases::ids[0]);
  EXPECT_EQ(all[0]["suite"], "toy-cases");
  EXPECT_EQ(all[0]["dialects"], (nlohmann::json{"rfc", "strict", "proxy"}));
  EXPECT_EQ(all[0]["source"], "testsuites/toy.cc:5");
  EXPECT_EQ(all[1]["dialects"], (nlohmann::json{"rfc", "strict"}));
  EXPECT_EQ(all[1]["features"], nlohmann::json{"option82"});
}

TEST(ExplainCommand, TellsACase) {
  const Said said = program({"explain", "toy-cases/hop-limit-is-obeyed"});
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(said.out, StartsWith("toy-cases/hop-limit-is-obeyed\n  in testsuites/toy.cc:5\n\nWhy\n"
                                   "  RFC1542-4.1.1-hops-over-16-discard (MUST, RFC 1542, section 4.1.1)\n"));
  EXPECT_THAT(said.out, AllOf(HasSubstr("  The relay serves 1 client network and relays to 1 server."),
                              HasSubstr("   1. The client on downlink0 sends DISCOVER hops 17"),
                              EndsWith("Try it: relayspec run --case toy-cases/hop-limit-is-obeyed\n")));
  EXPECT_THAT(program({"explain", "--dialect", "proxy", "toy-cases/hop-limit-is-obeyed"}).out,
              EndsWith("Try it: relayspec run --dialect proxy --case toy-cases/hop-limit-is-obeyed\n"));
}

TEST(ExplainCommand, TellsARequirementAndItsCases) {
  EXPECT_THAT(program({"explain", "RFC3046-2.1-off-by-default"}).out,
              HasSubstr("covered by: toy-cases/adds-option82\n"));
  EXPECT_THAT(program({"explain", "RFC1542-4.1.1-options-intact"}).out, HasSubstr("covered by no case: "));
}

TEST(ExplainCommand, ShowsOfWhichRelaysARequirementIsAsked) {
  const auto& all = Catalogue::shipped().all();
  const auto shown = [&](bool with_features, bool with_dialects) {
    const auto r = std::find_if(all.begin(), all.end(), [&](const Requirement& one) {
      return one.features.empty() != with_features && one.dialects.empty() != with_dialects;
    });
    return program({"explain", r->id.c_str()}).out;
  };
  const auto features = HasSubstr("asked of relays with "), dialects = HasSubstr("\n  in dialect");
  EXPECT_THAT(shown(true, false), AllOf(features, Not(dialects)));
  EXPECT_THAT(shown(false, true), AllOf(Not(features), dialects));
  EXPECT_THAT(shown(false, false), AllOf(Not(features), Not(dialects)));
}

TEST(ExplainCommand, NamesTheNearestId) {
  EXPECT_THAT(program({"explain", "RFC3046-2.1-off-by-defaul"}).err,
              HasSubstr("did you mean RFC3046-2.1-off-by-default?"));
  const Said said = program({"explain", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"});
  EXPECT_EQ(said.status, bad_input);
  EXPECT_THAT(said.err,
              AllOf(HasSubstr("no case and no requirement has this id"), HasSubstr("show them all")));
}

TEST(RequirementsCommand, ShowsTheCasesOfEach) {
  const std::size_t total = Catalogue::shipped().all().size();
  const std::string text = program({"requirements"}).out;
  EXPECT_THAT(text, HasSubstr("cases: toy-cases/hop-limit-is-obeyed\n"));
  EXPECT_THAT(text, HasSubstr("no case: "));
  EXPECT_THAT(text, EndsWith(fmt::format("\n{} requirements, 2 of them covered by cases\n", total)));
  const std::string markdown = program({"requirements", "--format", "markdown"}).out;
  EXPECT_THAT(markdown, StartsWith("| requirement | level |"));
  EXPECT_EQ(static_cast<std::size_t>(std::count(markdown.begin(), markdown.end(), '\n')), total + 2);
  const auto json = nlohmann::json::parse(program({"requirements", "--format", "json"}).out);
  ASSERT_EQ(json.size(), total);
  for (const auto& r : json) {
    if (r["id"] == "RFC3046-2.1-off-by-default") {
      EXPECT_EQ(r["cases"], nlohmann::json{"toy-cases/adds-option82"});
    }
    EXPECT_FALSE(r["dialects"].empty());
  }
}

TEST(RelaysCommand, ShowsTheShippedProfiles) {
  const Said said = program({"relays"});
  EXPECT_EQ(said.status, conforms);
  EXPECT_THAT(said.out, AllOf(HasSubstr("reference"), HasSubstr("isc-dhcrelay")));
}

}  // namespace
}  // namespace relayspec
