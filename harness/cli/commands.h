// SPDX-License-Identifier: Apache-2.0
// The commands of the toolkit. Each adds itself to the command line and, when called, leaves its exit status.
#pragma once

#include <CLI/CLI.hpp>

namespace relayspec {

/// Exit statuses that CI relies on.
enum Status : int { conforms = 0, deviates = 1, bad_input = 2, not_judged = 3 };

void add_run(CLI::App&, int& status);
void add_list(CLI::App&, int& status);
void add_explain(CLI::App&, int& status);
void add_relays(CLI::App&, int& status);
void add_requirements(CLI::App&, int& status);
void add_lab(CLI::App&, int& status);
void add_compare(CLI::App&, int& status);
void add_profile(CLI::App&, int& status);
void add_fuzz(CLI::App&, int& status);
void add_replay(CLI::App&, int& status);

}  // namespace relayspec
