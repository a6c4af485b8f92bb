// SPDX-License-Identifier: Apache-2.0
#include "harness/relays.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "harness/data.h"
#include "harness/lab/contained.h"
#include "harness/suggest.h"
#include "harness/text.h"
#include "relayspec/harness/lab.h"

namespace relayspec {

namespace {

constexpr std::chrono::seconds kVersionLimit{10};

std::string first_line(std::string_view output) { return one_line(output.substr(0, output.find('\n'))); }

/// 126 and 127 are what a shell says of a program that cannot be run or found (POSIX, section 2.8.2); other
/// statuses are the program's own, and some exit with 1 after printing their version.
bool found(const ShellResult& r) { return !r.timed_out && r.status < 126; }

// A command of a profile is trusted no more than its relay.
ShellResult ask_version(const Profile& profile) {
  // Of a device it is asked through the machine's own network.
  if (profile.attach) return run_shell({"-s"}, profile.version_command, kVersionLimit);
  acquire_privilege();
  return run_contained(profile.version_command, relay_environment(profile), kVersionLimit);
}

}  // namespace

std::map<std::string, std::string> relay_environment(const Profile& profile) {
  auto variables = profile.env;
  const auto own = profile.env.find("PATH");
  variables["PATH"] =
      own == profile.env.end() ? search_path() : program_directory().string() + ":" + own->second;
  return variables;
}

std::optional<std::string> relay_version(const Profile& profile) {
  if (profile.version_command.empty()) return std::nullopt;
  const ShellResult answer = ask_version(profile);
  return found(answer) ? std::optional(first_line(answer.output)) : std::nullopt;
}

RelayStatus relay_status(const Profile& profile) try {
  RelayStatus status{.profile = profile, .version = "", .missing = ""};
  if (profile.version_command.empty()) {
    status.version = "version unknown";
  } else if (const ShellResult answer = ask_version(profile); answer.timed_out) {
    status.missing = fmt::format("its version command does not end: {}", one_line(profile.version_command));
  } else if (!found(answer)) {
    status.missing = profile.package.empty() ? fmt::format("cannot be run: {}", first_line(answer.output))
                                             : fmt::format("not found: apt-get install {}", profile.package);
  } else {
    status.version = first_line(answer.output);
  }
  if (status.missing.empty() && !profile.unprivileged && !is_privileged()) {
    status.version.clear();
    status.missing = "needs root: run relayspec with sudo";
  }
  return status;
} catch (const LabError& e) {  // no relay can be run here
  return {.profile = profile, .version = "", .missing = one_line(e.what())};
}

void require_privilege(const Profile& profile) {
  if (profile.attach && ::geteuid() != 0) {
    throw LabError(
        fmt::format("relay {} is attached, and its interfaces can be used by root alone: run it with sudo",
                    profile.name));
  }
  if (profile.unprivileged || is_privileged()) return;
  throw LabError(fmt::format(
      "relay {} needs root, as its profile says (unprivileged = false): run it with sudo", profile.name));
}

std::vector<RelayStatus> survey_relays() {
  std::vector<RelayStatus> relays;
  for (const Profile& profile : shipped_profiles()) relays.push_back(relay_status(profile));
  return relays;
}

std::string relays_table(const std::vector<RelayStatus>& relays) {
  std::size_t name_width = 0, title_width = 0;
  for (const RelayStatus& r : relays) {
    name_width = std::max(name_width, r.profile.name.size());
    title_width = std::max(title_width, r.profile.title.size());
  }
  std::string table;
  for (const RelayStatus& r : relays) {
    table +=
        fmt::format("{:<{}}  {:<{}}  {:<5}  {}\n", r.profile.name, name_width, r.profile.title, title_width,
                    r.missing.empty() ? "ready" : "no", r.missing.empty() ? r.version : r.missing);
    const std::vector<std::string> features(r.profile.features.begin(), r.profile.features.end());
    table +=
        fmt::format("{:<{}}  features: {}\n", "", name_width, features.empty() ? "none" : join(features));
    if (!r.profile.homepage.empty()) table += fmt::format("{:<{}}  {}\n", "", name_width, r.profile.homepage);
  }
  return table;
}

}  // namespace relayspec
