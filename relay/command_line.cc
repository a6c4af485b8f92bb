// SPDX-License-Identifier: Apache-2.0
#include "relay/command_line.h"

#include <arpa/inet.h>

#include <algorithm>

#include "relay/command_line_options.h"

namespace relayspec::relay {
namespace {

constexpr const char* description =
    "A DHCPv4 relay agent: takes in what DHCP and BOOTP clients broadcast on the downlinks, passes it to "
    "every server, and "
    "hands the answers to the clients. RFC 951, 1542, 2131, 3046. It runs in the foreground, drops all "
    "privileges once its "
    "sockets are open, logs to stderr, prints its counters on SIGUSR1 and when it ends, and reads the "
    "interfaces' addresses "
    "again when they change.";

constexpr const char* example =
    "Example: two client networks, two servers, option 82 with a circuit-id per network:\n"
    "  relayspec-relay --downlink eth1 --downlink eth2 --uplink eth0 \\\n"
    "                  --server 198.51.100.2 --server 198.51.100.3 \\\n"
    "                  --option82 --circuit-id eth1=floor-1 --circuit-id eth2=floor-2\n"
    "\n"
    "Needs CAP_NET_RAW and CAP_NET_BIND_SERVICE; CAP_NET_ADMIN, if there, gives it a larger receive buffer.\n"
    "Exit status: 0 ended by SIGTERM or SIGINT, 1 could not start, 2 wrong command line.";

Ipv4 parse_address(const char* option, const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1)
    throw StartError(2, fmt::format("{} {}: not an IPv4 address in dotted form", option, text));
  return {ntohl(address.s_addr)};
}

Ipv4 parse_server(const std::string& text) {
  const Ipv4 server = parse_address("--server", text);
  if (!can_be_a_host(server))
    throw StartError(
        2,
        fmt::format("--server {}: a server is reached by unicast, and no host can have this address", text));
  return server;
}

void refuse_repetitions(const char* option, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw StartError(2, fmt::format("{} {}: given twice", option, *twice));
}

// Takes over what CLI11 leaves as text.
void read_addresses(Arguments& a) {
  auto& servers = a.settings.config.servers;
  for (const auto& server : a.servers) {
    const auto address = parse_server(server);
    const bool known = std::find(servers.begin(), servers.end(), address) != servers.end();
    if (!known) servers.push_back(address);  // one that is named twice still gets one copy
  }
  if (!a.giaddr.empty()) a.settings.giaddr = parse_address("--giaddr", a.giaddr);
}

// What no single option can check.
void refuse_contradictions(const Arguments& a) {
  const Settings& settings = a.settings;
  refuse_repetitions("--downlink", settings.downlinks);
  refuse_repetitions("--uplink", settings.uplinks);
  if (settings.config.server_id == ServerId::override_ && !settings.config.option82)
    throw StartError(2, "--server-id override: the servers are asked in option 82; add --option82");
  const bool shared = settings.giaddr || settings.link_selection;
  if (shared && settings.downlinks.size() > 1 && (!settings.config.option82 || a.no_circuit_id))
    throw StartError(
        2,
        "--giaddr with several downlinks: answers are distinguished by their circuit-id; add --option82, "
        "without --no-circuit-id");
  if (a.no_circuit_id && a.no_remote_id)
    throw StartError(2, "--no-circuit-id and --no-remote-id leave nothing for --option82 to send");
}

}  // namespace

void declare_program(CLI::App& app, Arguments& parsed) {
  app.description(description);
  app.footer(example);
  app.set_version_flag("--version", "relayspec-relay " RELAYSPEC_VERSION);
  add_options(app, parsed);
}

CommandLine parse_command_line(std::vector<std::string> arguments) {
  Arguments parsed;
  CLI::App app("", "relayspec-relay");
  declare_program(app, parsed);

  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return {.settings = {}, .exit = Exit{0, app.help()}};
  } catch (const CLI::CallForVersion&) {
    return {.settings = {}, .exit = Exit{0, app.version() + "\n"}};
  } catch (const CLI::ParseError& error) {
    throw StartError(2, fmt::format("{} (see --help)", error.what()));
  }

  read_addresses(parsed);
  refuse_contradictions(parsed);
  parsed.settings.with_circuit_id = !parsed.no_circuit_id;
  parsed.settings.with_remote_id = !parsed.no_remote_id;
  return {.settings = std::move(parsed.settings), .exit = {}};
}

}  // namespace relayspec::relay
