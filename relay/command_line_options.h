// SPDX-License-Identifier: Apache-2.0
// The options of relayspec-relay's command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "relay/command_line.h"

namespace relayspec::relay {

/// What the options are parsed into. Addresses are still text, so that an error can name the option.
struct Arguments {
  Settings settings;
  std::vector<std::string> servers;
  std::string giaddr;
  bool no_circuit_id = false, no_remote_id = false;
};

/// `Arguments` has to outlive the parsing.
void add_options(CLI::App&, Arguments&);

/// The same with all that --help says.
void declare_program(CLI::App&, Arguments&);

}  // namespace relayspec::relay
