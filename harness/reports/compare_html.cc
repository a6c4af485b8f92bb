// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/reports/assets.h"
#include "harness/reports/compare.h"
#include "harness/reports/digest.h"
#include "harness/reports/markup.h"
#include "harness/suggest.h"
#include "harness/text.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

/// One word, as the filters compare it.
std::string one_word(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '-');
  return text;
}

std::string choice_of(const char* id, const char* all_of_them, const std::vector<std::string>& words) {
  std::string html =
      fmt::format("<select id=\"{0}\" aria-label=\"{0}\"><option value=\"\">{1}</option>", id, all_of_them);
  for (const std::string& word : words) html += fmt::format("<option>{}</option>", inline_text(word));
  return html + "</select>\n";
}

/// Shown by the script, since it works only with it.
std::string compare_filters(const Comparison& c) {
  std::set<std::string> suites, levels;
  std::set<Verdict> seen;
  for (const MatrixRow& row : c.rows) {
    suites.insert(row.suites.begin(), row.suites.end());
    levels.insert(row.level);
    for (const Cell& cell : row.cells) seen.insert(cell.verdict);
  }
  std::vector<std::string> verdicts;
  for (const Verdict v : kByWeight) {
    if (seen.contains(v)) verdicts.emplace_back(name(v));
  }
  levels.erase("");
  return "<div class=\"filters\" hidden>\n" +
         choice_of("suite", "all suites", {suites.begin(), suites.end()}) +
         choice_of("level", "all levels", {levels.begin(), levels.end()}) +
         choice_of("verdict", "all verdicts", verdicts) +
         fmt::format("<label><input id=\"differs\" type=\"checkbox\"> differs from {}</label>\n",
                     inline_text(c.reference_name())) +
         "<input id=\"words\" type=\"search\" placeholder=\"words\" aria-label=\"words\">\n"
         "<span id=\"shown\" class=\"soft\"></span>\n</div>\n";
}

std::string matrix_row(const MatrixRow& row, const Comparison& c) {
  std::set<std::string> verdicts;
  for (const Cell& cell : row.cells) verdicts.emplace(name(cell.verdict));
  std::string html = fmt::format(
      "<tr class=\"row{}\" data-suite=\"{}\" data-level=\"{}\" data-verdict=\"{}\"><th "
      "scope=\"row\">{}</th><td "
      "class=\"soft level\">{}"
      "</td>",
      row.differs(c.reference) ? " differs" : "", inline_text(join(row.suites, " ")),
      inline_text(one_word(row.level)), fmt::format("{}", fmt::join(verdicts, " ")),
      inline_text(row.requirement), inline_text(row.level));
  for (const Cell& cell : row.cells)
    html += fmt::format("<td class=\"{0}\"><a class=\"cell\" href=\"#{1}\" title=\"{2}\">{0}</a></td>",
                        name(cell.verdict), inline_text(row.requirement), inline_text(cell.reason));
  return html + "</tr>\n";
}

std::string html_matrix(const Comparison& c) {
  std::string html =
      "<div class=\"wide\" id=\"matrix\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"matrix\"><table>\n<thead><tr>"
      "<th scope=\"col\">requirement</th><th scope=\"col\" class=\"level\">level</th>";
  for (const ComparedRelay& relay : c.relays)
    html += fmt::format("<th scope=\"col\">{}</th>", inline_text(relay.name));
  html += "</tr></thead>\n<tbody>\n";
  for (const MatrixRow& row : c.rows) html += matrix_row(row, c);
  return html + "</tbody></table></div>\n";
}

std::string cell_details(const ComparedRelay& relay, const Cell& cell) {
  std::string html = inline_text(cell.reason);
  const auto add = [&](const char* what, const std::string& text) {
    if (!text.empty()) html += fmt::format("<br><span class=\"soft\">{}</span> {}", what, inline_text(text));
  };
  if (cell.verdict == Verdict::fail || cell.verdict == Verdict::warn) {
    add("expected", cell.expected);
    add("observed", cell.observed);
  }
  if (!cell.case_id.empty()) {
    add("case", cell.case_id);
    if (cell.cases.size() > 1) html += fmt::format(" and {} more", cell.cases.size() - 1);
  }
  if (!cell.evidence.empty()) html += " · " + link(cell.evidence, "capture");
  return fmt::format("<dt class=\"word {0}\">{0} · {1}</dt><dd>{2}</dd>\n", name(cell.verdict),
                     inline_text(relay.name), html);
}

