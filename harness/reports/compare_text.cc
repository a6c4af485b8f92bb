// SPDX-License-Identifier: Apache-2.0
// A comparison for a terminal and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "harness/reports/compare.h"
#include "harness/reports/digest.h"
#include "harness/reports/markup.h"
#include "harness/reports/paint.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

bool deviates_somewhere(const MatrixRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(), [](const Cell& c) {
    return c.verdict == Verdict::fail || c.verdict == Verdict::warn || c.verdict == Verdict::error;
  });
}

bool is_judged_somewhere(const MatrixRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(),
                     [](const Cell& c) { return c.verdict != Verdict::skip; });
}

/// Whose rule it breaks, in a word.
std::string label_of(const DifferenceGroup& d) {
  if (d.choice) return "choice";
  return std::string(d.broken_by == d.relay ? name(d.verdict) : "reference");
}

class ComparisonOnTerminal {
 public:
  ComparisonOnTerminal(const Comparison& c, const TerminalOptions& options) : c_(c), options_(options) {}

  std::string report() {
    for (std::size_t i = 0; i < c_.relays.size(); ++i) relay(i);
    matrix();
    differences();
    line(fmt::format("{} relays, dialect {}, in {}", c_.relays.size(), c_.dialect,
                     duration_in_words(c_.duration_ms)));
    if (!options_.out.empty()) line("report: " + options_.out + "/compare.html");
    return text_;
  }

 private:
  void line(const std::string& s) { text_ += s + '\n'; }

  void relay(std::size_t i) {
    constexpr std::size_t widest_name = 40;
    const ComparedRelay& r = c_.relays[i];
    const std::string words = fmt::format("{}: {}{}{}{}", shortened(one_line(r.name), widest_name),
                                          deviations_of_relay(r), i == c_.reference ? "; the reference" : "",
                                          r.version.empty() ? "" : "; ", one_line(r.version));
    line(paint_.bold(letter(i)) + "  " + shortened(words, options_.width - letter(i).size() - 2));
  }

  std::size_t name_width() const {
    constexpr std::size_t column = 6, least = 20;
    const std::size_t all = column * c_.relays.size();
    return options_.width > all + least ? options_.width - all : least;
  }

  void matrix() {
    std::size_t alike = 0, unjudged = 0;
    std::vector<const MatrixRow*> shown;
    for (const MatrixRow& row : c_.rows) {
      if (deviates_somewhere(row)) {
        shown.push_back(&row);
      } else {
        ++(is_judged_somewhere(row) ? alike : unjudged);
      }
    }
    if (!shown.empty()) {
      std::string head = fmt::format("\n{:<{}}", "requirement", name_width());
      for (std::size_t i = 0; i < c_.relays.size(); ++i)
        head += i + 1 == c_.relays.size() ? " " + letter(i) : fmt::format(" {:<5}", letter(i));
      line(paint_.dim(head));
    }
    for (const MatrixRow* row : shown) {
      std::string s =
          fmt::format("{:<{}}", shortened(one_line(row->requirement), name_width() - 1), name_width());
      for (const Cell& cell : row->cells) {
        const std::string word(name(cell.verdict));
        const bool last = &cell == &row->cells.back();
        s += " " + paint_.verdict(cell.verdict, last ? word : fmt::format("{:<5}", word));
      }
      line(s);
    }
    line(fmt::format("{}{} of {} requirements deviate nowhere, {} could not be judged",
                     shown.empty() ? "" : "\n", alike, c_.rows.size(), unjudged));
  }

  void differences() {
    if (c_.stimuli == 0) return;
    line(fmt::format("\n{} stimuli, seed {}; differences from {}: {}", c_.stimuli, c_.seed,
                     one_line(c_.reference_name()), c_.differences.size()));
    std::string of;
    for (const DifferenceGroup& d : c_.differences) {
      if (d.relay != of) line(paint_.bold(shortened(one_line(of = d.relay), options_.width)));
      line(fmt::format("{:>6}  {} {}", d.stimuli,
                       paint_.verdict(d.verdict, fmt::format("{:<9}", label_of(d))),
                       shortened(one_line(d.what), options_.width - 18)));
      const std::string second = options_.verbose
                                     ? fmt::format("{}  sent {}; reference: {}; observed: {}", d.requirement,
                                                   d.sent, d.reference, d.observed)
                                     : d.requirement + "  " + d.sent;
      line(std::string(8, ' ') + paint_.dim(options_.verbose
                                                ? wrap(one_line(second), options_.width - 8, 8)
                                                : shortened(one_line(second), options_.width - 8)));
    }
  }

  const Comparison& c_;
  const TerminalOptions& options_;
  const Paint paint_{options_.colour};
  std::string text_;
};

std::string matrix_in_markdown(const Comparison& c, bool deviating) {
  std::string text = "| requirement | level |", rule = "| --- | --- |", rows;
  for (const ComparedRelay& relay : c.relays) {
    text += fmt::format(" {} |", plain_markdown(relay.name));
    rule += " --- |";
  }
  for (const MatrixRow& row : c.rows) {
    if (deviates_somewhere(row) != deviating) continue;
    rows += fmt::format("| {} | {} |", plain_markdown(row.requirement), plain_markdown(row.level));
    for (const Cell& cell : row.cells) {
      const bool bad = cell.verdict == Verdict::fail || cell.verdict == Verdict::error;
      const std::string word(name(cell.verdict));
      const std::string shown = bad ? "**" + word + "**" : word;
      rows += cell.evidence.empty() ? fmt::format(" {} |", shown)
                                    : fmt::format(" [{}]({}) |", shown, cell.evidence);
    }
    rows += '\n';
  }
  return rows.empty() ? "" : text + '\n' + rule + '\n' + rows + '\n';
}

std::string differences_in_markdown(const Comparison& c) {
  if (c.stimuli == 0) return "";
  std::string text = fmt::format("## Differences from {}\n\n{} stimuli, seed {}.\n\n",
                                 plain_markdown(c.reference_name()), c.stimuli, c.seed);
  if (c.differences.empty()) return text + "None.\n";
  text +=
      "| relay | stimuli | | what | requirement | smallest stimulus |\n| --- | ---: | --- | --- | --- | --- "
      "|\n";
  for (const DifferenceGroup& d : c.differences) {
    const std::string sent = plain_markdown(d.sent);
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain_markdown(d.relay), d.stimuli, label_of(d),
                        plain_markdown(d.what), plain_markdown(d.requirement),
                        d.file.empty() ? sent : fmt::format("[{}]({})", sent, d.file));
  }
  return text;
}

}  // namespace

std::string compare_terminal(const Comparison& c, const TerminalOptions& options) {
  return ComparisonOnTerminal(c, options).report();
}

std::string compare_markdown(const Comparison& c) {
  std::vector<std::string> names;
  for (const ComparedRelay& relay : c.relays) names.push_back(relay.name);
  std::string text =
      fmt::format("# {}, dialect {}\n\n", plain_markdown(join(names)), plain_markdown(c.dialect));
  text += "| relay | version | |\n| --- | --- | --- |\n";
  for (const ComparedRelay& relay : c.relays)
    text += fmt::format("| {} | {} | {} |\n", plain_markdown(relay.name), plain_markdown(relay.version),
                        deviations_of_relay(relay));
  text += "\n## Requirements\n\n" + matrix_in_markdown(c, true);
  if (const std::string alike = matrix_in_markdown(c, false); !alike.empty())
    text += folded_markdown("requirements that deviate nowhere", alike);
  return text + differences_in_markdown(c);
}

}  // namespace relayspec
