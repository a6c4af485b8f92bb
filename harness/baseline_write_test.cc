// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "relayspec/harness/baseline.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;

constexpr const char* kRule = "RFC1542-4.1.1-hops-over-16-discard";

const std::vector<std::string> kCases = {"hops/a", "hops/b"};

Baseline parsed_again(const Baseline& b) { return Baseline::parse(to_toml(b), "b.toml", kCases); }

CaseResult failing(const std::string& id, std::vector<Finding> findings) {
  CaseResult c{.id = id, .requirements = {kRule}, .verdict = Verdict::fail, .expected = "x", .observed = "y"};
  c.findings = std::move(findings);
  return c;
}

Finding hops_finding(const std::string& expected = "17") {
  return {.verdict = Verdict::fail,
          .requirement = kRule,
          .field = "hops",
          .expected = expected,
          .observed = "18"};
}

RunResult run_of(std::vector<CaseResult> cases) {
  RunResult run{.relay_version = "x \"1\"", .dialect = "rfc"};
  run.cases = std::move(cases);
  return run;
}

TEST(NewBaseline, AcceptsEverythingThatDeviates) {
  RunResult run = run_of({failing("hops/a", {hops_finding(), hops_finding("16")}), failing("hops/b", {})});
  const Baseline baseline = parsed_again(baseline_of(run, {}));
  EXPECT_EQ(baseline.version, "x \"1\"");
  ASSERT_EQ(baseline.accepted.size(), 2U);
  EXPECT_EQ(baseline.accepted[0].name(), "RFC1542-4.1.1-hops-over-16-discard (hops) in hops/a");
  EXPECT_EQ(baseline.accepted[0].kind, "unknown");
  EXPECT_EQ(baseline.accepted[0].reason, "still to be looked at: expected 17, observed 18");
  EXPECT_EQ(baseline.accepted[1].name(), "hops/b");
  baseline.apply(run);
  for (const CaseResult& c : run.cases) EXPECT_NE(c.accepted, "") << c.id;
}

TEST(NewBaseline, NamesTheDifferenceAndTheCasesThatShowIt) {
  Finding zero = hops_finding(), two = hops_finding();
  zero.kind = "request hops +0";
  two.kind = "request hops +2";
  const RunResult run = run_of({failing("hops/a", {zero, two}), failing("hops/b", {zero})});
  const Baseline baseline = parsed_again(baseline_of(run, {}));
  ASSERT_EQ(baseline.accepted.size(), 2U);
  EXPECT_EQ(baseline.accepted[0].differences, std::vector<std::string>{"request hops +0"});
  EXPECT_EQ(baseline.accepted[0].cases, (std::vector<std::string>{"hops/a", "hops/b"}));
  EXPECT_EQ(baseline.accepted[1].differences, std::vector<std::string>{"request hops +2"});
  EXPECT_EQ(baseline.accepted[1].cases, std::vector<std::string>{"hops/a"});
}

// Which case says it depends on the cases that run.
TEST(NewBaseline, BindsWhatShowsInEveryMessageToNoCase) {
  Finding some = hops_finding(), every = hops_finding();
  some.kind = every.kind = "request hops +0";
  every.everywhere = true;
  for (const auto& [a, b] : {std::pair(some, every), std::pair(every, some)}) {
    const Baseline baseline =
        parsed_again(baseline_of(run_of({failing("hops/a", {a}), failing("hops/b", {b})}), {}));
    ASSERT_EQ(baseline.accepted.size(), 1U);
    EXPECT_EQ(baseline.accepted[0].cases, std::vector<std::string>());
  }
}

// A later release of this program has further cases, which show what is known.
TEST(NewBaseline, AddsAFurtherCaseToTheEntryThatHasItsDifference) {
  const std::string entry = fmt::format(
      "[[accepted]]\nrequirement = '{}'\nfield = 'hops'\ndifferences = ['request hops +0']\n"
      "cases = ['hops/a']\nkind = 'bug'\nreason = 'one'\n",
      kRule);
  Finding zero = hops_finding(), two = hops_finding();
  zero.kind = "request hops +0";
  two.kind = "request hops +2";
  const RunResult run = run_of({failing("hops/a", {zero}), failing("hops/b", {zero, zero, two})});
  Baseline fresh = parsed_again(baseline_of(run, Baseline::parse(entry, "b.toml", kCases)));
  ASSERT_EQ(fresh.accepted.size(), 2U);
  EXPECT_EQ(fresh.accepted[0].cases, (std::vector<std::string>{"hops/a", "hops/b"}));
  EXPECT_EQ(fresh.accepted[0].reason, "one");
  EXPECT_EQ(fresh.accepted[1].differences, std::vector<std::string>{"request hops +2"});
  EXPECT_EQ(fresh.accepted[1].kind, "unknown");

  fresh = parsed_again(baseline_of(run, Baseline::parse(entry + "dialect = 'strict'\n", "b.toml", kCases)));
  EXPECT_EQ(fresh.accepted[0].cases, std::vector<std::string>{"hops/a"}) << "it is of another dialect";
}

