// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "packaging/pages.h"

namespace relayspec::pages {

namespace {

/// "TEXT:{rfc,strict,proxy}" → its words
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t from = type.find('{'), to = type.find('}', from);
  std::vector<std::string> words;
  if (to == std::string::npos) return words;
  std::string word;
  for (const char c : type.substr(from + 1, to - from - 1) + ",") {
    if (c != ',') {
      word += c;
    } else {
      words.push_back(std::exchange(word, ""));
    }
  }
  return words;
}

Value value_named(const std::string& type) {
  static const std::map<std::string, Value> values = {{"FILE", Value::file},    {"DIR", Value::directory},
                                                      {"RELAY", Value::relay},  {"SUITE", Value::suite},
                                                      {"CASE", Value::case_id}, {"ID", Value::case_id}};
  const auto found = values.find(type);
  return found == values.end() ? Value::text : found->second;
}

Word word_of(const CLI::Option& o) {
  Word w{.help = o.get_description(), .required = o.get_required()};
  for (const std::string& name : o.get_snames()) w.names.push_back("-" + name);
  for (const std::string& name : o.get_lnames()) w.names.push_back("--" + name);
  const std::string type = o.get_type_name(), plain = type.substr(0, type.find_first_of(": "));
  if (w.names.empty()) {
    w.operand = o.get_name(true);
  } else if (o.get_expected_max() > 0 && o.get_type_size_max() > 0) {
    w.operand = plain == "UINT" || plain == "INT" ? "N" : plain.empty() ? "VALUE" : plain;
  }
  w.repeats = o.get_expected_max() > 1;
  w.choices = choices_in(type);
  if (!w.operand.empty()) w.value = w.choices.empty() ? value_named(w.operand) : Value::choice;
  return w;
}

Command command_of(const CLI::App& app) {
  Command c{.name = app.get_name(), .description = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* o : app.get_options()) {
    Word w = word_of(*o);
    (w.names.empty() ? c.operands : c.options).push_back(std::move(w));
  }
  return c;
}

}  // namespace

Program program_of(const CLI::App& app) {
  Program p{.itself = command_of(app), .commands = {}};
  for (const CLI::App* command : app.get_subcommands(nullptr)) p.commands.push_back(command_of(*command));
  return p;
}

}  // namespace relayspec::pages
