// SPDX-License-Identifier: Apache-2.0
#include "harness/relays.h"

#include <fmt/format.h>

#include "harness/cli/commands.h"

namespace relayspec {

void add_relays(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "relays", "the shipped profiles, and which of them can run on this machine and why not");
  command->footer("Example: relayspec relays");
  command->callback([&status] {
    fmt::print("{}", relays_table(survey_relays()));
    status = conforms;
  });
}

}  // namespace relayspec
