// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "harness/reports/testing.h"
#include "harness/text.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Terminal, SaysEachDeviationFirstAndOnceInTwoLines) {
  EXPECT_THAT(terminal_report(made_up_run()),
              StartsWith("A relay: 3 deviations (2 MUST), 1 of them accepted by the baseline; 1.2, dialect\n"
                         "  rfc\n"
                         "fail   RFC1542-4.1.1-hops-over-16-discard  relayed although discarded was due:…\n"
                         "       hops/17-is-discarded +1: expected 16 at most, observed 18\n"
                         "warn   RFC1542-4.1.1-ttl  "));
}

TEST(Terminal, FoldsEverythingElse) {
  const std::string text = terminal_report(made_up_run(), {.out = "out"});
  EXPECT_THAT(text, HasSubstr("fail   RFC1542-4.1.1-options-intact  cut\n"
                              "       option82/kept\n"
                              "       accepted  known since 2012\n"
                              "error  1 case: the relay died before its turn\n"
                              "       cases     option82/stripped\n"));
  EXPECT_THAT(text, HasSubstr("note   1 choice of standards (see --verbose)\n"
                              "skip   1 case: the profile does not offer option82\n"
                              "baseline hops/was-wrong: no longer deviates; take it out of the baseline\n"));
  EXPECT_THAT(text, ::testing::EndsWith(
                        "8 cases in 0.93 s: 3 fail, 1 error, 1 warn, 1 note, 1 pass, 1 skip (1 accepted\n"
                        "  by the baseline)\n"
                        "report: out/report.html\n"));
  EXPECT_THAT(text, Not(HasSubstr("12 00")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Terminal, TellsWhatIsSkippedOtherwiseThanInTheBaseline) {
  EXPECT_THAT(
      terminal_report(made_up_run_with_other_skips(), {.width = 200}),
      HasSubstr("baseline hops/1*: is no longer skipped; take it out of 'skipped' in the baseline\n"
                "baseline option82/added: is skipped, and 'skipped' in the baseline does not list it: "
                "the profile does not offer option82\n"));
}

TEST(Terminal, NoLineIsWiderThanTheTerminal) {
  for (const std::size_t width : {40U, 70U, 80U, 132U}) {
    std::istringstream lines(terminal_report(made_up_run(), {.width = width}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), width) << line;
  }
}

Finding made_up_deviation(const std::string& requirement, const std::string& field) {
  return {.verdict = Verdict::fail,
          .requirement = requirement,
          .field = field,
          .kind = field,
          .reason = "changed " + field};
}

TEST(Terminal, DeviationsByOneRuleShareAnEntry) {
  RunResult run;
  CaseResult& c = run.cases.emplace_back(made_up_case("x", "y", Verdict::fail, "changed"));
  c.findings = {made_up_deviation("rule-a", "hops"), made_up_deviation("rule-b", "secs"),
                made_up_deviation("rule-a", "xid"), made_up_deviation("rule-a", "message")};
  const std::string text = terminal_report(run);
  EXPECT_THAT(text, HasSubstr("fail   rule-a  changed hops\n       x/y\n       and 2 more by this rule: "));
  EXPECT_THAT(text, HasSubstr("xid"));
  EXPECT_THAT(text, HasSubstr("changed message"));
  EXPECT_THAT(text, HasSubstr("fail   rule-b  changed secs\n"));
}

TEST(Terminal, APartThatDeviatesInSeveralWaysIsNamedOnce) {
  RunResult run;
  CaseResult& c = run.cases.emplace_back(made_up_case("x", "y", Verdict::fail, "changed"));
  for (const char* kind : {"a", "b", "c", "d"}) {
    c.findings.push_back(made_up_deviation("rule-a", kind == std::string("a") ? "xid" : "hops"));
    c.findings.back().kind = kind;
  }
  EXPECT_THAT(terminal_report(run), HasSubstr("and 3 more by this rule: hops, xid\n"));
}

TEST(Terminal, WhatDoesNotFitOnTwoScreensIsCounted) {
  RunResult run;
  CaseResult& c = run.cases.emplace_back(made_up_case("x", "y", Verdict::fail, "changed"));
  for (int i = 10; i < 90; ++i) c.findings.push_back(made_up_deviation(fmt::format("rule-{}", i), "hops"));
  const std::string text = terminal_report(run, {.out = "out"});
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 48);
  const auto shown = [&](int i) { return text.find(fmt::format("rule-{} ", i)) != std::string::npos; };
  int all = 0;
  for (int i = 10; i < 90; ++i) all += shown(i) ? 1 : 0;
  EXPECT_GE(all, 15);
  EXPECT_THAT(text,
              HasSubstr(fmt::format("and {} deviations, which --verbose and the report show\n", 80 - all)));
  const std::string whole = terminal_report(run, {.verbose = true});
  for (int i = 10; i < 90; ++i) EXPECT_THAT(whole, HasSubstr(fmt::format("rule-{}:", i)));
}

TEST(Terminal, WhatIsTooLongForALineIsInTheVerboseOne) {
  RunResult run = made_up_run();
  Finding& f = run.cases[1].findings[0];
  f.expected = "nothing more";
  f.observed = std::string(100, 'x');
  EXPECT_THAT(terminal_report(run), AllOf(HasSubstr("+1: expected nothing more, observed x"),
                                          Not(HasSubstr(std::string(100, 'x')))));
  EXPECT_THAT(terminal_report(run, {.verbose = true}),
              HasSubstr("       observed  " + std::string(100, 'x') + "\n"));
}

TEST(Terminal, SkipsThatDifferInTheirLastWordShareALine) {
  RunResult run;
  for (const char* feature : {"vss", "giaddr", "vss"})
    run.cases.push_back(made_up_case("x", feature, Verdict::skip, std::string("no feature ") + feature));
  EXPECT_THAT(terminal_report(run), HasSubstr("skip   3 cases: no feature vss (2), giaddr (1)\n"));
  run.cases.push_back(made_up_case("x", "y", Verdict::skip, "another dialect"));
  EXPECT_THAT(terminal_report(run, {.verbose = true}), HasSubstr("skip   1 case: another dialect\n"));
  EXPECT_THAT(terminal_report(run), HasSubstr("skip   4 skips for 2 reasons (see --verbose)\n"));
}

TEST(Terminal, AnErrorInManyCasesNamesAFewOfThem) {
  RunResult run;
  for (int i = 0; i < 7; ++i)
    run.cases.push_back(made_up_case("x", std::to_string(i), Verdict::error, "no relay"));
  run.relay_output = "cannot bind\n";
  const std::string text = terminal_report(run);
  EXPECT_THAT(text, AllOf(HasSubstr("error  7 cases: no relay\n"), HasSubstr("x/4"), Not(HasSubstr("x/5")),
                          HasSubstr("and 2 more, which --verbose lists"),
                          HasSubstr("the last lines that the relay wrote:\n  cannot bind\n")));
}

TEST(Terminal, ColourIsOnlyAddedNeverTakenFromTheRelay) {
  RunResult run = made_up_run();
  std::string coloured = terminal_report(run, {.colour = true});
  EXPECT_THAT(coloured, AllOf(HasSubstr("\x1b[1;31mfail"), Not(HasSubstr("'\x1b[31m"))));
  const std::string plain = terminal_report(run);
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, plain);
}

