// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/testing.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Html, HasEverythingInOneFileAndNothingFromElsewhere) {
  const std::string html = html_report(made_up_run());
  EXPECT_THAT(html, AllOf(HasSubstr("hops/17-is-discarded"), HasSubstr("RFC 1542, section 4.1.1"),
                          HasSubstr("one message\nto server 1"), HasSubstr("prefers-color-scheme: dark"),
                          HasSubstr("known since 2012"), HasSubstr("hops/was-wrong")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("src=")),
                          Not(HasSubstr("<link")), Not(HasSubstr("url("))));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<b>&")), Not(HasSubstr("|</script>")), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr("unsafe-inline")), Not(HasSubstr(" style=")), Not(HasSubstr(" onclick="))));
}

TEST(Html, ShowsEachDeviationBeforeTheCases) {
  const std::string html = html_report(made_up_run());
  const std::size_t cases = html.find("<h2>Cases</h2>");
  const std::string head = html.substr(0, cases), list = html.substr(cases);
  EXPECT_THAT(head, AllOf(HasSubstr("3 deviations (2 MUST), 1 of them accepted by the baseline"),
                          HasSubstr("RFC1542-4.1.1-hops-over-16-discard"),
                          HasSubstr("MUST · RFC 1542, section 4.1.1"), HasSubstr("<dd>16 at most</dd>"),
                          HasSubstr("<dd>18</dd>"), Not(HasSubstr("12 00"))));
  EXPECT_THAT(head, HasSubstr("<a href=\"#hops/17-is-discarded\">hops/17-is-discarded</a> · "
                              "<a href=\"evidence/hops--17-is-discarded.pcapng\">capture</a>"));
  EXPECT_THAT(head, HasSubstr("<details class=\"more\"><summary>and 1 more</summary>\n<ul>\n<li><a "
                              "href=\"#hops/20-is-discarded\">hops/20-is-discarded</a></li>"));
  EXPECT_THAT(head, HasSubstr("<li>DISCOVER, no flag · 2 times</li>"));
  EXPECT_THAT(list, HasSubstr("id=\"hops/20-is-discarded\""));
  EXPECT_LT(head.find("hops/17"), head.find("giaddr/kept"));          // fail before warn
  EXPECT_LT(head.find("giaddr/kept"), head.find("option82/kept"));    // what is accepted last
  EXPECT_LT(head.find("option82/kept"), head.find("giaddr/chosen"));  // deviations before choices
}

TEST(Html, TellsFirstWhatIsNotAsTheBaselineHasIt) {
  const std::string html = html_report(made_up_run_with_other_skips());
  EXPECT_LT(html.find("<h2>Not as the baseline has it</h2>"), html.find("<h2>Deviations</h2>"));
  EXPECT_THAT(html, AllOf(HasSubstr("<li><b>hops/was-wrong</b> no longer deviates"),
                          HasSubstr("<li><b>hops/1*</b> is no longer skipped"),
                          HasSubstr("<li><b>option82/added</b> is skipped, and")));
}

TEST(Html, ListsTheWorstCasesFirst) {
  const std::string html = html_report(made_up_run()), list = html.substr(html.find("<h2>Cases</h2>"));
  EXPECT_LT(list.find("hops/17"), list.find("giaddr/kept"));    // fail before warn
  EXPECT_LT(list.find("giaddr/kept"), list.find("hops/16"));    // warn before pass
  EXPECT_LT(list.find("hops/17"), list.find("option82/kept"));  // news before what is accepted
}

TEST(Html, OfNothingSaysThatNoCaseWasRun) {
  EXPECT_THAT(html_report({.relay_name = "x", .dialect = "rfc"}), HasSubstr("no case was run"));
}

}  // namespace
}  // namespace relayspec
