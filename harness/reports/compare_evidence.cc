// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/compare_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "harness/reports/card.h"
#include "harness/reports/exhibit.h"
#include "harness/reports/markup.h"
#include "harness/suggest.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

bool deviates(const Cell& cell) { return cell.verdict == Verdict::fail || cell.verdict == Verdict::warn; }

std::string capture(const std::string& file) { return file.empty() ? "" : link(file, "capture"); }

std::string cases_of(const Cell& cell) {
  if (cell.case_id.empty()) return "";
  return inline_text(cell.case_id) +
         (cell.cases.size() > 1 ? fmt::format(" and {} more", cell.cases.size() - 1) : "") +
         (cell.evidence.empty() ? "" : " · " + capture(cell.evidence));
}

/// Relays with the same evidence share one entry.
std::string other_cells(const MatrixRow& row, const Comparison& c) {
  std::vector<std::pair<std::string, std::vector<std::string>>> said;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    if (deviates(cell)) continue;
    std::string text = inline_text(cell.reason);
    if (!cell.case_id.empty() && cell.verdict != Verdict::skip)
      text +=
          fmt::format("{}<span class=\"soft\">case</span> {}", text.empty() ? "" : "<br>", cases_of(cell));
    text = fmt::format("<span class=\"word {0}\">{0}</span></dt><dd>{1}", name(cell.verdict), text);
    const auto known = std::find_if(said.begin(), said.end(), [&](const auto& s) { return s.first == text; });
    if (known == said.end())
      said.push_back({text, {c.relays[i].name}});
    else
      known->second.push_back(c.relays[i].name);
  }
  std::string html;
  for (const auto& [text, relays] : said)
    html += fmt::format("<dt>{} · {}</dd>\n", inline_text(join(relays)), text);
  return html.empty() ? "" : "<dl>\n" + html + "</dl>\n";
}

/// "fail", "choice", or by whom else the rule is broken.
std::string whose(const DifferenceGroup& d, const Comparison& c) {
  if (d.choice) return "choice";
  const std::string verdict(name(d.verdict));
  return d.broken_by == d.relay ? verdict : verdict + " of " + c.reference_name();
}

std::string exhibit_of(const DifferenceGroup& d, const Comparison& c) {
  const Finding finding{
      .field = d.field, .expected = d.reference, .observed = d.observed, .exhibit = d.exhibit};
  CaseResult of_relay{.frames = d.frames};
  if (!d.field.empty()) of_relay.findings = {finding};
  const Deviation deviation{.verdict = d.broken_by == d.relay ? d.verdict : Verdict::note,
                            .field = d.field,
                            .reason = d.what,
                            .expected = d.reference,
                            .observed = d.observed,
                            .exhibit = d.exhibit};
  return exhibit_beside_html(deviation, of_relay,
                             {c.reference_name(), d.relay, d.reference_frames, d.reference_exhibit});
}

}  // namespace

std::string anchor_of(const MatrixRow& row, std::size_t relay) {
  return deviates(row.cells[relay]) ? fmt::format("{}--{}", row.requirement, relay + 1) : row.requirement;
}

std::string Evidence::if_it_fits(const std::function<std::string()>& exhibit) {
  std::string html = left_ == 0 ? "" : exhibit();
  if (left_ > 0 && html.size() <= left_) {
    left_ -= html.size();
    return html;
  }
  left_ = 0;
  return "<p class=\"exhibit soft\">This page is full; the capture has the frames.</p>\n";
}

std::string Evidence::card(const MatrixRow& row, std::size_t relay) {
  const Cell& cell = row.cells[relay];
  const auto& cases = c_.relays[relay].cases;
  const auto of =
      std::find_if(cases.begin(), cases.end(), [&](const CaseResult& r) { return r.id == cell.case_id; });
  Card card{.verdict = cell.verdict,
            .anchor = anchor_of(row, relay),
            .title = c_.relays[relay].name,
            .soft = level_and_clause(row.level, row.clause),
            .why = cell.reason};
  card.terms = term("expected", inline_text(cell.expected)) + term("observed", inline_text(cell.observed)) +
               term("case", cases_of(cell));
  if (of != cases.end()) {
    card.terms += term("settings", inline_text(of->config));
    const Deviation d{.verdict = cell.verdict,
                      .requirement = row.requirement,
                      .field = cell.field,
                      .reason = cell.reason,
                      .expected = cell.expected,
                      .observed = cell.observed,
                      .exhibit = cell.exhibit};
    card.exhibit = if_it_fits([&] { return exhibit_html(d, *of); });
  }
  return card_html(card);
}

std::string Evidence::requirement(const MatrixRow& row) {
  std::string html = fmt::format(
      "<details class=\"rule\" id=\"{0}\"><summary><span class=\"id\">{0}</span> <span "
      "class=\"soft\">{1}</span></summary>\n",
      inline_text(row.requirement), inline_text(level_and_clause(row.level, row.clause)));
  if (const Requirement* r = Catalogue::shipped().find(row.requirement))
    html += fmt::format("<p>{}</p>\n", inline_text(r->text));
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (deviates(row.cells[i])) html += card(row, i);
  }
  return html + other_cells(row, c_) + "</details>\n";
}

std::string Evidence::requirements() {
  std::string html;
  for (const MatrixRow& row : c_.rows) html += requirement(row);
  return html;
}

std::string Evidence::difference(const DifferenceGroup& d) {
  const bool has_row = std::any_of(c_.rows.begin(), c_.rows.end(),
                                   [&](const MatrixRow& row) { return row.requirement == d.requirement; });
  const Requirement* rule = Catalogue::shipped().find(d.requirement);
  std::string html = fmt::format(
      "<details class=\"case difference {}\"><summary><b>{}</b><span class=\"id\">{}</span><span "
      "class=\"soft\">{}{} {}</span><span class=\"why\">{}</span></summary>\n<dl>\n",
      name(d.verdict), inline_text(whose(d, c_)), inline_text(d.what),
      inline_text(d.requirement + (d.requirement.empty() ? "" : " · ")), d.stimuli,
      d.stimuli == 1 ? "stimulus" : "stimuli", inline_text(d.sent));
  html +=
      term("requirement", has_row ? link("#" + d.requirement, d.requirement) : inline_text(d.requirement));
  if (rule) html += term("rule", inline_text(rule->text));
  html += term("reference", inline_text(d.reference));
  html += term("observed", inline_text(d.observed));
  html += term("capture", d.file.empty() ? "" : link(d.file, d.file));
  return html + "</dl>\n" + if_it_fits([&] { return exhibit_of(d, c_); }) + "</details>\n";
}

std::string Evidence::differences() {
  if (c_.stimuli == 0) return "";
  std::string html = fmt::format("<h2>Differences from {}</h2>\n<p class=\"soft\">{} stimuli, seed {}</p>\n",
                                 inline_text(c_.reference_name()), c_.stimuli, c_.seed);
  if (c_.differences.empty()) return html + "<p>None.</p>\n";
  std::string relay;
  for (const DifferenceGroup& d : c_.differences) {
    if (d.relay != relay) html += fmt::format("<h3 class=\"relay\">{}</h3>\n", inline_text(d.relay));
    relay = d.relay;
    html += difference(d);
  }
  return html;
}

}  // namespace relayspec