TEST(NewBaseline, LeavesOutADifferenceThatNoLongerShows) {
  Finding zero = hops_finding();
  zero.kind = "request hops +0";
  const Baseline fresh = parsed_again(baseline_of(
      run_of({failing("hops/a", {zero})}),
      Baseline::parse(fmt::format("[[accepted]]\nrequirement = '{}'\nfield = 'hops'\nreason = 'one'\n"
                                  "differences = ['request hops +2', 'request hops +0']\n",
                                  kRule),
                      "b.toml", kCases)));
  ASSERT_EQ(fresh.accepted.size(), 1U);
  EXPECT_EQ(fresh.accepted[0].differences, std::vector<std::string>{"request hops +0"});
}

TEST(NewBaseline, KeepsWhatIsSkippedByChanceAndDropsWhatIsSkippedNoLonger) {
  CaseResult passed = failing("hops/a", {}), unjudged = failing("hops/b", {});
  passed.verdict = Verdict::pass;
  unjudged.verdict = Verdict::skip;
  unjudged.unjudged = true;
  const Baseline fresh = parsed_again(baseline_of(
      run_of({passed, unjudged}),
      Baseline::parse("skipped = ['hops/a', '*/b']\nsometimes_skipped = ['hops/*']\n", "b.toml", kCases)));
  EXPECT_EQ(fresh.skipped, std::vector<std::string>{"*/b"});
  EXPECT_EQ(fresh.sometimes_skipped, std::vector<std::string>{"hops/*"});
}

TEST(NewBaseline, ListsTheCasesThatCannotBeJudged) {
  CaseResult unjudged = failing("hops/a", {}), left_out = failing("hops/b", {});
  unjudged.verdict = left_out.verdict = Verdict::skip;
  unjudged.unjudged = true;
  const Baseline baseline = parsed_again(baseline_of(run_of({unjudged, left_out}), {}));
  EXPECT_EQ(baseline.skipped, std::vector<std::string>{"hops/a"});
  EXPECT_EQ(parsed_again(baseline_of(run_of({left_out}), {})).skipped, std::vector<std::string>());
  EXPECT_EQ(parsed_again(Baseline{}).skipped, std::nullopt);
}

TEST(NewBaseline, HasNoNotesAndNothingOfCasesThatPass) {
  Finding note = hops_finding();
  note.verdict = Verdict::note;
  CaseResult passed = failing("hops/b", {});
  passed.verdict = Verdict::pass;
  EXPECT_TRUE(baseline_of(run_of({failing("hops/a", {hops_finding(), note}), passed}), {}).accepted.size() ==
              1);
}

TEST(NewBaseline, KeepsTheEntriesThatAreNeeded) {
  const Baseline known = Baseline::parse(
      "[[accepted]]\ncase = 'hops/a'\nkind = 'choice'\nreason = 'one'\n"
      "[[accepted]]\ncase = 'hops/b'\nreason = 'two'\n"
      "[[accepted]]\ncase = 'hops/b'\ndialect = 'strict'\nreason = 'three'\n",
      "b.toml", kCases);
  CaseResult passed = failing("hops/b", {});
  passed.verdict = Verdict::pass;
  const Baseline fresh =
      parsed_again(baseline_of(run_of({failing("hops/a", {hops_finding()}), passed}), known));
  ASSERT_EQ(fresh.accepted.size(), 2U);
  EXPECT_EQ(fresh.accepted[0].reason, "one");
  EXPECT_EQ(fresh.accepted[0].kind, "choice");
  EXPECT_EQ(fresh.accepted[1].reason, "three");
  EXPECT_EQ(fresh.accepted[1].dialect, "strict");
}

TEST(NewBaseline, KeepsThatAnEntryNeedNotDeviateInEveryRun) {
  const Baseline known = Baseline::parse(
      "[[accepted]]\ncase = 'hops/a'\nreason = 'one'\nsometimes = true\n"
      "[[accepted]]\ncase = 'hops/b'\nreason = 'two'\n",
      "b.toml", kCases);
  const Baseline fresh =
      parsed_again(baseline_of(run_of({failing("hops/a", {}), failing("hops/b", {})}), known));
  ASSERT_EQ(fresh.accepted.size(), 2U);
  EXPECT_TRUE(fresh.accepted[0].sometimes);
  EXPECT_FALSE(fresh.accepted[1].sometimes);
}

TEST(NewBaseline, TellsClauseAndText) {
  EXPECT_THAT(to_toml(baseline_of(run_of({failing("hops/a", {hops_finding()})}), {})),
              HasSubstr("# MUST, RFC 1542, section 4.1.1: A request already carrying more than 16 hops"));
}

TEST(NewBaseline, WhatAReasonHoldsStaysOneString) {
  Finding strange = hops_finding("a \"b\" 'c' \\ \x1b[0m\n[[accepted]]");
  const Baseline baseline = parsed_again(baseline_of(run_of({failing("hops/a", {strange})}), {}));
  ASSERT_EQ(baseline.accepted.size(), 1U);
  EXPECT_EQ(baseline.accepted[0].reason,
            "still to be looked at: expected a \"b\" 'c' \\ \\x1b[0m [[accepted]], observed 18");
}

}  // namespace
}  // namespace relayspec
