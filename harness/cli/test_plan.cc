// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/test_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "harness/settings_table.h"
#include "harness/text.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

// What is left of a sentence when its values are taken out: numbers, octets, and of a message all but its
// type.
std::string shape_of(const std::string& text, bool by_type) {
  std::string_view kept = text;
  if (text.find(" xid ") != std::string::npos) {
    const std::size_t type = std::min(text.find(" sends "), text.find(" receive "));
    if (type != std::string::npos) {
      const std::size_t behind_verb = text.find(' ', type + 1);
      kept = kept.substr(0, by_type ? text.find(' ', behind_verb + 1) : behind_verb);
    }
  }
  std::string s;
  bool in_brackets = false;
  for (const char c : kept) {
    if (c == '[') in_brackets = true;
    if (!in_brackets && !std::isdigit(static_cast<unsigned char>(c))) s += c;
    if (c == ']') in_brackets = false;
  }
  return s;
}

/// Steps that stand for a number of repetitions.
struct Block {
  std::vector<Block> parts;  ///< empty: one step
  Step step = {};
  std::string shape = {};
  std::size_t times = 1;
  bool identical = true;
  /// What must become of the rows of a table, and their names.
  std::vector<std::pair<std::string, std::vector<std::string>>> rows = {};
};

bool same(const Block& a, const Block& b) {
  return a.step.text == b.step.text && a.step.row == b.step.row && a.identical && b.identical;
}

void add_row(Block& into, const std::string& fate, const std::string& row) {
  auto at = std::find_if(into.rows.begin(), into.rows.end(), [&](const auto& r) { return r.first == fate; });
  if (at == into.rows.end()) at = into.rows.insert(at, {fate, {}});
  at->second.push_back(row);
}

Block block_of(const Step& step, bool by_type) {
  Block b{
      .parts = {}, .step = step, .shape = (step.row.empty() ? "" : "row ") + shape_of(step.text, by_type)};
  if (!step.row.empty()) add_row(b, step.fate, step.row);
  return b;
}

// How often the blocks from `at` on, so many, are repeated.
std::size_t repetitions(const std::vector<Block>& all, std::size_t at, std::size_t period) {
  std::size_t count = 1;
  while (at + (count + 1) * period <= all.size()) {
    for (std::size_t i = 0; i < period; ++i) {
      if (all[at + i].shape != all[at + count * period + i].shape) return count;
    }
    ++count;
  }
  return count;
}

Block folded(const std::vector<Block>& all, std::size_t at, std::size_t period, std::size_t times) {
  Block b{.parts = {all.begin() + static_cast<std::ptrdiff_t>(at),
                    all.begin() + static_cast<std::ptrdiff_t>(at + period)},
          .times = times};
  for (std::size_t i = 0; i < times * period; ++i) {
    const Block& part = all[at + i];
    b.identical &= same(part, all[at + i % period]);
    for (const auto& [fate, rows] : part.rows) {
      for (const std::string& row : rows) add_row(b, fate, row);
    }
    if (i < period) b.shape += part.shape + "|";
  }
  return b;
}

// Repetitions folded, those that cover most first.
std::vector<Block> fold(const std::vector<Block>& all) {
  constexpr std::size_t longest_period = 8, least = 3;
  std::vector<Block> out;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t period = 1, times = 1;
    for (std::size_t p = 1; p <= longest_period; ++p) {
      const std::size_t n = repetitions(all, at, p);
      if (n >= least && n * p > times * period) {
        period = p;
        times = n;
      }
    }
    if (times == 1) {
      out.push_back(all[at++]);
    } else {
      out.push_back(folded(all, at, period, times));
      at += times * period;
    }
  }
  return out;
}

// "hops 18" follows "hops 17".
bool follows(const std::string& a, const std::string& b) {
  constexpr const char* digits = "0123456789";
  const std::size_t at = a.find_last_not_of(digits) + 1;
  const std::string number = a.substr(at);
  return !number.empty() && number.size() < 6 &&
         b == a.substr(0, at) + std::to_string(std::stoul(number) + 1);
}

class Printer {
 public:
  explicit Printer(std::size_t width) : width_(width) {}

  void print(const Block& b) {
    if (b.parts.empty()) return print_step(b.step);
    const std::size_t first = number_ + 1;
    for (const Block& part : b.parts) {
      if (part.parts.empty() && !part.step.row.empty()) {
        if (!part.step.text.empty()) line(part.step.text + ".");
      } else {
        print(part);
      }
    }
    const char* const to = first + 1 == number_ ? "and" : "to";
    const std::string which = first >= number_ ? fmt::format("Step {} is", number_)
                                               : fmt::format("Steps {} {} {} are", first, to, number_);
    note(fmt::format("{} done {} times in all{}.", which, b.times,
                     b.identical ? "" : ", each time with other values"));
    for (const auto& [fate, rows] : b.rows) note(in_words(fate, rows));
  }

