// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/deviations.h"
#include "harness/reports/assets.h"
#include "harness/reports/card.h"
#include "harness/reports/digest.h"
#include "harness/reports/exhibit.h"
#include "harness/reports/markup.h"
#include "harness/reports/reports.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

std::string block(std::string_view text) {
  return text.empty() ? "" : fmt::format("<pre>{}</pre>", escape_markup(indent_rest(text, 0)));
}

std::string link_to_case(const std::string& id) { return link("#" + id, id); }

std::string capture_anchor(const std::string& evidence) {
  return evidence.empty() ? "" : " · " + link(evidence, "capture");
}

std::string folded_list(const std::string& summary, const std::vector<std::string>& items) {
  std::string html = fmt::format("<details class=\"more\"><summary>{}</summary>\n<ul>\n", summary);
  for (const std::string& item : items) html += fmt::format("<li>{}</li>\n", item);
  return html + "</ul>\n</details>\n";
}

/// The cases behind the example, and the rows of a matrix, folded.
std::string more(const Deviation& d) {
  std::string html;
  std::vector<std::string> items;
  for (const std::string& id : other_ids(d)) items.push_back(link_to_case(id));
  if (!items.empty()) html += folded_list(fmt::format("and {} more", items.size()), items);
  items.clear();
  for (const auto& [combination, times] : d.combinations)
    items.push_back(inline_text(times == 1 ? combination : fmt::format("{} · {} times", combination, times)));
  if (items.size() > 1) html += folded_list(fmt::format("{} combinations", items.size()), items);
  return html;
}

std::string deviation_card(const Deviation& d, const RunResult& run) {
  Card card{.verdict = d.verdict,
            .title = d.requirement,
            .soft = level_and_clause(d.level, d.clause),
            .why = d.reason};
  card.terms = term("accepted", inline_text(d.accepted)) + term("expected", inline_text(d.expected)) +
               term("observed", inline_text(d.observed)) + term("settings", inline_text(d.settings)) +
               term("shown by", inline_text(d.combination)) +
               term("case", link_to_case(d.case_id) + capture_anchor(d.evidence) + more(d));
  const auto of = std::find_if(run.cases.begin(), run.cases.end(),
                               [&](const CaseResult& c) { return c.id == d.case_id; });
  if (of != run.cases.end() && d.verdict != Verdict::note) card.exhibit = exhibit_html(d, *of);
  return card_html(card);
}

std::string deviations(const RunResult& run) {
  std::string html;
  for (const Deviation& d : deviations_of(run.cases)) html += deviation_card(d, run);
  if (!html.empty()) html = "<h2>Deviations</h2>\n" + html;
  std::string notes;
  const std::vector<Deviation> choices = choices_of(run.cases);
  for (const Deviation& c : choices) notes += deviation_card(c, run);
  if (notes.empty()) return html;
  return html + fmt::format(
                    "<h2>Choices that the standards leave</h2>\n<details class=\"more\"><summary>{}"
                    "</summary>\n{}</details>\n",
                    choices.size(), notes);
}

std::string case_details(const CaseResult& c) {
  std::string html = fmt::format(
      "<details class=\"case {0}\" id=\"{2}\" data-verdict=\"{0}\" data-suite=\"{1}\">\n"
      "<summary><b>{0}</b><span class=\"id\">{2}</span><span class=\"soft\">{3}</span>",
      name(c.verdict), inline_text(c.suite), inline_text(c.id),
      inline_text(c.accepted.empty() ? c.level : "accepted · " + c.level));
  if (!c.reason.empty()) html += fmt::format("<span class=\"why\">{}</span>", escape_markup(c.reason));
  html += "</summary>\n<dl>\n";
  html += term("clause", inline_text(c.clause));
  html += term("accepted", inline_text(c.accepted));
  html += term("expected", block(c.expected));
  html += term("observed", block(c.observed));
  html += term("difference", block(c.difference));
  if (!c.evidence.empty())
    html += term("capture", fmt::format("<a href=\"{0}\">{0}</a>", inline_text(c.evidence)));
  html += term("requirements", inline_text(join(c.requirements)));
  html += term("relay", inline_text(c.config));
  html += term("source", inline_text(c.source));
  html += term("took", fmt::format("{} µs", c.duration_us));
  return html + "</dl>\n</details>\n";
}

