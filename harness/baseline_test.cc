// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/baseline.h"

#include <gmock/gmock.h>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kRequirement = "RFC1542-4.1.1-hops-over-16-discard";
constexpr const char* kEntry = "[[accepted]]\ncase = 'hops/a'\nreason = 'known since 2012'\n";
constexpr const char* kByRequirement =
    "[[accepted]]\nrequirement = 'RFC1542-4.1.1-hops-over-16-discard'\nreason = 'the limit is 32'\n";

const std::vector<std::string> kKnown = {"hops/a", "hops/b", "hops/17-is-discarded"};

Baseline parsed(const std::string& text) { return Baseline::parse(text, "b.toml", kKnown); }

Finding finding_of(const std::string& requirement, Verdict v = Verdict::fail) {
  return {.verdict = v, .requirement = requirement};
}

RunResult run_with(Verdict v, const std::string& id = "hops/a", std::vector<Finding> findings = {}) {
  RunResult run;
  run.cases.push_back({.id = id, .requirements = {kRequirement}, .verdict = v});
  run.cases.back().findings = std::move(findings);
  return run;
}

TEST(Baseline, AcceptsListedDeviations) {
  const Baseline baseline = parsed(kEntry);
  for (const Verdict v : {Verdict::fail, Verdict::warn}) {
    RunResult run = run_with(v, "hops/a", {finding_of("x", v), finding_of("y", Verdict::note)});
    baseline.apply(run);
    EXPECT_EQ(run.cases[0].accepted, "known since 2012");
    EXPECT_EQ(run.cases[0].findings[0].accepted, "known since 2012");
    EXPECT_EQ(run.cases[0].findings[1].accepted, "");
    EXPECT_THAT(run.no_longer_deviating, IsEmpty());
  }
}

TEST(Baseline, LeavesOtherDeviationsAlone) {
  RunResult run = run_with(Verdict::fail, "hops/b", {finding_of("x")});
  parsed(kEntry).apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_EQ(run.cases[0].findings[0].accepted, "");
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, AcceptsEveryFindingOfAListedRequirement) {
  RunResult run =
      run_with(Verdict::fail, "hops/a", {finding_of(kRequirement), finding_of(kRequirement, Verdict::warn)});
  run.cases.push_back(run_with(Verdict::fail, "hops/b", {finding_of(kRequirement)}).cases[0]);
  parsed(kByRequirement).apply(run);
  for (const CaseResult& c : run.cases) {
    EXPECT_EQ(c.accepted, "the limit is 32");
    for (const Finding& f : c.findings) EXPECT_EQ(f.accepted, "the limit is 32");
  }
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, ACaseWithAFindingOfAnotherRequirementIsNotAccepted) {
  RunResult run =
      run_with(Verdict::fail, "hops/a", {finding_of(kRequirement), finding_of("x", Verdict::warn)});
  parsed(kByRequirement).apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_EQ(run.cases[0].findings[0].accepted, "the limit is 32");
  EXPECT_EQ(run.cases[0].findings[1].accepted, "");
}

TEST(Baseline, ANoteBesideAnAcceptedFindingChangesNothing) {
  RunResult run =
      run_with(Verdict::fail, "hops/a", {finding_of("x", Verdict::note), finding_of(kRequirement)});
  parsed(kByRequirement).apply(run);
  EXPECT_EQ(run.cases[0].accepted, "the limit is 32");
}

TEST(Baseline, AnEntryByRequirementAcceptsNoCaseWithoutFindings) {
  RunResult run = run_with(Verdict::fail);
  parsed(kByRequirement).apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
}

TEST(Baseline, NamesEntriesThatNoLongerDeviate) {
  for (const Verdict v : {Verdict::pass, Verdict::note}) {
    RunResult run = run_with(v);
    parsed(std::string(kEntry) + kByRequirement).apply(run);
    EXPECT_THAT(run.no_longer_deviating, ElementsAre("hops/a", kRequirement));
    EXPECT_EQ(run.cases[0].accepted, "");
  }
}

