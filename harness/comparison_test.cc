// SPDX-License-Identifier: Apache-2.0
#include "harness/comparison.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string hops_rule = "RFC1542-4.1.1-hops-over-16-discard", ttl = "RFC1542-4.1.1-ttl",
                  request_relayed = "RFC1542-4.1.1-request-relayed";

CaseResult ended(const std::string& id, const std::string& requirement, Verdict v) {
  return {.id = id, .suite = id.substr(0, id.find('/')), .requirements = {requirement}, .verdict = v};
}

CaseResult found(const std::string& id, const std::string& covered, const std::string& broken, Verdict v) {
  CaseResult c = ended(id, covered, v);
  c.reason = "the reason";
  c.findings = {{.verdict = v, .requirement = broken, .reason = "the reason", .expected = "16"}};
  return c;
}

const Cell& cell(const std::vector<MatrixRow>& rows, const std::string& requirement, std::size_t relay) {
  for (const MatrixRow& row : rows) {
    if (row.requirement == requirement) return row.cells.at(relay);
  }
  throw std::out_of_range(requirement);
}

TEST(Comparison, ShowsTheWorstFindingOfARequirement) {
  CaseResult longer = found("hops/a", hops_rule, hops_rule, Verdict::fail);
  longer.frames.resize(2);
  const auto rows = matrix_of(
      std::vector<ComparedRelay>{{"one", "", {ended("hops/a", hops_rule, Verdict::pass)}},
                                 {"two", "", {longer, found("hops/b", hops_rule, hops_rule, Verdict::fail)}},
                                 {"three", "", {found("hops/a", hops_rule, hops_rule, Verdict::warn)}}});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].level, "MUST");
  EXPECT_THAT(rows[0].suites, ElementsAre("hops"));
  EXPECT_EQ(rows[0].cells[0].verdict, Verdict::pass);
  EXPECT_EQ(rows[0].cells[1].verdict, Verdict::fail);
  EXPECT_EQ(rows[0].cells[1].case_id, "hops/b") << "its record is the shorter one";
  EXPECT_THAT(rows[0].cells[1].cases, ElementsAre("hops/a", "hops/b"));
  EXPECT_EQ(rows[0].cells[2].verdict, Verdict::warn);
  EXPECT_TRUE(rows[0].differs(0));
}

// The rule that was found broken fails, whichever case has found it; the rule that the case is about has not
// been judged by it.
TEST(Comparison, BlamesTheRuleOfTheFinding) {
  const auto rows =
      matrix_of(std::vector<ComparedRelay>{{"one", "", {found("hops/a", hops_rule, ttl, Verdict::fail)}}});
  EXPECT_EQ(cell(rows, ttl, 0).verdict, Verdict::fail);
  EXPECT_EQ(cell(rows, hops_rule, 0).verdict, Verdict::skip);
  EXPECT_THAT(cell(rows, hops_rule, 0).reason, HasSubstr("the reason"));
  EXPECT_EQ(rows.front().requirement, ttl) << "what deviates comes first";
}

TEST(Comparison, OneCaseThatPassesIsEnoughBesideSkippedOnes) {
  const auto rows = matrix_of(std::vector<ComparedRelay>{
      {"one", "", {ended("hops/a", hops_rule, Verdict::skip), ended("hops/b", hops_rule, Verdict::pass)}},
      {"two", "", {ended("hops/a", hops_rule, Verdict::skip), ended("hops/b", hops_rule, Verdict::error)}},
      {"three", "", {ended("ttl/a", ttl, Verdict::pass)}}});
  EXPECT_EQ(cell(rows, hops_rule, 0).verdict, Verdict::pass);
  EXPECT_THAT(cell(rows, hops_rule, 0).cases, ElementsAre("hops/b"));
  EXPECT_EQ(cell(rows, hops_rule, 1).verdict, Verdict::error);
  EXPECT_EQ(cell(rows, hops_rule, 2).verdict, Verdict::skip);
}

TEST(Comparison, WhatWasNotJudgedDoesNotDiffer) {
  MatrixRow row{.cells = {{.verdict = Verdict::pass}, {.verdict = Verdict::skip}}};
  EXPECT_FALSE(row.differs(0));
  EXPECT_FALSE(row.differs(1));
  row.cells[1].verdict = Verdict::note;
  EXPECT_TRUE(row.differs(0));
}

TEST(Comparison, TheWorstComesFirst) {
  const auto rows = matrix_of(std::vector<ComparedRelay>{
      {"one",
       "",
       {ended("a/a", request_relayed, Verdict::pass), found("a/b", ttl, ttl, Verdict::warn),
        found("a/c", hops_rule, hops_rule, Verdict::fail)}}});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].requirement, hops_rule);
  EXPECT_EQ(rows[1].requirement, ttl);
  EXPECT_EQ(rows[2].requirement, request_relayed);
}

}  // namespace
}  // namespace relayspec
