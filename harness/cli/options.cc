#include "harness/cli/options.h"

#include <algorithm>
#include <thread>

#include "relayspec/harness/settings.h"

namespace relayspec {

// A relay and its harness wait for one another more than they work; beyond that labs only get in each other's
// way.
RunOptions::RunOptions() : jobs(std::clamp(std::thread::hardware_concurrency() * 2, 2U, 8U)) {}

void declare(CLI::App& command, RunOptions& options) {
  command.add_option("--relay", options.relay,
                     "name of a shipped profile, or path of a profile file (default: reference)");
  command.add_option("--dialect", options.dialect, "rfc (default), strict or proxy")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
  command.add_option("--suite", options.suites, "only this suite (may be given several times)")
      ->allow_extra_args(false);
  command
      .add_option("--case", options.patterns,
                  "only cases whose id fits this pattern, as 'hops/*' (may be given several times)")
      ->allow_extra_args(false);
  command.add_flag("--strict", options.strict, "a warn counts as a deviation too");
  command.add_option("--baseline", options.baseline, "TOML file of known, accepted deviations");
  command.add_option("--out", options.out,
                     "folder for results.json, junit.xml, summary.md, report.html and the captures");
  command
      .add_option("--jobs", options.jobs, "labs side by side (default: two for each processor, 8 at most)")
      ->check(CLI::Range(1U, 64U));
  command
      .add_option("--repeat", options.repeat,
                  "how many times (default: 1); the worst verdict of a case counts")
      ->check(CLI::Range(1U, 100000U));
  command.add_flag("--verbose", options.verbose,
                   "also every case, every choice that the standards leave, what was skipped, and with each "
                   "deviation its octets and all cases that show it");
  command.footer("Example: relayspec run --relay isc-dhcrelay --suite hops --suite giaddr --out report");
}

void declare(CLI::App& command, LabOptions& options) {
  command.add_option("--relay", options.relay, "name of a shipped profile or path of a profile file");
  command
      .add_option("--feature", options.features,
                  "how the relay is started: NAME or NAME=VALUE (may be given several times)")
      ->allow_extra_args(false);
  command.add_option("COMMAND", options.command, "what to run in the client's network (default: $SHELL)");
  command.footer("Features (a relay takes those that its profile lists, see 'relayspec relays'):\n" +
                 features_help() +
                 "\nExample: relayspec lab --relay isc-dhcrelay --feature option82 -- tcpdump -ni eth0");
}

void declare(CLI::App& command, ListOptions& options) {
  command.add_option("--suite", options.suites, "only this suite (may be given several times)")
      ->allow_extra_args(false);
  command.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.footer("Example: relayspec list --suite hops --format json");
}

}  // namespace relayspec