/// As wide as the counts are high; the words above it say the same.
std::string bar(const Counts& counts) {
  std::size_t at = 0;
  std::string rects;
  for (const Verdict v : kByWeight) {
    const std::size_t n = counts[index(v)];
    if (n) rects += fmt::format("<rect class=\"{}\" x=\"{}\" width=\"{}\" height=\"1\"/>", name(v), at, n);
    at += n;
  }
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>\n",
      std::max<std::size_t>(at, 1), rects);
}

/// Shown by the script, since it works only with it.
std::string filters(const RunResult& run, const Counts& counts) {
  std::string html = "<div class=\"filters\" hidden>\n";
  for (const Verdict v : kByWeight) {
    if (counts[index(v)] == 0) continue;
    html += fmt::format(
        "<button class=\"verdict {0}\" data-verdict=\"{0}\" aria-pressed=\"true\"><b>{1}</b> {0}</button>\n",
        name(v), counts[index(v)]);
  }
  html += "<select id=\"suite\" aria-label=\"suite\"><option value=\"\">all suites</option>";
  for (const SuiteCounts& s : counts_by_suite(run))
    html += fmt::format("<option>{}</option>", inline_text(s.suite));
  return html +
         "</select>\n<input id=\"words\" type=\"search\" placeholder=\"words\" aria-label=\"words\">\n"
         "<span id=\"shown\" class=\"soft\"></span>\n</div>\n";
}

std::string suite_table(const RunResult& run, const Counts& all) {
  std::string html = "<table>\n<thead><tr><th scope=\"col\">suite</th>";
  for (const Verdict v : kByWeight) {
    if (all[index(v)]) html += fmt::format("<th scope=\"col\">{}</th>", name(v));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const SuiteCounts& s : counts_by_suite(run)) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", inline_text(s.suite));
    for (const Verdict v : kByWeight) {
      const std::size_t n = s.counts[index(v)];
      if (all[index(v)]) html += n ? fmt::format("<td class=\"some {}\">{}</td>", name(v), n) : "<td></td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

/// By weight of the verdict, accepted deviations behind the others, else in the order they ran.
std::vector<const CaseResult*> sorted_cases(const RunResult& run) {
  std::vector<const CaseResult*> cases;
  for (const CaseResult& c : run.cases) cases.push_back(&c);
  const auto rank = [](const CaseResult* c) {
    const auto weight = std::find(kByWeight.begin(), kByWeight.end(), c->verdict) - kByWeight.begin();
    return std::pair(weight, !c->accepted.empty());
  };
  std::stable_sort(cases.begin(), cases.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); });
  return cases;
}

std::string what_the_baseline_has_otherwise(const RunResult& run) {
  std::string items;
  for (const BaselineRemark& r : remarks_on_baseline(run))
    items += fmt::format("<li><b>{}</b> {}</li>\n", inline_text(r.what), inline_text(r.words));
  return items.empty() ? "" : "<h2>Not as the baseline has it</h2>\n<ul>\n" + items + "</ul>\n";
}

}  // namespace

std::string html_report(const RunResult& run) {
  const Counts counts = run.counts();
  const std::string title = fmt::format("{}, dialect {}", relay_in_words(run), run.dialect);
  const std::string header =
      fmt::format("<h1>{}</h1>\n<p><b>{}</b> <span class=\"soft\">· {} in {} · relayspec {}</span></p>\n{}",
                  inline_text(title), deviations_in_words(deviations_of(run.cases)), counts_in_words(counts),
                  duration_in_words(run.duration_ms), inline_text(run.tool_version), bar(counts));
  std::string main = what_the_baseline_has_otherwise(run) + deviations(run);
  main += "<h2>Cases</h2>\n" + filters(run, counts);
  for (const CaseResult* c : sorted_cases(run)) main += case_details(*c);
  main += "<h2>Suites</h2>\n" + suite_table(run, counts);
  if (!run.relay_output.empty()) {
    main += "<h2>What the relay wrote</h2>\n<details class=\"more\"><summary>its last lines</summary>" +
            block(run.relay_output) + "</details>\n";
  }
  return page(title, {report_css}, report_js, header, main);
}

}  // namespace relayspec
