// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/table.h"

#include <fmt/format.h>

#include <set>
#include <sstream>

#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"

namespace relayspec::trial {
namespace {

// A fault is found as a deviation, or else the line names what no case reports.
bool is_deviation(const std::string& verdict) { return verdict == "fail" || verdict == "warn"; }

Fault fault_in(const TableLine& line) {
  const auto& w = line.words;
  if (w.size() < 5) {
    throw InputError(fmt::format("{}: '{}' has {} of 5 columns: fault, dialect, verdict, case, requirement",
                                 line.where, w[0], w.size()));
  }
  require_dialect(w[1], line.where);
  if (!is_deviation(w[2]))
    throw InputError(
        fmt::format("{}: '{}' is no verdict that finds a fault; use fail or warn", line.where, w[2]));
  return {.name = w[0],
          .dialect = w[1],
          .verdict = w[2],
          .finder = w[3],
          .requirement = w[4],
          .causes = {w.begin() + 5, w.end()},
          .where = line.where};
}

}  // namespace

std::vector<TableLine> table_lines(std::string_view text, const std::string& path) {
  std::vector<TableLine> lines;
  std::istringstream in{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    TableLine l{.words = {}, .where = fmt::format("{}:{}", path, number)};
    std::istringstream words(line);
    for (std::string word; words >> word;) l.words.push_back(word);
    if (!l.words.empty()) lines.push_back(l);
  }
  return lines;
}

void require_dialect(const std::string& dialect, const std::string& where) {
  if (!dialect_named(dialect))
    throw InputError(fmt::format("{}: '{}' is no dialect; use rfc, strict or proxy", where, dialect));
}

std::vector<Fault> parse_faults(std::string_view text, const std::string& path) {
  std::vector<Fault> all;
  for (const TableLine& line : table_lines(text, path)) all.push_back(fault_in(line));
  if (all.empty()) throw InputError(path + ": the table has no faults; name testsuites/faulty/faults.txt");
  return all;
}

std::vector<std::string> complaints_about_table(const std::vector<Fault>& faults,
                                                const std::vector<std::string>& relay_faults,
                                                const std::vector<std::string>& cases) {
  std::vector<std::string> all;
  std::set<std::string> listed, finders;
  const std::set<std::string> known(relay_faults.begin(), relay_faults.end());
  for (const Fault& f : faults) {
    if (!listed.insert(f.name).second)
      all.push_back(fmt::format("{}: {} stands twice in the table", f.where, f.name));
    if (!known.contains(f.name))
      all.push_back(fmt::format("{}: the faulty relay has no fault {}", f.where, f.name));
    if (!Catalogue::shipped().find(f.requirement))
      all.push_back(fmt::format("{}: there is no requirement {}", f.where, f.requirement));
    finders.insert(f.finder);
  }
  for (const std::string& name : known) {
    // Without DISCOVERs no probe comes through, so no case can judge anything; trial_test.cc covers it.
    if (!listed.contains(name) && name != "discover-dropped") all.push_back(name + ": is not in the table");
  }
  for (const std::string& id : cases) {
    if (!finders.contains(id))
      all.push_back(id + ": finds no fault; give the relay one that it is there to find");
  }
  return all;
}

}  // namespace relayspec::trial
