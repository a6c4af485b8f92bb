#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/reports/digest.h"
#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

namespace {

constexpr std::size_t kIndent = 7;  // "error  "

class Terminal {
 public:
  Terminal(const RunResult& run, const TerminalOptions& options) : run_(run), options_(options) {}

  std::string report() {
    line(fmt::format("{}  dialect {}", bold(relay_in_words(run_)), one_line(run_.dialect)));
    line("");
    if (options_.verbose) every_case();
    for (const Verdict v : {Verdict::fail, Verdict::error, Verdict::warn, Verdict::note}) {
      for (const Entry& f : findings(run_, v)) finding(v, f);
    }
    for (const Entry& f : findings(run_, Verdict::skip)) skipped(f);
    if (!findings(run_, Verdict::skip).empty()) line("");
    relay_output();
    no_longer_deviating();
    suites();
    line("");
    const std::size_t total = run_.cases.size();
    line(fmt::format("{} case{} in {}: {}", total, total == 1 ? "" : "s", duration_in_words(run_.duration_ms),
                     counts_in_colour()));
    if (!options_.out.empty()) line("report: " + options_.out + "/report.html");
    return text_;
  }

 private:
  void line(const std::string& s) { text_ += s + '\n'; }

  std::string paint(const char* code, const std::string& s) const {
    return options_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, s) : s;
  }
  std::string bold(const std::string& s) const { return paint("1", s); }
  std::string dim(const std::string& s) const { return paint("2", s); }
  std::string painted(Verdict v, const std::string& s) const {
    constexpr std::array<const char*, verdict_count> codes = {"32", "1;31", "33", "36", "2", "1;35"};
    return paint(codes[index(v)], s);
  }
  std::string label(Verdict v) const { return painted(v, fmt::format("{:<{}}", name(v), kIndent)); }

  std::string counts_in_colour() const {
    const Counts counts = run_.counts();
    std::string words;
    for (const Verdict v : kByWeight) {
      if (counts[index(v)] == 0) continue;
      words += (words.empty() ? "" : ", ") + painted(v, fmt::format("{} {}", counts[index(v)], name(v)));
    }
    const auto accepted = std::count_if(run_.cases.begin(), run_.cases.end(),
                                        [](const CaseResult& c) { return !c.accepted.empty(); });
    if (accepted != 0) words += fmt::format(" ({} accepted by the baseline)", accepted);
    return words.empty() ? "no case was run" : words;
  }

  void every_case() {
    for (const CaseResult& c : run_.cases) {
      line(label(c.verdict) + one_line(c.id) + dim(fmt::format("  {} µs", c.duration_us)));
    }
    line("");
  }

  /// "expected   …", the lines behind the first under the first.
  void field(const char* what, const std::string& value) {
    if (value.empty()) return;
    constexpr std::size_t width = 11;
    line(fmt::format("{:{}}{}{}", "", kIndent, dim(fmt::format("{:<{}}", what, width)),
                     indent_rest(clean(value), kIndent + width)));
  }

  std::string id_line(const CaseResult& c) const {
    return fmt::format("{}  {}", bold(one_line(c.id)),
                       dim(one_line(c.level + (c.level.empty() || c.clause.empty() ? "" : "  ") + c.clause)));
  }

  std::string capture(const CaseResult& c) const {
    return c.evidence.empty() || options_.out.empty() ? c.evidence : options_.out + "/" + c.evidence;
  }

  /// A relay that cannot be judged has the same error in every case: a few of them say enough.
  void cases_of(Verdict v, const Entry& f) {
    constexpr std::size_t most = 5;
    const std::size_t shown =
        v == Verdict::error && !options_.verbose ? std::min(most, f.cases.size()) : f.cases.size();
    for (std::size_t i = 0; i < shown; ++i) line(fmt::format("{:{}}{}", "", kIndent, id_line(*f.cases[i])));
    if (shown < f.cases.size()) {
      line(fmt::format("{:{}}and {} more, which --verbose lists", "", kIndent, f.cases.size() - shown));
    }
  }

