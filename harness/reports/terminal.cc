// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/deviations.h"
#include "harness/reports/digest.h"
#include "harness/reports/paint.h"
#include "harness/reports/reports.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

constexpr std::size_t kIndent = 7;         // "error  "
constexpr std::size_t kField = 10;         // "expected  "
constexpr std::ptrdiff_t kMostLines = 40;  // of deviations: with all the rest two screens of 24 lines

class Terminal {
 public:
  Terminal(const RunResult& run, const TerminalOptions& options) : run_(run), options_(options) {}

  std::string report() {
    const std::vector<Deviation> deviations = deviations_of(run_.cases);
    wrapped(paint_.bold(one_line(run_.relay_name) + ": " + deviations_in_words(deviations)) +
                one_line(fmt::format("; {}{}dialect {}", run_.relay_version,
                                     run_.relay_version.empty() ? "" : ", ", run_.dialect)),
            2);
    if (options_.verbose) every_case();
    if (options_.verbose) {
      for (const Deviation& d : deviations) deviation(d);
    } else {
      brief_deviations(deviations);
    }
    for (const SameReason& e : by_reason(run_, Verdict::error)) error(e);
    relay_output();
    choices_and_skips();
    remarks();
    if (options_.verbose && !run_.cases.empty()) {
      line("");
      text_ += suite_columns(run_, paint_, options_.width);
    }
    totals();
    return text_;
  }

 private:
  void line(const std::string& s) { text_ += s + '\n'; }
  void wrapped(const std::string& s, std::size_t indent = kIndent) { line(wrap(s, options_.width, indent)); }

  std::string label(Verdict v) const { return paint_.verdict(v, fmt::format("{:<{}}", name(v), kIndent)); }

  void every_case() {
    line("");
    for (const CaseResult& c : run_.cases)
      wrapped(label(c.verdict) + one_line(c.id) + paint_.dim(fmt::format("  {} µs", c.duration_us)));
    line("");
  }

  /// "       expected  …"
  void field(const char* what, const std::string& value) {
    if (value.empty()) return;
    wrapped(fmt::format("{:{}}{}{}", "", kIndent, paint_.dim(fmt::format("{:<{}}", what, kField)),
                        one_line(value)),
            kIndent + kField);
  }

  /// Several lines under a word.
  void block(const char* what, const std::string& text) {
    if (text.empty()) return;
    line(fmt::format("{:{}}{}", "", kIndent, paint_.dim(what)));
    line(fmt::format("{:{}}{}", "", kIndent + 2, indent_rest(clean(text), kIndent + 2)));
  }

  std::string capture(const std::string& evidence) const {
    return evidence.empty() || options_.out.empty() ? evidence : options_.out + "/" + evidence;
  }

  /// Two lines at most, unless --verbose asks for the whole reason.
  std::string head(const Deviation& d) const {
    const std::string clause = d.clause.empty() ? "" : paint_.dim("  " + one_line(d.clause));
    const std::string front = label(d.verdict) + paint_.bold(one_line(d.requirement)) + clause + ": ";
    const std::string reason = one_line(d.reason);
    constexpr std::size_t least = 20;
    for (std::size_t room = columns(reason);; --room) {
      std::string text = wrap(front + shortened(reason, room), options_.width, kIndent);
      if (options_.verbose || room <= least || std::count(text.begin(), text.end(), '\n') <= 1) return text;
    }
  }

  /// Two lines: the requirement with what deviates, and the case that shows it with what it expected. What
  /// does not fit is cut; --verbose shows all of it.
  void brief_deviation(const Deviation& d) {
    const std::size_t all = options_.width - kIndent;
    const std::string requirement = shortened(one_line(d.requirement), all);
    const std::size_t used = columns(requirement) + 2;
    const std::string front = label(d.verdict) + paint_.bold(requirement);
    const std::string reason = one_line(d.reason);
    if (constexpr std::size_t least = 10; used + least <= all) {
      line(front + "  " + shortened(reason, all - used));
    } else {  // three lines on a narrow terminal
      line(front);
      line(std::string(kIndent, ' ') + shortened(reason, all));
    }
    std::string second = one_line(d.case_id);
    if (d.cases.size() > 1) second += fmt::format(" +{}", d.cases.size() - 1);
    // Where a message is lost, or should not be there, the reason says it all.
    if (d.field != "message" && d.field != field_of_all_replies && !d.expected.empty())
      second += ": expected " + one_line(d.expected) + ", observed " + one_line(d.observed);
    line(fmt::format("{:{}}{}", "", kIndent, paint_.dim(shortened(second, options_.width - kIndent))));
    field("accepted", d.accepted);
  }