TEST(Baseline, AnEntryForWhatDeviatesByChanceMayAcceptNothing) {
  RunResult run = run_with(Verdict::pass);
  parsed(std::string(kEntry) + "sometimes = true\n").apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, ARequirementThatDeviatesInACaseAboutAnotherOneStillDeviates) {
  RunResult run = run_with(Verdict::pass);
  run.cases.push_back({.id = "hops/b", .verdict = Verdict::fail});
  run.cases.back().findings = {finding_of(kRequirement)};
  parsed(kByRequirement).apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, AChoiceUnderARequirementIsNoDeviationFromIt) {
  RunResult run = run_with(Verdict::note, "hops/a", {finding_of(kRequirement, Verdict::note)});
  parsed(kByRequirement).apply(run);
  EXPECT_THAT(run.no_longer_deviating, ElementsAre(kRequirement));
}

TEST(Baseline, WhatWasNotJudgedIsNeitherAcceptedNorNamed) {
  const Baseline baseline = parsed(std::string(kEntry) + kByRequirement);
  for (const Verdict v : {Verdict::skip, Verdict::error}) {
    RunResult run = run_with(v);
    baseline.apply(run);
    EXPECT_EQ(run.cases[0].accepted, "");
    EXPECT_THAT(run.no_longer_deviating, IsEmpty());
  }
  RunResult none;
  baseline.apply(none);
  EXPECT_THAT(none.no_longer_deviating, IsEmpty());
}

TEST(Baseline, ARequirementThatNoCaseOfTheRunCoversIsNotNamed) {
  RunResult run = run_with(Verdict::pass);
  run.cases[0].requirements.clear();
  parsed(kByRequirement).apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

constexpr const char* kByField =
    "[[accepted]]\nrequirement = 'RFC1542-4.1.1-hops-over-16-discard'\nfield = 'hops'\nkind = 'bug'\n"
    "reason = 'the limit is 32'\n";

TEST(Baseline, AnEntryWithAFieldAcceptsThatFieldAlone) {
  Finding hops = finding_of(kRequirement), message = finding_of(kRequirement);
  hops.field = "hops";
  message.field = "message";
  RunResult run = run_with(Verdict::fail, "hops/a", {hops, message});
  parsed(kByField).apply(run);
  EXPECT_EQ(run.cases[0].findings[0].accepted, "bug: the limit is 32");
  EXPECT_EQ(run.cases[0].findings[1].accepted, "");
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());

  run.cases[0].findings = {message};
  parsed(kByField).apply(run);
  EXPECT_THAT(run.no_longer_deviating, ElementsAre("RFC1542-4.1.1-hops-over-16-discard (hops)"));
}

// Or it would hide a relay that delivers nothing any more.
TEST(Baseline, ALossOfEveryReplyIsAcceptedByItsFieldAlone) {
  Finding all = finding_of(kRequirement);
  all.field = field_of_all_replies;
  const std::string by_requirement =
      "[[accepted]]\nrequirement = 'RFC1542-4.1.1-hops-over-16-discard'\nreason = 'x'\n";
  for (const char* field : {"", "field = 'message'\n", "field = 'every reply'\n"}) {
    RunResult run = run_with(Verdict::fail, "hops/a", {all});
    parsed(by_requirement + field).apply(run);
    EXPECT_EQ(run.cases[0].accepted,
              std::string_view(field).find("every") != std::string_view::npos ? "x" : "")
        << field;
  }
}

