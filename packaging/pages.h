// SPDX-License-Identifier: Apache-2.0
// Man pages and shell completions of a command line, from the table that parses it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace relayspec::pages {

/// What the value of an option is, for a completion.
enum class Value { none, text, file, directory, relay, suite, case_id, choice };

struct Word {
  std::vector<std::string> names;  ///< "-d", "--downlink"; of an operand none
  std::string operand;             ///< "FILE"; empty for a flag
  std::string help;
  bool required = false, repeats = false;
  Value value = Value::none;
  std::vector<std::string> choices;
};

struct Command {
  std::string name, description, footer;
  std::vector<Word> options, operands;
};

struct Program {
  Command itself;
  std::vector<Command> commands;
};

Program program_of(const CLI::App&);

/// Everything that does not stand in the table.
struct ManFrame {
  std::string section, version, tail;
};
std::string man_page(const Program&, const ManFrame&);
std::string bash_completion(const Program&);
std::string zsh_completion(const Program&);
std::string fish_completion(const Program&);

}  // namespace relayspec::pages
