#include "harness/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "relayspec/harness/settings.h"

namespace relayspec {
namespace {

// CLI11 takes 0x10, +1 and others for numbers too.
CLI::Validator plain_number(unsigned least, unsigned most) {
  return CLI::Validator(
      [=](std::string& text) -> std::string {
        unsigned n = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (problem == std::errc() && end == text.data() + text.size() && n >= least && n <= most) return "";
        return fmt::format("a number from {} to {} is due, not '{}'", least, most, text);
      },
      "");
}

// Mostly a variable of a script that is not set.
const CLI::Validator not_empty(
    [](std::string& text) -> std::string {
      return text.empty() ? "it is empty; give it a value, or leave it out" : "";
    },
    "");

}  // namespace

// A relay and its harness wait for one another more than they work; beyond that labs only get in each other's
// way.
RunOptions::RunOptions() : jobs(std::clamp(std::thread::hardware_concurrency() * 2, 2U, 8U)) {}

void declare(CLI::App& command, RunOptions& options) {
  command
      .add_option("--relay", options.relay,
                  "name of a shipped profile, or path of a profile file (default: reference)")
      ->check(not_empty);
  command.add_option("--dialect", options.dialect, "rfc (default), strict or proxy")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
  command.add_option("--suite", options.suites, "only this suite (may be given several times)")
      ->allow_extra_args(false);
  command
      .add_option("--case", options.patterns,
                  "only cases whose id fits this pattern, as 'hops/*' (may be given several times)")
      ->allow_extra_args(false);
  command.add_flag("--strict", options.strict, "a warn counts as a deviation too");
  command.add_option("--baseline", options.baseline, "TOML file of known, accepted deviations")
      ->check(not_empty);
  command
      .add_option("--out", options.out,
                  "folder for results.json, junit.xml, summary.md, report.html and the captures")
      ->check(not_empty);
  command
      .add_option("--jobs", options.jobs, "labs side by side (default: two for each processor, 8 at most)")
      ->check(plain_number(1, 64));
  command
      .add_option("--repeat", options.repeat,
                  "how many times (default: 1); the worst verdict of a case counts")
      ->check(plain_number(1, 100'000));
  command.add_flag("--verbose", options.verbose,
                   "also every case, every choice that the standards leave, what was skipped, and with each "
                   "deviation its octets and all cases that show it");
  command.footer("Example: relayspec run --relay isc-dhcrelay --suite hops --suite giaddr --out report");
}

void declare(CLI::App& command, LabOptions& options) {
  command.add_option("--relay", options.relay, "name of a shipped profile or path of a profile file")
      ->check(not_empty);
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
