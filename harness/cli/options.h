// SPDX-License-Identifier: Apache-2.0
// What the commands can be asked for, and how the command line says it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace relayspec {

struct RunOptions {
  RunOptions();
  std::string relay = "reference", dialect = "rfc", baseline, new_baseline, out;
  std::vector<std::string> suites, patterns;
  bool strict = false, verbose = false, check = false;
  unsigned jobs, repeat = 1;
};

struct LabOptions {
  std::string relay = "reference";
  std::vector<std::string> features, command;
};

/// A relay and how it is started for the stimuli: `P --feature option82`.
struct RelayChoice {
  std::string relay;
  std::vector<std::string> features;
};

struct CompareOptions {
  std::vector<RelayChoice> relays;
  RelayChoice reference = {"reference", {}};
  std::string dialect = "rfc", out;
  std::vector<std::string> suites, patterns;
  unsigned jobs = RunOptions().jobs, seed = 1, stimuli = 5000;
  bool verbose = false;
};

struct FuzzCommandOptions {
  std::string relay = "reference", dialect = "rfc", out;
  std::vector<std::string> features;
  std::optional<unsigned> seconds, packets;
  unsigned seed = 1, at_once = 8;
  bool coverage = false, verbose = false;
};

struct ReplayCommandOptions {
  std::string file, relay = "reference", dialect, out;
  std::vector<std::string> features;
};

struct ListOptions {
  std::vector<std::string> suites;
  std::string format = "text";
};

/// The option --dialect.
void add_dialect(CLI::App& command, std::string& dialect);
void declare(CLI::App& command, RunOptions&);
void declare(CLI::App& command, LabOptions&);
void declare(CLI::App& command, ListOptions&);
void declare(CLI::App& command, FuzzCommandOptions&);
void declare(CLI::App& command, ReplayCommandOptions&);
/// The options are complete when the command line has been parsed.
void declare(CLI::App& command, CompareOptions&);

}  // namespace relayspec
