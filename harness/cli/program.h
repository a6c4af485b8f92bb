// SPDX-License-Identifier: Apache-2.0
// The whole program, as main() gets it.
#pragma once

namespace CLI {
class App;
}

namespace relayspec {

/// The table that parses the command line, and all that --help says. What is called leaves its exit status.
void declare_program(CLI::App&, int& status);

/// Does what the command line asks for; the exit status.
int run_program(int argc, const char* const* argv);

}  // namespace relayspec
