// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/compare.h"

#include <nlohmann/json.hpp>

#include "harness/reports/testing.h"
#include "harness/text.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string hops_rule = "RFC1542-4.1.1-hops-over-16-discard";

/// A relay that is right, and one whose name, version and findings break what forgets to escape.
Comparison made_up_comparison() {
  const RunResult run = made_up_run();
  Comparison c{.tool_version = "0.1.0", .dialect = "rfc", .seed = 7, .stimuli = 50};
  c.relays = {{"right", "1.0", {made_up_case("hops", "16-is-relayed", Verdict::pass, "")}},
              {kNasty, kNasty, run.cases}};
  c.rows = matrix_of(c.relays);
  c.differences = {{.relay = kNasty,
                    .what = "hops +1 in replies",
                    .stimuli = 12,
                    .requirement = hops_rule,
                    .broken_by = kNasty,
                    .verdict = Verdict::fail,
                    .sent = kNasty,
                    .reference = kNasty,
                    .observed = kNasty,
                    .frames = {made_up_frame(Segment::uplink, Origin::relay, 1, {kNasty})}},
                   {.relay = kNasty, .what = "requests lost", .stimuli = 3, .choice = true}};
  return c;
}

TEST(CompareJson, KeepsToItsSchema) {
  const auto json = nlohmann::json::parse(compare_json(made_up_comparison()));
  EXPECT_EQ(json["schema"], "relayspec/compare/1");
  EXPECT_EQ(json["reference"], "right");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["stimuli"], 50);
  EXPECT_EQ(json["relays"][0]["counts"]["pass"], 1);
  EXPECT_EQ(json["requirements"][0]["id"], hops_rule);
  EXPECT_EQ(json["requirements"][0]["level"], "MUST");
  EXPECT_EQ(json["requirements"][0]["verdicts"]["right"], "pass");
  const auto& difference = json["differences"][0];
  EXPECT_EQ(difference["what"], "hops +1 in replies");
  EXPECT_EQ(difference["stimuli"], 12);
  EXPECT_EQ(difference["requirement"], hops_rule);
  EXPECT_EQ(difference["choice"], false);
  EXPECT_TRUE(difference["example"].contains("file"));
  EXPECT_EQ(json["differences"][1]["choice"], true);
}

TEST(CompareTerminal, FitsTheWidthAndShowsWhatDeviates) {
  for (const bool colour : {false, true}) {
    const std::string text = compare_terminal(made_up_comparison(), {.colour = colour});
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t to = text.find('\n', from);
      EXPECT_LE(columns(text.substr(from, to - from)), 80U) << text.substr(from, to - from);
      from = to + 1;
    }
    EXPECT_THAT(text, AllOf(HasSubstr(hops_rule), HasSubstr("hops +1 in replies"), HasSubstr("choice"),
                            HasSubstr("50 stimuli, seed 7; differences from right: 2")));
  }
  EXPECT_THAT(compare_terminal(made_up_comparison()),
              AllOf(HasSubstr(hops_rule + std::string(35, ' ') + "pass  fail\n"), Not(HasSubstr("\x1b"))));
}

TEST(CompareTerminal, ARelayWithoutVerdictsIsNotOneThatDeviatesNowhere) {
  Comparison c = made_up_comparison();
  c.relays[0].cases = {made_up_case("hops", "16-is-relayed", Verdict::error, "no such interface")};
  EXPECT_THAT(compare_terminal(c), HasSubstr("right: could not be judged: no such interface"));
}

TEST(CompareTerminal, SaysNothingOfStimuliWhereNoneWereSent) {
  Comparison c = made_up_comparison();
  c.stimuli = 0;
  EXPECT_THAT(compare_terminal(c), Not(HasSubstr("stimuli")));
}

TEST(CompareMarkdown, HasTheMatrixAndTheDifferences) {
  const std::string text = compare_markdown(made_up_comparison());
  EXPECT_THAT(text,
              AllOf(HasSubstr("| " + hops_rule + " | MUST | pass | [**fail**](evidence/hops"),
                    HasSubstr("| 12 | fail | hops +1 in replies | " + hops_rule), Not(HasSubstr("<b>&"))));
}

