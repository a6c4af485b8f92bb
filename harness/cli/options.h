// What the commands can be asked for, and how the command line says it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace relayspec {

struct RunOptions {
  RunOptions();
  std::string relay = "reference", dialect = "rfc", baseline, out;
  std::vector<std::string> suites, patterns;
  bool strict = false, verbose = false;
  unsigned jobs, repeat = 1;
};

struct LabOptions {
  std::string relay = "reference";
  std::vector<std::string> features, command;
};

struct ListOptions {
  std::vector<std::string> suites;
  std::string format = "text";
};

void declare(CLI::App& command, RunOptions&);
void declare(CLI::App& command, LabOptions&);
void declare(CLI::App& command, ListOptions&);

}  // namespace relayspec
