#include <fmt/format.h>

#include <algorithm>

#include "harness/reports/digest.h"
#include "harness/reports/html_assets.h"
#include "harness/reports/reports.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

std::string inline_text(std::string_view s) { return escape_markup(one_line(s)); }

std::string term(const char* name, const std::string& html) {
  return html.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string block(std::string_view text) {
  return text.empty() ? "" : fmt::format("<pre>{}</pre>", escape_markup(indent_rest(text, 0)));
}

std::string case_details(const CaseResult& c, bool open) {
  std::string html = fmt::format(
      "<details class=\"case {0}\" data-verdict=\"{0}\" data-suite=\"{1}\"{2}>\n"
      "<summary><b>{0}</b><span class=\"id\">{3}</span><span class=\"soft\">{4}</span>",
      name(c.verdict), inline_text(c.suite), open ? " open" : "", inline_text(c.id),
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

std::string bar(const Counts& counts) {
  std::string html = "<div class=\"bar\" aria-hidden=\"true\">";
  for (const Verdict v : kByWeight) {
    if (counts[index(v)])
      html += fmt::format("<i class=\"{}\" style=\"flex:{}\"></i>", name(v), counts[index(v)]);
  }
  return html + "</div>\n";
}

/// Shown by the script, which it is no use without.
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
  std::string html = "<table>\n<tr><th>suite</th>";
  for (const Verdict v : kByWeight) {
    if (all[index(v)]) html += fmt::format("<th>{}</th>", name(v));
  }
  html += "</tr>\n";
  for (const SuiteCounts& s : counts_by_suite(run)) {
    html += fmt::format("<tr><td>{}</td>", inline_text(s.suite));
    for (const Verdict v : kByWeight) {
      const std::size_t n = s.counts[index(v)];
      if (all[index(v)]) html += n ? fmt::format("<td class=\"some {}\">{}</td>", name(v), n) : "<td></td>";
    }
    html += "</tr>\n";
  }
  return html + "</table>\n";
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

std::string no_longer_deviating(const RunResult& run) {
  if (run.no_longer_deviating.empty()) return "";
  std::string html = "<h2>Listed in the baseline, but no longer deviating</h2>\n<ul>\n";
  for (const std::string& id : run.no_longer_deviating) html += fmt::format("<li>{}</li>\n", inline_text(id));
  return html + "</ul>\n";
}

}  // namespace

std::string html_report(const RunResult& run) {
  const Counts counts = run.counts();
  const std::string title = inline_text(fmt::format("{}, dialect {}", relay_in_words(run), run.dialect));
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'\">\n<title>{} · relayspec</title>\n<style>{}</style>\n</head>\n<body>\n",
      title, kHtmlStyle);
  html +=
      fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} in {} · relayspec {}</p>\n", title,
                  counts_in_words(counts), duration_in_words(run.duration_ms), inline_text(run.tool_version));
  html += bar(counts) + filters(run, counts);

  // A few deviations are read at once; of many, the overview first.
  constexpr std::size_t kOpenAtMost = 5;
  const std::size_t bad = counts[index(Verdict::fail)] + counts[index(Verdict::error)];
  html += no_longer_deviating(run) + "<h2>Cases</h2>\n";
  for (const CaseResult* c : sorted_cases(run)) {
    const bool is_bad = c->accepted.empty() && (c->verdict == Verdict::fail || c->verdict == Verdict::error);
    html += case_details(*c, is_bad && bad <= kOpenAtMost);
  }
  html += "<h2>Suites</h2>\n" + suite_table(run, counts);
  if (!run.relay_output.empty()) {
    html +=
        "<h2>What the relay wrote</h2>\n<details class=\"skip\"><summary><b>log</b><span>its last "
        "lines</span></summary>" +
        block(run.relay_output) + "</details>\n";
  }
  return html + fmt::format("<script>{}</script>\n</body>\n</html>\n", kHtmlScript);
}

}  // namespace relayspec
