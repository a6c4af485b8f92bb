// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/reports/assets.h"
#include "harness/reports/compare.h"
#include "harness/reports/compare_evidence.h"
#include "harness/reports/digest.h"
#include "harness/reports/markup.h"
#include "harness/suggest.h"
#include "harness/text.h"

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
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    const std::string said = cell.reason.empty() || cell.verdict == Verdict::skip
                                 ? ""
                                 : fmt::format(" title=\"{}\"", inline_text(cell.reason));
    html += fmt::format("<td class=\"{0}\"><a class=\"cell\" href=\"#{1}\"{2}>{0}</a></td>",
                        name(cell.verdict), inline_text(anchor_of(row, i)), said);
  }
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

/// With so many octets of frames and octets at most.
std::string main_of(const Comparison& c, std::size_t most) {
  Evidence evidence(c, most);
  // What the cells lead to comes last and gets its frames first.
  const std::string requirements = evidence.requirements();
  return table_of_relays(c) + "<h2>Requirements</h2>\n" + compare_filters(c) + html_matrix(c) +
         evidence.differences() + "<h2>What each verdict rests on</h2>\n" + requirements;
}

}  // namespace

std::string compare_html(const Comparison& c) {
  std::vector<std::string> names;
  for (const ComparedRelay& relay : c.relays) names.push_back(relay.name);
  constexpr std::size_t most_in_title = 3;
  const std::string title = fmt::format(
      "{}, dialect {}", names.size() > most_in_title ? fmt::format("{} relays", names.size()) : join(names),
      c.dialect);
  const std::string header = fmt::format(
      "<h1>{}</h1>\n<p class=\"soft\">compared with {} in {} · relayspec {}</p>\n", inline_text(title),
      inline_text(c.reference_name()), duration_in_words(c.duration_ms), inline_text(c.tool_version));
  constexpr std::size_t most = 4'900'000;
  const std::size_t rest = main_of(c, 0).size();
  const std::string main = main_of(c, rest < most ? most - rest : 0);
  return page(title, {report_css, compare_css}, compare_js, header, main);
}

}  // namespace relayspec
