// SPDX-License-Identifier: Apache-2.0
// A fuzz run as a page: each finding with the frames that show it.
#include <fmt/format.h>

#include "harness/reports/assets.h"
#include "harness/reports/card.h"
#include "harness/reports/digest.h"
#include "harness/reports/exhibit.h"
#include "harness/reports/fuzz.h"
#include "harness/reports/markup.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

constexpr Asset no_script{"", "'none'"};

/// As the exhibits of a run's report take it.
CaseResult case_of(const FuzzFinding& f) {
  CaseResult c{.verdict = Verdict::fail, .frames = f.frames};
  c.findings.push_back({.requirement = f.requirement,
                        .field = f.field,
                        .expected = f.expected,
                        .observed = f.observed,
                        .exhibit = f.exhibit});
  return c;
}

std::string finding_card(const FuzzFinding& f) {
  const Requirement* rule = Catalogue::shipped().find(f.requirement);
  const std::string clause = Catalogue::shipped().clause(f.requirement);
  const std::string level = rule ? rule->level : "";
  Card card{.verdict = level.starts_with("MUST") ? Verdict::fail : Verdict::warn,
            .title = f.requirement,
            .soft = level_and_clause(level, clause),
            .why = f.kind + ": " + f.what};
  std::string& html = card.terms;
  if (rule) html += term("rule", inline_text(rule->text));
  html += term("expected", inline_text(f.expected));
  html += term("observed", inline_text(f.observed));
  html += term("sent", inline_text(f.sent));
  html += term("settings", inline_text(f.settings));
  html += term("found", fmt::format("after {} packets and {}, shown by {} stimuli", f.packets_until_found,
                                    duration_in_words(f.ms_until_found), f.times));
  html += term("smallest", fmt::format("{} packets, {} octets{}", f.packets, f.octets,
                                       f.again ? "" : "; a fresh relay does not show it again"));
  if (!f.capture.empty()) html += term("capture", link(f.capture, f.capture));
  const Deviation d{.requirement = f.requirement,
                    .field = f.field,
                    .expected = f.expected,
                    .observed = f.observed,
                    .exhibit = f.exhibit};
  card.exhibit = exhibit_html(d, case_of(f));
  return card_html(card);
}

std::string summary_of(const FuzzResult& r) {
  return fmt::format(
      "<dl>\n{}{}{}{}{}{}</dl>\n",
      term("packets", fmt::format("{}, {} of them relayed", r.packets, r.relayed)),
      term("judged", fmt::format("{} a second", r.judged_per_second())),
      term("kinds of answers", std::to_string(r.novel)),
      r.places == 0 ? "" : term("places of its code reached", std::to_string(r.places)),
      term("relay started", fmt::format("{} times, with {} feature sets", r.starts, r.settings.size())),
      term("replay", "relayspec replay CAPTURE --relay P shows a finding again"));
}

}  // namespace

std::string fuzz_html(const FuzzResult& r) {
  const std::string title = fmt::format("{}, fuzzed in dialect {}", r.relay_name, r.dialect);
  const std::string header =
      fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} findings in {} · seed {} · {} · relayspec {}</p>\n",
                  inline_text(title), r.findings.size(), duration_in_words(r.ms), r.seed,
                  inline_text(r.relay_version), inline_text(r.tool_version));
  std::string main = summary_of(r) + "<h2>Findings</h2>\n";
  if (r.findings.empty()) main += "<p>None.</p>\n";
  for (const FuzzFinding& f : r.findings) main += finding_card(f);
  for (const std::string& line : r.trouble) main += fmt::format("<p>{}</p>\n", inline_text(line));
  return page(title, {report_css}, no_script, header, main);
}

}  // namespace relayspec