  std::string text;

 private:
  void print_step(const Step& step) {
    if (step.row.empty()) return line(step.text);
    if (step.text.empty()) return note(step.row + ":");
    line(fmt::format("{} ({}): it {}.", step.text, step.row, step.fate));
  }

  void line(const std::string& sentence) {
    text += wrap(fmt::format("{:>4}. {}", ++number_, sentence), width_, 6) + "\n";
  }
  void note(const std::string& sentence) { text += wrap("      " + sentence, width_, 8) + "\n"; }

  static std::string in_words(const std::string& fate, const std::vector<std::string>& rows) {
    constexpr std::size_t most = 600;
    std::vector<std::string> names;
    for (const std::string& row : rows) {
      if (std::find(names.begin(), names.end(), row) == names.end()) names.push_back(row);
    }
    std::string s = fate.empty() ? "With" : "It " + fate;
    const char* separator = ": ";
    for (std::size_t i = 0; i < names.size(); ++i, separator = "; ") {
      if (s.size() > most) return s + fmt::format("; and {} more", names.size() - i);
      s += separator + names[i];
      const std::size_t first = i;
      while (i + 1 < names.size() && follows(names[i], names[i + 1])) ++i;
      if (i > first) s += " to " + names[i];
    }
    return s;
  }

  std::size_t width_, number_ = 0;
};

std::string requirement_in_words(const std::string& id, std::size_t width) {
  const Requirement* r = Catalogue::shipped().find(id);
  if (!r) return "";
  return fmt::format("  {} ({}, {})\n{}\n", id, r->level, Catalogue::shipped().clause(id),
                     wrap("    " + one_line(r->text), width, 4));
}

}  // namespace

std::string numbered_steps(const std::vector<Step>& steps, std::size_t width) {
  constexpr long most_lines = 100;
  std::string text;
  for (const bool by_type : {true, false}) {
    std::vector<Block> blocks;
    for (const Step& step : steps) blocks.push_back(block_of(step, by_type));
    Printer printer(width);
    for (const Block& b : fold(fold(blocks))) printer.print(b);
    text = printer.text;
    if (std::count(text.begin(), text.end(), '\n') <= most_lines) break;
  }
  return text;
}

std::string setup_in_words(const RelaySettings& settings) {
  const std::size_t servers = settings.server_list.empty() ? settings.servers : settings.server_list.size();
  std::string s =
      fmt::format("The relay serves {} client network{} and relays to {} server{}.", settings.downlinks,
                  settings.downlinks == 1 ? "" : "s", servers, servers == 1 ? "" : "s");
  if (!settings.server_list.empty()) {
    std::vector<std::string> addresses;
    for (const Ipv4 a : settings.server_list) addresses.push_back(a.to_string());
    s += fmt::format(" Its server list is: {}.", fmt::join(addresses, ", "));
  }
  std::vector<std::string> parts;
  for (const Setting& setting : settings_table()) {
    if (!setting.access.is_set(settings) || setting.feature == "multi-downlink" ||
        setting.feature == "multi-server")
      continue;
    const bool has_value = !setting.argument.name.empty();
    parts.push_back(fmt::format("{}{}: {}", setting.feature,
                                has_value ? "=" + setting.access.shown(settings) : "", setting.words));
  }
  if (parts.empty()) return s + " It has no other setting.";
  return s + fmt::format(" Settings: {}.", fmt::join(parts, "; "));
}

std::string test_plan(const CaseInfo& s, Dialect dialect, std::size_t width) {
  std::string text = fmt::format("{}\n  in {}\n\nWhy\n", s.id, s.source);
  for (const std::string& id : s.requirements) text += requirement_in_words(id, width);
  text += "\nSet-up\n" + wrap("  " + setup_in_words(s.settings), width, 2) + "\n";
  if (!s.dialects.empty()) {
    std::vector<std::string> names;
    for (const Dialect d : s.dialects) names.emplace_back(name(d));
    text += wrap(fmt::format("  The case is judged in the dialect{} {} only.", names.size() == 1 ? "" : "s",
                             fmt::join(names, " and ")),
                 width, 2) +
            "\n";
  }
  if (const auto needed = features_needed(s.settings); !needed.empty())
    text += wrap(fmt::format("  The case is skipped for a relay whose profile does not list {}{}.",
                             needed.size() > 1 ? "all of: " : "", fmt::join(needed, ", ")),
                 width, 2) +
            "\n";
  text += "\nSteps\n" + numbered_steps(s.steps, width);
  text += wrap(
      "  Nothing else may come out of the relay on any side. After the case, a plain exchange must come out "
      "as it did before.",
      width, 2);
  text += fmt::format("\n\nTry it: relayspec run{} --case {}\n",
                      dialect == Dialect::rfc ? "" : fmt::format(" --dialect {}", name(dialect)), s.id);
  return text;
}

}  // namespace relayspec