  using SameRule = std::vector<const Deviation*>;

  /// In the order of the first of each.
  static std::vector<SameRule> by_rule(const std::vector<Deviation>& deviations) {
    std::vector<SameRule> rules;
    for (const Deviation& d : deviations) {
      const auto known = std::find_if(rules.begin(), rules.end(), [&](const SameRule& r) {
        return r.front()->requirement == d.requirement && r.front()->accepted == d.accepted;
      });
      known == rules.end() ? rules.push_back({&d}) : known->push_back(&d);
    }
    return rules;
  }

  /// What deviates is a part of a message.
  static bool names_a_part(const Deviation& d) {
    return d.field != "message" && d.field != "behaviour" && d.field != field_of_all_replies;
  }

  /// The first by this rule, and what else deviates by it.
  void brief_rule(const SameRule& rule) {
    brief_deviation(*rule.front());
    if (rule.size() == 1) return;
    std::vector<std::string> others;
    for (std::size_t i = 1; i < rule.size(); ++i) {
      const std::string what = one_line(names_a_part(*rule[i]) ? rule[i]->field : rule[i]->reason);
      if (std::find(others.begin(), others.end(), what) == others.end()) others.push_back(what);
    }
    const std::string words = fmt::format("and {} more by this rule: {}", rule.size() - 1, join(others));
    line(fmt::format("{:{}}{}", "", kIndent, paint_.dim(shortened(words, options_.width - kIndent))));
  }

  /// As many as fit on two screens, the gravest first.
  void brief_deviations(const std::vector<Deviation>& deviations) {
    const auto rules = by_rule(deviations);
    std::vector<Deviation> left_out;
    for (const SameRule& rule : rules) {
      if (std::count(text_.begin(), text_.end(), '\n') < kMostLines) {
        brief_rule(rule);
      } else {
        for (const Deviation* d : rule) left_out.push_back(*d);
      }
    }
    if (left_out.empty()) return;
    wrapped(label(left_out.front().verdict) +
            fmt::format("and {}, which --verbose{}", deviations_in_words(left_out),
                        options_.out.empty() ? " shows" : " and the report show"));
  }

  void deviation(const Deviation& d) {
    line(head(d));
    field("accepted", d.accepted);
    expectation(d);
    example(d);
    field("settings", d.settings);
    field("also in", join(other_ids(d)));
    field("shown by", combinations_in_words(d));
    block("octets", d.octets);
    line("");
  }

  /// One line, which --verbose does not cut.
  std::string brief(const std::string& s, std::size_t width) const {
    return options_.verbose ? one_line(s) : shortened(one_line(s), width);
  }

  /// On one line where one of them is short.
  void expectation(const Deviation& d) {
    constexpr std::string_view between = "; observed  ";
    const std::size_t all = options_.width - kIndent - kField, room = all - between.size();
    const std::size_t expected = columns(one_line(d.expected)), observed = columns(one_line(d.observed));
    const bool together = expected + observed <= room || std::min(expected, observed) <= room / 3;
    if (options_.verbose || d.expected.empty() || d.observed.empty() || !together) {
      field("expected", brief(d.expected, all));
      field("observed", brief(d.observed, all));
    } else {
      field("expected", fmt::format("{}{}{}", brief(d.expected, room - std::min(observed, room / 3)), between,
                                    brief(d.observed, room - std::min(expected, room / 3))));
    }
  }

  void example(const Deviation& d) {
    std::string words = d.case_id;
    if (!d.combination.empty()) words += fmt::format(" ({})", d.combination);
    words += other_cases(d);
    if (!d.evidence.empty()) words += ", " + capture(d.evidence);
    field("case", words);
  }

  /// A relay that cannot be judged has the same error in every case: a few of them say enough.
  void error(const SameReason& e) {
    const CaseResult& first = *e.cases.front();
    const std::size_t n = e.cases.size();
    wrapped(label(Verdict::error) + fmt::format("{} case{}: {}", n, n == 1 ? "" : "s", one_line(e.reason)));
    constexpr std::size_t most = 5;
    const std::size_t shown = options_.verbose ? n : std::min(most, n);
    for (std::size_t i = 0; i < shown; ++i) field(i == 0 ? "cases" : "", e.cases[i]->id);
    if (shown < n) field("", fmt::format("and {} more, which --verbose lists", n - shown));
    field("expected", first.expected);
    field("observed", first.observed);
    block("difference", first.difference);
    field("settings", first.config);
    field("capture", capture(first.evidence));
    field("source", first.source);
  }

