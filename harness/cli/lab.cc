// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/lab.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/testbed.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/streams.h"
#include "harness/lab/lab_device.h"
#include "harness/relays.h"
#include "harness/text.h"
#include "relayspec/harness/settings.h"

namespace relayspec {
namespace {

int lab(const LabOptions& options) {
  const Profile profile = load_profile(options.relay);
  const RelaySettings settings = settings_from_features(profile, options.features);
  if (profile.attach)
    throw InputError(profile.path +
                     ": the relay is attached, and needs no lab; take a profile with a 'start' script");
  require_privilege(profile);
  acquire_privilege();
  const Dialect dialect = settings.server_id == ServerIdMode::rewrite ? Dialect::proxy : Dialect::rfc;
  auto device = std::make_unique<LabDevice>(profile, dialect, Topology::documentation());
  LabDevice& made = *device;
  TestBed bed(profile, dialect, std::move(device));
  try {
    bed.session().prepare(settings);
  } catch (const StartError& e) {
    complain(e.what());
    return not_judged;
  }
  made.lab().settle_hosts();
  say(clean(lab_plan(profile, settings, bed.model().world().topology)));
  const int status = made.lab().run_inside(Segment::downlink0, command_of(options), {});
  if (const auto how = bed.session().relay_ended()) complain("meanwhile the relay " + *how);
  return exit_status_of(status);
}

}  // namespace

std::vector<std::string> command_of(const LabOptions& options) {
  if (!options.command.empty()) return options.command;
  const char* shell = std::getenv("SHELL");
  return {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"};
}

int exit_status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

std::string lab_plan(const Profile& profile, const RelaySettings& settings, const Topology& topology) {
  std::string s = fmt::format("relay {} runs ({}):\n", profile.name, describe(settings));
  for (const Segment segment : all_segments) {
    s += fmt::format("  {:<10} {}\n", interface_name(segment), topology[segment].relay.ipv4.to_string());
  }
  return s + fmt::format(
                 "You are in the first client network; the interface towards the relay is eth0. Servers' "
                 "addresses are {} to {}:\n"
                 "  nsenter --net=$RELAYSPEC_SERVER_NET COMMAND    runs COMMAND on the servers' host\n"
                 "The lab is removed when this command ends.\n",
                 topology.servers.front().ipv4.to_string(), topology.servers.back().ipv4.to_string());
}

void add_lab(CLI::App& app, int& status) {
  auto options = std::make_shared<LabOptions>();
  auto* command =
      app.add_subcommand("lab",
                         "builds the lab with the relay running in it, and opens a shell or COMMAND in the "
                         "client's network");
  declare(*command, *options);
  command->callback([options, &status] { status = lab(*options); });
}

}  // namespace relayspec
