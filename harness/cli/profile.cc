// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "harness/cli/commands.h"
#include "harness/cli/streams.h"
#include "harness/profile_draft.h"

namespace relayspec {

void add_profile(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "profile", "writes a first profile from the command line that starts a relay, and says what is open");
  // All that follows belongs to the relay, options that relayspec has too included.
  command->prefix_command();
  command->footer(
      "The profile goes to stdout, what the command line does not show to stderr.\n"
      "Example: relayspec profile dhcrelay -4 -d -id eth1 -id eth2 -iu eth0 10.9.0.2 > mine.toml\n"
      "         relayspec run --relay ./mine.toml --check");
  command->callback([command, &status] {
    const ProfileDraft draft = draft_profile(command->remaining(), shipped_profiles());
    fmt::print("{}", draft.toml);
    for (const std::string& line : draft.open) complain("note: " + line);
    status = conforms;
  });
}

}  // namespace relayspec