  using Stems = std::vector<std::pair<std::string, std::vector<SameReason>>>;

  /// Reasons that differ only in their last word share a line: "the profile does not list the feature …".
  Stems stems_of_skips() const {
    Stems stems;
    for (const SameReason& s : by_reason(run_, Verdict::skip)) {
      const std::string stem = s.reason.substr(0, s.reason.rfind(' ') + 1);
      auto known = std::find_if(stems.begin(), stems.end(), [&](const auto& t) { return t.first == stem; });
      if (known == stems.end()) known = stems.insert(known, {stem, {}});
      known->second.push_back(s);
    }
    return stems;
  }

  /// One line for both, unless --verbose asks for all of them.
  void choices_and_skips() {
    const std::vector<Deviation> choices = choices_of(run_.cases);
    const Stems stems = stems_of_skips();
    if (options_.verbose) {
      for (const Deviation& c : choices) deviation(c);
      for (const auto& [stem, reasons] : stems) skipped(stem, reasons);
      return;
    }
    std::vector<std::string> counts;
    if (!choices.empty()) {
      counts.push_back(
          fmt::format("{} choice{} of standards", choices.size(), choices.size() == 1 ? "" : "s"));
    }
    const bool folded = stems.size() > 1;
    if (folded) {
      counts.push_back(
          fmt::format("{} skips for {} reasons", run_.counts()[index(Verdict::skip)], stems.size()));
    }
    if (!counts.empty()) {
      wrapped(label(choices.empty() ? Verdict::skip : Verdict::note) +
              fmt::format("{} (see --verbose)", fmt::join(counts, ", ")));
    }
    if (!folded && !stems.empty()) skipped(stems.front().first, stems.front().second);
  }

  void skipped(const std::string& stem, const std::vector<SameReason>& reasons) {
    std::size_t n = 0;
    std::vector<std::string> endings, ids;
    for (const SameReason& s : reasons) {
      n += s.cases.size();
      endings.push_back(s.reason.substr(stem.size()) +
                        (reasons.size() > 1 ? fmt::format(" ({})", s.cases.size()) : ""));
      for (const CaseResult* c : s.cases) ids.push_back(c->id);
    }
    const std::string words = fmt::format("{} case{}: {}{}", n, n == 1 ? "" : "s", stem, join(endings));
    wrapped(label(Verdict::skip) + brief(words, options_.width - kIndent));
    if (options_.verbose) wrapped(fmt::format("{:{}}{}", "", kIndent, one_line(join(ids))));
  }

  /// Its last lines say why a relay could not be judged.
  void relay_output() {
    if (run_.counts()[index(Verdict::error)] == 0 || run_.relay_output.empty()) return;
    constexpr int most = 12;
    std::size_t from = run_.relay_output.size();
    if (run_.relay_output.ends_with('\n')) --from;
    for (int n = 0; n < most && from != std::string::npos && from != 0; ++n) {
      from = run_.relay_output.rfind('\n', from - 1);
    }
    const std::string tail = run_.relay_output.substr(from == std::string::npos || from == 0 ? 0 : from + 1);
    line("the last lines that the relay wrote:");
    line("  " + indent_rest(clean(tail), 2));
    line("");
  }

  void remarks() {
    for (const BaselineRemark& r : remarks_on_baseline(run_)) {
      wrapped(paint_.verdict(Verdict::fail, "baseline") +
              fmt::format(" {}: {}", one_line(r.what), one_line(r.words)));
    }
  }

  void totals() {
    const Counts counts = run_.counts();
    std::string words;
    for (const Verdict v : kByWeight) {
      if (counts[index(v)] == 0) continue;
      words +=
          (words.empty() ? "" : ", ") + paint_.verdict(v, fmt::format("{} {}", counts[index(v)], name(v)));
    }
    const auto accepted = std::count_if(run_.cases.begin(), run_.cases.end(),
                                        [](const CaseResult& c) { return !c.accepted.empty(); });
    if (accepted != 0) words += fmt::format(" ({} accepted by the baseline)", accepted);
    const std::size_t total = run_.cases.size();
    wrapped(fmt::format("{} case{} in {}: {}", total, total == 1 ? "" : "s",
                        duration_in_words(run_.duration_ms), words.empty() ? "no case was run" : words),
            2);
    if (!options_.out.empty()) line("report: " + options_.out + "/report.html");
  }

  const RunResult& run_;
  const TerminalOptions& options_;
  const Paint paint_{options_.colour};
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

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t usual = 80, least = 40;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::max<std::size_t>(size.ws_col, least);
}

}  // namespace relayspec