TEST(CompareHtml, HasEverythingInOneFileAndNothingFromElsewhere) {
  const std::string html = compare_html(made_up_comparison());
  EXPECT_THAT(html, AllOf(HasSubstr("default-src 'none'"), HasSubstr("prefers-color-scheme: dark"),
                          HasSubstr("@media print"), HasSubstr("data-level=\"MUST\""),
                          HasSubstr("id=\"" + hops_rule + "\""), HasSubstr("href=\"#" + hops_rule + "\"")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("src=")),
                          Not(HasSubstr("<link")), Not(HasSubstr("url("))));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<b>&")), Not(HasSubstr("|</script>")), Not(HasSubstr("\x1b"))));
}

TEST(CompareHtml, MarksWhatDiffersFromTheReference) {
  const std::string html = compare_html(made_up_comparison());
  EXPECT_THAT(html, HasSubstr("<tr class=\"row differs\" data-suite=\"hops giaddr option82\""));
}

TEST(CompareHtml, LeadsFromACellThatDeviatesToTheFramesThatShowIt) {
  const std::string html = compare_html(made_up_comparison());
  const std::string anchor = hops_rule + "--2";
  EXPECT_THAT(html, HasSubstr("<td class=\"fail\"><a class=\"cell\" href=\"#" + anchor + "\""));
  const std::size_t card = html.find("<article class=\"fail\" id=\"" + anchor + "\"");
  ASSERT_NE(card, std::string::npos);
  const std::string evidence = html.substr(card, html.find("</article>", card) - card);
  EXPECT_THAT(evidence, AllOf(HasSubstr("RFC 1542, section 4.1.1"), HasSubstr("hops 16 at most"),
                              HasSubstr("hops/17-is-discarded and 1 more"), HasSubstr("<svg"),
                              HasSubstr("evidence/hops--17-is-discarded.pcapng")));
}

TEST(CompareHtml, ShowsADifferenceWithTheFramesOfBothRelays) {
  const std::string html = compare_html(made_up_comparison());
  const std::size_t from = html.find("<details class=\"case difference fail\">");
  ASSERT_NE(from, std::string::npos);
  const std::string difference =
      html.substr(from, html.find("<details class=\"case difference", from + 1) - from);
  EXPECT_THAT(difference, AllOf(HasSubstr("12 stimuli"), HasSubstr("<figcaption>right</figcaption>"),
                                HasSubstr("class=\"pair\""), HasSubstr("href=\"#" + hops_rule + "\"")));
}

TEST(CompareHtml, StaysBelow5MegabytesHoweverManyRelaysDeviate) {
  Comparison c = made_up_comparison();
  const DifferenceGroup one = c.differences[0];
  for (DifferenceGroup d = one; c.differences.size() < 3000; c.differences.push_back(d)) {
    d.relay = c.relays[c.differences.size() % 2].name;
    d.frames.resize(12, one.frames[0]);
  }
  const std::string html = compare_html(c);
  EXPECT_LT(html.size(), 5'000'000U);
  EXPECT_THAT(html, HasSubstr("This page is full"));
}

TEST(CompareFiles, LeadFromACellToItsCapture) {
  const fs::path directory = fresh_directory();
  prepare_comparison_directory(directory);
  Comparison c = made_up_comparison();
  c.relays[1].cases[1].evidence.clear();
  write_comparison(c, directory);
  for (const char* file : {"compare.json", "compare.md", "compare.html"})
    EXPECT_TRUE(fs::exists(directory / file)) << file;
  EXPECT_TRUE(fs::exists(directory / c.rows[0].cells[1].evidence));
  EXPECT_TRUE(fs::exists(directory / c.differences[0].file));
  EXPECT_THAT(c.differences[0].file, ::testing::StartsWith("differences/"));
  fs::remove_all(directory);
}

}  // namespace
}  // namespace relayspec