std::string rule_details(const MatrixRow& row, const Comparison& c) {
  std::string html = fmt::format(
      "<details class=\"rule\" id=\"{0}\"><summary><span class=\"id\">{0}</span> <span "
      "class=\"soft\">{1}</span>"
      "</summary>\n",
      inline_text(row.requirement), inline_text(row.level + " · " + row.clause));
  if (const Requirement* r = Catalogue::shipped().find(row.requirement))
    html += fmt::format("<p>{}</p>\n", inline_text(r->text));
  html += "<dl>\n";
  for (std::size_t i = 0; i < row.cells.size(); ++i) html += cell_details(c.relays[i], row.cells[i]);
  return html + "</dl>\n</details>\n";
}

std::string table_of_relays(const Comparison& c) {
  std::string html =
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"relays\"><table>\n<thead><tr><th "
      "scope=\"col\">relay</th>"
      "<th scope=\"col\">version</th><th scope=\"col\">deviations</th><th "
      "scope=\"col\">cases</th></tr></thead>\n<tbody>\n";
  for (const ComparedRelay& relay : c.relays) {
    Counts counts{};
    for (const CaseResult& r : relay.cases) ++counts[index(r.verdict)];
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"words\">{}</td><td>{}</td><td class=\"words "
        "soft\">{}</td></tr>\n",
        inline_text(relay.name), inline_text(relay.version), deviations_of_relay(relay),
        counts_in_words(counts));
  }
  return html + "</tbody></table></div>\n";
}

std::string difference_row(const DifferenceGroup& d, const Comparison& c) {
  const std::string whose = d.choice ? "choice"
                            : d.broken_by == d.relay
                                ? std::string(name(d.verdict))
                                : std::string(name(d.verdict)) + " of " + c.reference_name();
  const bool has_row = std::any_of(c.rows.begin(), c.rows.end(),
                                   [&](const MatrixRow& row) { return row.requirement == d.requirement; });
  std::string sent = inline_text(d.sent);
  if (!d.file.empty()) sent += " · " + link(d.file, "capture");
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"{} some\">{}</td><td "
      "class=\"words\">{}</td>"
      "<td class=\"words\">{}</td><td class=\"words\">{}<br><span class=\"soft\">{}:</span> {}<br>"
      "<span class=\"soft\">{}:</span> {}</td></tr>\n",
      inline_text(d.relay), d.stimuli, name(d.verdict), inline_text(whose), inline_text(d.what),
      has_row ? link("#" + d.requirement, d.requirement) : inline_text(d.requirement), sent,
      inline_text(c.reference_name()), inline_text(d.reference), inline_text(d.relay),
      inline_text(d.observed));
}

std::string html_differences(const Comparison& c) {
  if (c.stimuli == 0) return "";
  std::string html = fmt::format("<h2>Differences from {}</h2>\n<p class=\"soft\">{} stimuli, seed {}</p>\n",
                                 inline_text(c.reference_name()), c.stimuli, c.seed);
  if (c.differences.empty()) return html + "<p>None.</p>\n";
  html +=
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"differences\"><table>\n<thead><tr>"
      "<th scope=\"col\">relay</th><th scope=\"col\" class=\"number\">stimuli</th><th "
      "scope=\"col\">verdict</th>"
      "<th scope=\"col\">what</th><th scope=\"col\">requirement</th>"
      "<th scope=\"col\">smallest stimulus, and what comes of it</th></tr></thead>\n<tbody>\n";
  for (const DifferenceGroup& d : c.differences) html += difference_row(d, c);
  return html + "</tbody></table></div>\n";
}

}  // namespace

std::string compare_html(const Comparison& c) {
  std::vector<std::string> names;
  for (const ComparedRelay& relay : c.relays) names.push_back(relay.name);
  const std::string title = fmt::format("{}, dialect {}", join(names), c.dialect);
  const std::string header = fmt::format(
      "<h1>{}</h1>\n<p class=\"soft\">compared with {} in {} · relayspec {}</p>\n", inline_text(title),
      inline_text(c.reference_name()), duration_in_words(c.duration_ms), inline_text(c.tool_version));
  std::string main = table_of_relays(c) + "<h2>Requirements</h2>\n" + compare_filters(c) + html_matrix(c) +
                     html_differences(c) + "<h2>What each verdict rests on</h2>\n";
  for (const MatrixRow& row : c.rows) main += rule_details(row, c);
  return page(title, {report_css, compare_css}, compare_js, header, main);
}

}  // namespace relayspec