std::string baseline_complaint(const std::string& text) {
  try {
    parsed(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

constexpr const char* kNarrow =
    "[[accepted]]\nrequirement = 'RFC1542-4.1.1-hops-over-16-discard'\nfield = 'hops'\nreason = 'r'\n";

RunResult run_with_hops(const std::string& id, const std::string& kind, const std::string& config = "") {
  Finding f = finding_of(kRequirement);
  f.field = "hops";
  f.kind = kind;
  RunResult run = run_with(Verdict::fail, id, {f});
  run.dialect = "rfc";
  run.cases[0].config = config;
  return run;
}

TEST(Baseline, AnEntryWithDifferencesAcceptsThoseAlone) {
  const Baseline baseline = parsed(std::string(kNarrow) + "differences = ['request hops +0']\n");
  RunResult run = run_with_hops("hops/a", "request hops +0");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "r");
  EXPECT_THAT(run.beyond_baseline, IsEmpty());

  run = run_with_hops("hops/a", "request hops +2");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_THAT(run.beyond_baseline,
              ElementsAre("hops/a: RFC1542-4.1.1-hops-over-16-discard is accepted in b.toml:1 only for the "
                          "difference 'request hops +0', and this is 'request hops +2'"));
  EXPECT_THAT(run.no_longer_deviating,
              ElementsAre("RFC1542-4.1.1-hops-over-16-discard (hops): request hops +0"));
}

TEST(Baseline, EachDifferenceOfAnEntryHasToDeviate) {
  const std::string entry = std::string(kNarrow) + "differences = ['request hops +0', 'request hopz +2']\n";
  RunResult run = run_with_hops("hops/a", "request hops +0");
  parsed(entry).apply(run);
  EXPECT_THAT(run.no_longer_deviating,
              ElementsAre("RFC1542-4.1.1-hops-over-16-discard (hops): request hopz +2"));
  parsed(entry + "sometimes = true\n").apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, AnEntryWithCasesAcceptsInThoseAlone) {
  const Baseline baseline = parsed(std::string(kNarrow) + "cases = ['hops/b', 'hops/1*']\n");
  for (const char* id : {"hops/b", "hops/17-is-discarded"}) {
    RunResult run = run_with_hops(id, "x");
    baseline.apply(run);
    EXPECT_EQ(run.cases[0].accepted, "r") << id;
    EXPECT_THAT(run.no_longer_deviating, IsEmpty());
  }
  RunResult run = run_with_hops("hops/a", "x");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_THAT(run.beyond_baseline,
              ElementsAre(HasSubstr(
                  "only in the cases 'hops/b', 'hops/1*'; if this is the same, add the case there")));
  EXPECT_THAT(run.no_longer_deviating, IsEmpty()) << "no case that it names was judged";
}

TEST(Baseline, AnEntryMayShowInACaseThatIsNotRun) {
  const Baseline baseline = parsed(std::string(kNarrow) + "cases = ['hops/a', 'hops/b']\n");
  RunResult run = run_with(Verdict::pass);
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
  run.cases.push_back(run_with(Verdict::pass, "hops/b").cases[0]);
  baseline.apply(run);
  EXPECT_EQ(run.no_longer_deviating.size(), 1U);
}

TEST(Baseline, WhatIsUnexpectedMayComeLate) {
  const Baseline baseline = parsed(std::string(kNarrow) + "differences = ['unexpected']\n");
  RunResult run = run_with_hops("hops/a", "late");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "r");
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
}

TEST(Baseline, AnEntryWithSettingsAcceptsUnderThoseAlone) {
  const Baseline baseline = parsed(std::string(kNarrow) + "settings = ['*option82*']\n");
  RunResult run = run_with_hops("hops/a", "x", "1 downlink, option82");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "r");
  run = run_with_hops("hops/a", "x", "1 downlink");
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  EXPECT_THAT(run.beyond_baseline,
              ElementsAre(HasSubstr("under the settings '*option82*', and these are '1 downlink'")));
}

TEST(Baseline, SaysWhatOfTheNearestEntryDiffers) {
  const std::string in_strict = std::string(kNarrow) + "dialect = 'strict'\n";
  RunResult run = run_with_hops("hops/a", "x");
  parsed(in_strict).apply(run);
  EXPECT_THAT(run.beyond_baseline, ElementsAre(HasSubstr("only in the dialect strict, and this is rfc")));
  run.cases[0].findings[0].field = "message";
  parsed(in_strict + kNarrow).apply(run);
  EXPECT_THAT(run.beyond_baseline, ElementsAre(HasSubstr("b.toml:6 only for 'hops', and this is 'message'")));
}

TEST(Baseline, EntriesOfOneFieldMayDifferInWhatNarrowsThem) {
  const std::string a = std::string(kNarrow) + "cases = ['hops/a']\n",
                    b = std::string(kNarrow) + "cases = ['hops/b']\n";
  EXPECT_EQ(parsed(a + b).accepted.size(), 2U);
  EXPECT_THAT(baseline_complaint(a + a), HasSubstr("is listed in b.toml:1 already"));
}

TEST(Baseline, RefusesNarrowingThatFitsNothing) {
  EXPECT_EQ(baseline_complaint(std::string(kNarrow) + "cases = ['hops/q*']\n"),
            "b.toml:5: no case is called 'hops/q*'; did you mean 'hops/a'?");
  EXPECT_EQ(baseline_complaint(std::string(kNarrow) + "differences = []\n"),
            "b.toml:5: 'differences' is empty, so that nothing is accepted; leave it out");
  EXPECT_EQ(baseline_complaint(std::string(kNarrow) + "differences = ['']\n"),
            "b.toml:5: what 'differences' lists is empty; take it out");
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + "cases = ['hops/a']\n"),
            "b.toml:4: 'cases' goes with 'requirement'; a case is accepted as a whole");
}

