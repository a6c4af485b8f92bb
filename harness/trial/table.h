// SPDX-License-Identifier: Apache-2.0
// The table of the trial: which case must find which fault of the faulty relay, by which rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relayspec::trial {

/// A line of faults.txt.
struct Fault {
  std::string name, dialect, verdict, finder, requirement;
  /// What else the fault may break: patterns of requirements or of cases, or a Finding::By in words.
  std::vector<std::string> causes;
  std::string where;  ///< "faults.txt:12"
};

/// One line of a table: its words, and where it stands. Empty lines and comments are left out.
struct TableLine {
  std::vector<std::string> words;
  std::string where;
};
std::vector<TableLine> table_lines(std::string_view text, const std::string& path);

/// Throws InputError for a line that is too short or names a dialect or verdict that does not exist, and for
/// a table without lines. `path` is for the messages.
std::vector<Fault> parse_faults(std::string_view text, const std::string& path);

/// Throws InputError, "FILE:LINE: what", for a dialect that does not exist.
void require_dialect(const std::string& dialect, const std::string& where);

/// What is wrong with the table as a whole, given the faults that the relay has and the cases that there are:
/// a fault that is listed twice or does not exist, a requirement that does not exist, a fault that is not
/// listed, a case that finds no fault.
std::vector<std::string> complaints_about_table(const std::vector<Fault>&,
                                                const std::vector<std::string>& relay_faults,
                                                const std::vector<std::string>& cases);

}  // namespace relayspec::trial