TEST(Terminal, VerboseNamesEveryCaseEveryChoiceAndTheOctets) {
  EXPECT_THAT(terminal_report(made_up_run()), Not(HasSubstr("hops/16-is-relayed")));
  EXPECT_THAT(
      terminal_report(made_up_run(), {.verbose = true}),
      AllOf(HasSubstr("pass   hops/16-is-relayed"), HasSubstr("       option82/added\n"),
            HasSubstr("also in   hops/20-is-discarded\n"), HasSubstr("settings  max-hops=16\n"),
            HasSubstr("shown by  DISCOVER, no flag (2 times); REQUEST, no flag\n"),
            HasSubstr("octets\n         octet 3: expected 10, observed 12\n"),
            HasSubstr("note   RFC1542-4.1.1-secs-threshold  RFC 1542, section 4.1.1: took the first")));
}

TEST(Terminal, OfNothingSaysThatNoCaseWasRun) {
  EXPECT_EQ(terminal_report({.relay_name = "x", .dialect = "rfc"}),
            "x: no deviation; dialect rfc\n0 cases in 0 ms: no case was run\n");
}

TEST(Terminal, NoColourWhereItIsNotWanted) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(wants_colour(ends[1]));
  close(ends[0]);
  close(ends[1]);
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(wants_colour(terminal));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(terminal));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(wants_colour(terminal));
  close(terminal);
}

TEST(Terminal, ItsWidthIsAskedFor) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  EXPECT_EQ(terminal_width(terminal), 80U);  // it says 0
  const winsize wide{.ws_row = 24, .ws_col = 132, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(ioctl(terminal, TIOCSWINSZ, &wide), 0);
  EXPECT_EQ(terminal_width(terminal), 132U);
  close(terminal);
  EXPECT_EQ(terminal_width(-1), 80U);
}

}  // namespace
}  // namespace relayspec