TEST(Baseline, AnEntryOfAnotherDialectSaysNothing) {
  const Baseline baseline = parsed(std::string(kEntry) + "dialect = 'strict'\n");
  RunResult run = run_with(Verdict::fail);
  run.dialect = "rfc";
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "");
  run.dialect = "strict";
  baseline.apply(run);
  EXPECT_EQ(run.cases[0].accepted, "known since 2012");

  run = run_with(Verdict::pass);
  run.dialect = "rfc";
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_deviating, IsEmpty());
  run.dialect = "strict";
  baseline.apply(run);
  EXPECT_THAT(run.no_longer_deviating, ElementsAre("hops/a"));
}

TEST(Baseline, TheSameInTwoDialectsIsTwoEntries) {
  const std::string strict = std::string(kEntry) + "dialect = 'strict'\n",
                    rfc = std::string(kEntry) + "dialect = 'rfc'\n";
  EXPECT_EQ(parsed(strict + rfc).accepted.size(), 2U);
}

TEST(Baseline, AnotherVersionOfTheRelayIsRemarked) {
  RunResult run;
  run.relay_version = "x 2";
  EXPECT_EQ(parsed(kEntry).remark_on_version(run), "");
  EXPECT_EQ(parsed("version = 'x 2'").remark_on_version(run), "");
  EXPECT_EQ(
      parsed("\nversion = 'x 1'").remark_on_version(run),
      "b.toml:2: the baseline is of 'x 1', and this relay is 'x 2': look whether its reasons still hold, and "
      "write this version there");
}

TEST(Baseline, RefusesWhatIsWrong) {
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + kEntry),
            "b.toml:5: 'hops/a' is listed in b.toml:1 already; keep one of the two");
  EXPECT_THAT(baseline_complaint(std::string(kByRequirement) + kByRequirement),
              HasSubstr("listed in b.toml:1 already"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\ncase = 'hops/a'\n"),
              HasSubstr("b.toml:1: [[accepted]] has no 'reason'"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\ncase = 'hops/a'\nreason = ''\n"),
              HasSubstr("b.toml:3: 'reason' is empty"));
  EXPECT_THAT(baseline_complaint("[[accepted]]\nid = 'a'\nreason = 'r'\n"),
              HasSubstr("b.toml:2: unknown key 'id'"));
  EXPECT_THAT(baseline_complaint("[[acepted]]\n"), HasSubstr("did you mean 'accepted'?"));
  EXPECT_THROW(Baseline::load("/no/such/file.toml", kKnown), InputError);
}

TEST(Baseline, AnEntryHasEitherACaseOrARequirement) {
  EXPECT_EQ(baseline_complaint("[[accepted]]\nreason = 'r'\n"),
            "b.toml:1: [[accepted]] has no 'case' and no 'requirement'; add one of them");
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + "requirement = 'x'\n"),
            "b.toml:4: an entry has either 'case' or 'requirement'; make two entries of it");
}

TEST(Baseline, RefusesOtherWords) {
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + "kind = 'fault'\n"),
            "b.toml:4: 'kind' is 'fault'; it must be one of bug, choice, unknown");
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + "dialect = 'lax'\n"),
            "b.toml:4: 'dialect' is 'lax'; it must be one of rfc, strict, proxy");
  EXPECT_EQ(baseline_complaint(std::string(kEntry) + "field = 'hops'\n"),
            "b.toml:4: 'field' goes with 'requirement'; a case is accepted as a whole");
}

TEST(Baseline, AnEntryNamesWhatExists) {
  EXPECT_EQ(baseline_complaint("\n[[accepted]]\nreason = 'r'\ncase = 'hops/17-is-discardet'\n"),
            "b.toml:4: there is no case 'hops/17-is-discardet'; did you mean 'hops/17-is-discarded'?");
  EXPECT_EQ(baseline_complaint(
                "[[accepted]]\nreason = 'r'\nrequirement = 'RFC1542-4.1.1-hops-over-16-discarded'\n"),
            "b.toml:3: there is no requirement 'RFC1542-4.1.1-hops-over-16-discarded'; did you mean "
            "'RFC1542-4.1.1-hops-over-16-discard'?");
  EXPECT_EQ(baseline_complaint("[[accepted]]\nreason = 'r'\ncase = 'q'\n"),
            "b.toml:3: there is no case 'q'; 'relayspec list' shows them all");
}

}  // namespace
}  // namespace relayspec
