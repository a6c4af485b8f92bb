#include "relay/command_line.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

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

}  // namespace

CommandLine parse_command_line(std::vector<std::string> arguments) {
  CommandLine result;
  auto& settings = result.settings;
  auto& config = settings.config;
  std::vector<std::string> servers;
  std::string giaddr;
  bool no_circuit_id = false, no_remote_id = false;

  CLI::App app(description, "relayspec-relay");
  app.footer(example);
  app.set_version_flag("--version", "relayspec-relay " RELAYSPEC_VERSION);

  app.add_option("-d,--downlink", settings.downlinks, "Interface with clients on it (repeat for more)")
      ->type_name("IF")
      ->required()
      ->group("What to relay");
  app.add_option("-u,--uplink", settings.uplinks,
                 "Interface that answers come in by; the first one's address is the source towards the "
                 "servers. May also "
                 "be a downlink.")
      ->type_name("IF")
      ->required()
      ->group("What to relay");
  app.add_option("-s,--server", servers, "Server, or next relay; each one gets a copy of every request")
      ->type_name("ADDRESS")
      ->required()
      ->group("What to relay");

  app.add_option("--max-hops", config.max_hops, "Drop requests with more hops than this")
      ->type_name("N")
      ->check(CLI::Range(1, 16))
      ->capture_default_str()
      ->group("Limits");
  app.add_option("--min-secs", config.min_secs, "Drop requests of clients that have tried for less than this")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str()
      ->group("Limits");
  app.add_option(
         "--min-length", config.min_length,
         "Drop messages shorter than this; 300 is RFC 1542 to the letter, and some servers answer with less")
      ->type_name("OCTETS")
      ->check(CLI::Range(236, 300))
      ->capture_default_str()
      ->group("Limits");

  auto* option82 =
      app.add_flag("--option82", config.option82, "Add the Relay Agent Information option (RFC 3046)")
          ->group("Option 82");
  app.add_option(
         "--circuit-id", settings.circuit_ids,
         "Text for the circuit-id of all downlinks, or of one: IF=TEXT (default: the interface's name)")
      ->type_name("[IF=]TEXT")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--remote-id", settings.remote_id,
                 "Text for the remote-id (default: the downlink's MAC address)")
      ->type_name("TEXT")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--no-circuit-id", no_circuit_id, "Leave the circuit-id out")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--no-remote-id", no_remote_id, "Leave the remote-id out")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--trust", settings.trusted,
                 "Downlink whose clients or switches may send option 82 themselves")
      ->type_name("IF")
      ->needs(option82)
      ->group("Option 82");
  static const std::map<std::string, Option82Policy> policies{{"append", Option82Policy::append},
                                                              {"replace", Option82Policy::replace},
                                                              {"forward", Option82Policy::forward},
                                                              {"discard", Option82Policy::discard}};
  app.add_option("--option82-policy", config.option82_policy,
                 "For requests that already carry option 82, trusted or not: append, replace, forward or "
                 "discard (default: "
                 "RFC 3046, dropped unless they come from a trusted downlink or another relay, then kept)")
      ->type_name("POLICY")
      ->transform(CLI::CheckedTransformer(policies).description(""))
      ->needs(option82)
      ->group("Option 82");
  app.add_option(
         "--max-size", settings.max_size,
         "Leave option 82 out where the message would pass this size (default: what fits the uplink's MTU)")
      ->type_name("OCTETS")
      ->check(CLI::Range(236, 65507))
      ->needs(option82)
      ->group("Option 82");

  app.add_option(
         "--giaddr", giaddr,
         "An address of this host to be reached at by the servers, in place of the downlink's; with several "
         "downlinks the circuit-id tells whose an answer is")
      ->type_name("ADDRESS")
      ->group("Option 82");
  app.add_flag("--link-selection", settings.link_selection,
               "Say in sub-option 5 which subnet the client is on (RFC 3527); giaddr is the uplink's "
               "address, or that "
               "of --giaddr")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--agent-flags", settings.agent_flags,
               "Say in sub-option 10 whether the request came by unicast (RFC 5010)")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--source-port", settings.source_port,
                 "Speak to the servers from this UDP port, and say so in sub-option 19 (RFC 8357)")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65535))
      ->needs(option82)
      ->group("Option 82");
  const std::pair<const char*, std::string*> names[] = {{"--subscriber-id", &settings.subscriber_id},
                                                        {"--relay-id", &settings.relay_id},
                                                        {"--vpn", &settings.vpn}};
  const char* meanings[] = {"Text for sub-option 6 (RFC 3993)", "Text for sub-option 12 (RFC 6925)",
                            "Name of the VPN that the clients are in, for sub-option 151 (RFC 6607)"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    app.add_option(names[i].first, *names[i].second, meanings[i])
        ->type_name("TEXT")
        ->needs(option82)
        ->group("Option 82");
  }

  static const std::map<std::string, ServerId> server_ids{{"transparent", ServerId::transparent},
                                                          {"rewrite", ServerId::rewrite},
                                                          {"override", ServerId::override_}};
  app.add_option("--server-id", config.server_id,
                 "transparent (default): clients see the servers; rewrite: clients see the relay in option "
                 "54, renew with it, and get all replies by broadcast; override: the servers are asked by "
                 "sub-option 11 "
                 "to write the relay's address there (RFC 5107; needs --option82)")
      ->type_name("MODE")
      ->transform(CLI::CheckedTransformer(server_ids).description(""))
      ->group("Server identifier");
  static const std::map<std::string, ServerIdAddress> id_addresses{{"uplink", ServerIdAddress::uplink},
                                                                   {"giaddr", ServerIdAddress::giaddr}};
  app.add_option("--server-id-address", config.server_id_address,
                 "The address that rewrite gives to clients: uplink (default) or giaddr, the downlink's")
      ->type_name("WHICH")
      ->transform(CLI::CheckedTransformer(id_addresses).description(""))
      ->group("Server identifier");
  app.add_option("--clients", settings.clients, "Leases whose server rewrite can remember")
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str()
      ->group("Server identifier");

  static const std::map<std::string, LogLevel> levels{{"error", LogLevel::error},
                                                      {"warning", LogLevel::warning},
                                                      {"info", LogLevel::info},
                                                      {"debug", LogLevel::debug}};
  app.add_option("--log-level", settings.log_level,
                 "error, warning, info (default) or debug (a line per message)")
      ->type_name("LEVEL")
      ->transform(CLI::CheckedTransformer(levels).description(""))
      ->group("Output");

  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    result.exit = Exit{0, app.help()};
    return result;
  } catch (const CLI::CallForVersion&) {
    result.exit = Exit{0, app.version() + "\n"};
    return result;
  } catch (const CLI::ParseError& error) {
    throw StartError(2, fmt::format("{} (see --help)", error.what()));
  }

  for (const auto& server : servers) {
    const auto address = parse_server(server);
    const auto known =
        std::find(config.servers.begin(), config.servers.end(), address) != config.servers.end();
    if (!known) config.servers.push_back(address);  // one that is named twice still gets one copy
  }
  refuse_repetitions("--downlink", settings.downlinks);
  refuse_repetitions("--uplink", settings.uplinks);
  settings.with_circuit_id = !no_circuit_id;
  settings.with_remote_id = !no_remote_id;
  if (!giaddr.empty()) settings.giaddr = parse_address("--giaddr", giaddr);
  if (config.server_id == ServerId::override_ && !config.option82)
    throw StartError(2, "--server-id override: the servers are asked in option 82; add --option82");
  const bool shared = settings.giaddr || settings.link_selection;
  if (shared && settings.downlinks.size() > 1 && (!config.option82 || no_circuit_id))
    throw StartError(
        2,
        "--giaddr with several downlinks: answers are told apart by their circuit-id; add --option82, "
        "without --no-circuit-id");
  if (no_circuit_id && no_remote_id)
    throw StartError(2, "--no-circuit-id and --no-remote-id leave nothing for --option82 to send");
  return result;
}

}  // namespace relayspec::relay
