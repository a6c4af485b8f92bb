// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
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
        return fmt::format("give a number from {} to {}, not '{}'", least, most, text);
      },
      "");
}

// Often a variable of a script that is not set.
const CLI::Validator not_empty(
    [](std::string& text) -> std::string {
      return text.empty() ? "it is empty; give it a value, or leave it out" : "";
    },
    "");

}  // namespace

// A relay and its harness wait for each other more than they work; with more labs than this a run gets no
// faster.
RunOptions::RunOptions() : jobs(std::clamp(std::thread::hardware_concurrency() * 2, 2U, 8U)) {}

void add_dialect(CLI::App& command, std::string& dialect) {
  command.add_option("--dialect", dialect, "rfc (default), strict or proxy")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
}

namespace {

/// Which cases are run, and by which dialect.
template <class Options>
void declare_cases(CLI::App& command, Options& options) {
  add_dialect(command, options.dialect);
  command.add_option("--suite", options.suites, "only this suite (may be given several times)")
      ->type_name("SUITE")
      ->allow_extra_args(false);
  command
      .add_option("--case", options.patterns,
                  "only cases whose id fits this pattern, as 'hops/*' (may be given several times)")
      ->type_name("CASE")
      ->allow_extra_args(false);
  command
      .add_option("--jobs", options.jobs, "labs side by side (default: two for each processor, 8 at most)")
      ->check(plain_number(1, 64));
}

}  // namespace

