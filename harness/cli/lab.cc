#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/session.h"
#include "harness/cli/commands.h"
#include "harness/relays.h"
#include "relayspec/harness/settings.h"

namespace relayspec {
namespace {

struct LabOptions {
  std::string relay = "reference";
  std::vector<std::string> features, command;
};

void print_plan(const Session& session) {
  fmt::print(stderr, "relay {} runs ({}):\n", session.profile().name, describe(session.config()));
  for (const Segment s : all_segments) {
    fmt::print(stderr, "  {:<10} {}\n", interface_name(s), relay_address(s).to_string());
  }
  fmt::print(stderr,
             "You are in the first client network; the interface towards the relay is eth0. Servers' "
             "addresses are {} to {}:\n"
             "  nsenter --net=$RELAYSPEC_SERVER_NET COMMAND    runs COMMAND on the servers' host\n"
             "The lab goes when this command ends.\n",
             server_address(0).to_string(), server_address(server_count - 1).to_string());
}

int lab(const LabOptions& options) {
  const Profile profile = load_profile(options.relay);
  const RelaySettings settings = settings_from_features(profile, options.features);
  std::vector<std::string> command = options.command;
  if (command.empty()) {
    const char* shell = std::getenv("SHELL");
    command = {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"};
  }
  require_privilege(profile);
  acquire_privilege();
  Session session(profile, settings.server_id == ServerIdMode::rewrite ? Dialect::proxy : Dialect::rfc);
  try {
    session.prepare(settings);
  } catch (const StartError& e) {
    fmt::print(stderr, "relayspec: {}\n", e.what());
    return not_judged;
  }
  session.lab().settle_hosts();
  print_plan(session);
  const int status = session.lab().run_inside(Segment::downlink0, command, {});
  if (const auto how = session.relay_ended()) fmt::print(stderr, "relayspec: meanwhile the relay {}\n", *how);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void add_lab(CLI::App& app, int& status) {
  auto options = std::make_shared<LabOptions>();
  auto* command =
      app.add_subcommand("lab",
                         "builds the lab with the relay running in it, and opens a shell or COMMAND in the "
                         "client's network");
  command->add_option("--relay", options->relay, "name of a shipped profile or path of a profile file");
  command
      ->add_option("--feature", options->features,
                   "how the relay is started: NAME or NAME=VALUE (may be given several times)")
      ->allow_extra_args(false);
  command->add_option("COMMAND", options->command, "what to run in the client's network (default: $SHELL)");
  command->footer("Features (a relay takes those that its profile lists, see 'relayspec relays'):\n" +
                  features_help() +
                  "\nExample: relayspec lab --relay isc-dhcrelay --feature option82 -- tcpdump -ni eth0");
  command->callback([options, &status] { status = lab(*options); });
}

}  // namespace relayspec