  /// Details of the first case stand for all that have the same reason.
  void finding(Verdict v, const Entry& f) {
    const CaseResult& first = *f.cases.front();
    if (f.cases.size() == 1) {
      line(label(v) + id_line(first));
      line(fmt::format("{:{}}{}", "", kIndent, indent_rest(clean(f.reason), kIndent)));
    } else {
      line(label(v) + fmt::format("{} cases: {}", f.cases.size(), indent_rest(clean(f.reason), kIndent)));
      cases_of(v, f);
    }
    if (!f.accepted.empty()) {  // known: a line is enough
      field("accepted", f.accepted);
      line("");
      return;
    }
    field("expected", first.expected);
    field("observed", first.observed);
    if (!first.difference.empty()) {
      line(fmt::format("{:{}}{}", "", kIndent, dim("difference")));
      line(fmt::format("{:{}}{}", "", kIndent + 2, indent_rest(clean(first.difference), kIndent + 2)));
    }
    if (v != Verdict::note || options_.verbose) {
      field("relay", first.config);
      if (!first.evidence.empty())
        field("capture", capture(first) + (f.cases.size() > 1 ? " (the first)" : ""));
      field("source", first.source);
    }
    line("");
  }

  void skipped(const Entry& f) {
    const std::size_t n = f.cases.size();
    line(label(Verdict::skip) + fmt::format("{} case{}: {}", n, n == 1 ? "" : "s", one_line(f.reason)));
    if (!options_.verbose) return;
    for (const CaseResult* c : f.cases) line(fmt::format("{:{}}{}", "", kIndent, one_line(c->id)));
  }

  /// Its last lines tell why a relay could not be judged.
  void relay_output() {
    if (run_.counts()[index(Verdict::error)] == 0 || run_.relay_output.empty()) return;
    constexpr int most = 12;
    std::size_t from = run_.relay_output.size();
    if (run_.relay_output.ends_with('\n')) --from;
    for (int n = 0; n < most && from != std::string::npos && from != 0; ++n) {
      from = run_.relay_output.rfind('\n', from - 1);
    }
    const std::string tail = run_.relay_output.substr(from == std::string::npos || from == 0 ? 0 : from + 1);
    line("the last that the relay wrote:");
    line("  " + indent_rest(clean(tail), 2));
    line("");
  }

  void no_longer_deviating() {
    for (const std::string& id : run_.no_longer_deviating) {
      line(painted(Verdict::fail, "baseline") +
           fmt::format(" {}: no longer deviates; take it out of the baseline", one_line(id)));
    }
    if (!run_.no_longer_deviating.empty()) line("");
  }

  /// A line per suite; only the columns that have something in them.
  void suites() {
    const Counts all = run_.counts();
    const auto list = counts_by_suite(run_);
    std::size_t width = 5;
    for (const SuiteCounts& s : list) width = std::max(width, s.suite.size());
    std::string head = fmt::format("{:<{}}", "suite", width);
    for (const Verdict v : kByWeight) {
      if (all[index(v)] != 0) head += fmt::format("  {:>5}", name(v));
    }
    if (!list.empty()) line(dim(head));
    for (const SuiteCounts& s : list) {
      std::string row = fmt::format("{:<{}}", one_line(s.suite), width);
      for (const Verdict v : kByWeight) {
        if (all[index(v)] == 0) continue;
        const std::size_t n = s.counts[index(v)];
        row += n == 0 ? fmt::format("  {:>5}", "") : painted(v, fmt::format("  {:>5}", n));
      }
      while (row.ends_with(' ')) row.pop_back();
      line(row);
    }
  }

  const RunResult& run_;
  const TerminalOptions& options_;
  std::string text_;
};

}  // namespace

std::string terminal_report(const RunResult& run, const TerminalOptions& options) {
  return Terminal(run, options).report();
}

bool wants_colour(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(descriptor) == 1 && (!no_color || !*no_color) && (!term || std::string_view(term) != "dumb");
}

}  // namespace relayspec