void declare(CLI::App& command, RunOptions& options) {
  command
      .add_option("--relay", options.relay,
                  "name of a shipped profile, or path of a profile file (default: reference)")
      ->type_name("RELAY")
      ->check(not_empty);
  declare_cases(command, options);
  command.add_flag(
      "--check", options.check,
      "only starts the relay and makes one exchange, and says what does not come through and why "
      "that may be");
  command.add_flag("--strict", options.strict, "a warn counts as a deviation too");
  command
      .add_option(
          "--baseline", options.baseline,
          "TOML file of known, accepted deviations: by case, or by requirement, field, kind of difference, "
          "cases and settings; with 'skipped' also the cases that are known to be skipped")
      ->type_name("FILE")
      ->check(not_empty);
  command
      .add_option(
          "--write-baseline", options.new_baseline,
          "new file: a baseline that accepts whatever deviates now, each difference in the cases that show "
          "it; the entries of --baseline that are still needed come first, with the further cases that show "
          "their differences")
      ->check(not_empty);
  command
      .add_option("--out", options.out,
                  "folder for results.json, junit.xml, summary.md, report.html and the captures")
      ->type_name("DIR")
      ->check(not_empty);
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
      ->type_name("RELAY")
      ->check(not_empty);
  command
      .add_option("--feature", options.features,
                  "how the relay is started: NAME or NAME=VALUE (may be given several times)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("COMMAND", options.command, "what to run in the client's network (default: $SHELL)");
  command.footer("Features (a relay takes those that its profile lists, see 'relayspec relays'):\n" +
                 features_help() +
                 "\nExample: relayspec lab --relay isc-dhcrelay --feature option82 -- tcpdump -ni eth0");
}

namespace {

/// Each --feature belongs to the relay in front of it.
void share_out_features(const std::vector<CLI::Option*>& in_order, CompareOptions& options) {
  RelayChoice* relay = nullptr;
  std::map<const CLI::Option*, std::size_t> taken;
  options.relays.clear();
  for (const CLI::Option* option : in_order) {
    const std::string name = option->get_name();
    if (name != "RELAY" && name != "--reference" && name != "--feature") continue;
    const std::string& value = option->results().at(taken[option]++);
    if (name == "RELAY") {
      relay = &options.relays.emplace_back(RelayChoice{value, {}});
    } else if (name == "--reference") {
      options.reference = {value, {}};
      relay = &options.reference;
    } else if (relay) {
      relay->features.push_back(value);
    } else {
      throw CLI::ValidationError("--feature",
                                 "it stands behind the relay that it is for, as in "
                                 "'isc-dhcrelay --feature option82'");
    }
  }
}

}  // namespace

void declare(CLI::App& command, CompareOptions& options) {
  // Read in their order when all have been parsed.
  const auto later = [](const std::vector<std::string>&) {};
  using Words = std::vector<std::string>;
  command
      .add_option_function<Words>("RELAY", later,
                                  "name of a shipped profile or path of a profile file; one or more")
      ->required()
      ->check(not_empty);
  command
      .add_option_function<std::string>(
          "--reference", [](const std::string&) {},
          "what the others are compared with (default: reference); it runs as well")
      ->type_name("RELAY")
      ->check(not_empty);
  command
      .add_option_function<Words>(
          "--feature", later,
          "how the relay in front of it is started for the stimuli: NAME or NAME=VALUE (may be given "
          "several times; 'relayspec lab --help' lists them). Cases set their relay as they need it.")
      ->type_name("NAME")
      ->allow_extra_args(false);
  declare_cases(command, options);
  command
      .add_option("--stimuli", options.stimuli, "generated messages for each relay (default: 5000; 0: none)")
      ->check(plain_number(0, 10'000'000));
  command.add_option("--seed", options.seed, "of the stimuli (default: 1): the same for all relays")
      ->check(plain_number(0, 4'294'967'295));
  command
      .add_option("--out", options.out, "folder for compare.json, compare.md, compare.html and the captures")
      ->type_name("DIR")
      ->check(not_empty);
  command.add_flag("--verbose", options.verbose, "with each difference what came of its stimulus");
  command.parse_complete_callback([&] { share_out_features(command.parse_order(), options); });
  command.footer(
      "Exit status: 0 all relays were judged and none deviates, 1 one of them deviates (a case fails, or a\n"
      "difference breaks a MUST), 2 wrong input, 3 a relay could not be judged. A choice that the standards\n"
      "leave is no deviation.\n"
      "Examples: relayspec compare isc-dhcrelay dnsmasq --out report\n"
      "          relayspec compare ./new.toml --reference ./old.toml --stimuli 20000\n"
      "          relayspec compare isc-dhcrelay --feature option82 --reference isc-dhcrelay");
}

void declare(CLI::App& command, FuzzCommandOptions& options) {
  constexpr unsigned most = 4'294'967'295, most_at_once = 64;
  command
      .add_option("--relay", options.relay,
                  "name of a shipped profile, or path of a profile file (default: reference)")
      ->check(not_empty);
  command.add_option("--dialect", options.dialect, "rfc (default), strict or proxy")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
  command
      .add_option(
          "--feature", options.features,
          "how the relay is started: NAME or NAME=VALUE (may be given several times; 'relayspec lab "
          "--help' lists them). Without it the feature sets that the profile offers have their turns.")
      ->allow_extra_args(false);
  command.add_option("--seconds", options.seconds, "how long (default: 60)")->check(plain_number(1, most));
  command.add_option("--packets", options.packets, "how many generated messages")
      ->check(plain_number(1, most));
  command.add_option("--seed", options.seed, "of the messages (default: 1): the same seed sends the same")
      ->check(plain_number(0, most));
  command
      .add_option("--at-once", options.at_once,
                  "messages in front of each plain exchange that shows them to be through (default: 8)")
      ->check(plain_number(1, most_at_once));
  command.add_flag(
      "--coverage", options.coverage,
      "messages are also made from those that lead the relay to new places of its code; it has to be "
      "built for that (docs/fuzzing.md)");
  command.add_option("--out", options.out, "folder for fuzz.html, fuzz.json and a capture of each finding")
      ->check(not_empty);
  command.add_flag("--verbose", options.verbose, "long lines are not cut");
  command.footer(
      "Exit status: 0 nothing was found, 1 something was, 2 wrong input, 3 the relay could not be judged.\n"
      "Ctrl-C ends the run and loses nothing.\n"
      "Examples: relayspec fuzz --relay isc-dhcrelay --seconds 60 --out found\n"
      "          relayspec fuzz --relay ./mine.toml --packets 100000 --feature option82 --feature "
      "max-hops=4\n"
      "          relayspec replay found/findings/lost--1.pcapng --relay ./mine.toml");
}

void declare(CLI::App& command, ReplayCommandOptions& options) {
  command.add_option("FILE", options.file, "a capture: of a finding, or any pcap or pcapng")
      ->required()
      ->check(not_empty);
  command
      .add_option("--relay", options.relay,
                  "name of a shipped profile, or path of a profile file (default: reference)")
      ->check(not_empty);
  command
      .add_option("--dialect", options.dialect,
                  "rfc, strict or proxy (default: what the capture of a finding says, else rfc)")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
  command
      .add_option(
          "--feature", options.features,
          "how the relay is started: NAME or NAME=VALUE (may be given several times; default: what the "
          "capture of a finding says, else plain)")
      ->allow_extra_args(false);
  command.add_option("--out", options.out, "pcapng file of what was sent and what came of it")
      ->check(not_empty);
  command.footer(
      "Exit status: 0 nothing deviates, 1 something does, 2 wrong input, 3 the relay could not be judged.\n"
      "Examples: relayspec replay found/findings/lost--1.pcapng --relay ./mine.toml\n"
      "          relayspec replay office.pcap --relay isc-dhcrelay --feature option82 --out answers.pcapng");
}

void declare(CLI::App& command, ListOptions& options) {
  command.add_option("--suite", options.suites, "only this suite (may be given several times)")
      ->type_name("SUITE")
      ->allow_extra_args(false);
  command.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.footer("Example: relayspec list --suite hops --format json");
}

}  // namespace relayspec
