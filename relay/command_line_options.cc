// SPDX-License-Identifier: Apache-2.0
#include "relay/command_line_options.h"

#include <utility>

namespace relayspec::relay {
namespace {

template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

// An option whose value is one of these words; an error names them.
template <typename Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Value& chosen, const Words<Value>& words,
                        const std::string& help) {
  std::vector<std::string> allowed;
  for (const auto& [word, value] : words) allowed.push_back(word);
  const auto take = [&chosen, words](const std::string& given) {
    for (const auto& [word, value] : words)
      if (word == given) chosen = value;
  };
  return app.add_option_function<std::string>(name, take, help)
      ->check(CLI::IsMember(allowed).description(""));
}

void add_what_to_relay(CLI::App& app, Arguments& a) {
  app.add_option("-d,--downlink", a.settings.downlinks, "Interface with clients on it (repeat for more)")
      ->type_name("IF")
      ->required()
      ->group("What to relay");
  app.add_option("-u,--uplink", a.settings.uplinks,
                 "Interface that answers come in by; the first one's address is the source towards the "
                 "servers. May also "
                 "be a downlink.")
      ->type_name("IF")
      ->required()
      ->group("What to relay");
  app.add_option("-s,--server", a.servers, "Server, or next relay; each one gets a copy of every request")
      ->type_name("ADDRESS")
      ->required()
      ->group("What to relay");
}

void add_limits(CLI::App& app, Arguments& a) {
  app.add_option("--max-hops", a.settings.config.max_hops, "Drop requests with more hops than this")
      ->type_name("N")
      ->check(CLI::Range(1, 16))
      ->capture_default_str()
      ->group("Limits");
  app.add_option("--min-secs", a.settings.config.min_secs,
                 "Drop requests of clients that have tried for less than this")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str()
      ->group("Limits");
  app.add_option(
         "--min-length", a.settings.config.min_length,
         "Drop messages shorter than this; 300 is RFC 1542 to the letter, and some servers answer with less")
      ->type_name("OCTETS")
      ->check(CLI::Range(236, 300))
      ->capture_default_str()
      ->group("Limits");
}

void add_option82(CLI::App& app, Arguments& a, CLI::Option* option82) {
  app.add_option(
         "--circuit-id", a.settings.circuit_ids,
         "Text for the circuit-id of all downlinks, or of one: IF=TEXT (default: the interface's name)")
      ->type_name("[IF=]TEXT")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--remote-id", a.settings.remote_id,
                 "Text for the remote-id (default: the downlink's MAC address)")
      ->type_name("TEXT")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--no-circuit-id", a.no_circuit_id, "Leave the circuit-id out")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--no-remote-id", a.no_remote_id, "Leave the remote-id out")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--trust", a.settings.trusted,
                 "Downlink whose clients or switches may send option 82 themselves")
      ->type_name("IF")
      ->needs(option82)
      ->group("Option 82");
}

// What becomes of option 82 that is there already, and of what is too large for it.
void add_option82_policies(CLI::App& app, Arguments& a, CLI::Option* option82) {
  static const Words<Option82Policy> policies{{"append", Option82Policy::append},
                                              {"replace", Option82Policy::replace},
                                              {"forward", Option82Policy::forward},
                                              {"discard", Option82Policy::discard}};
  add_choice(app, "--option82-policy", a.settings.config.option82_policy, policies,
             "For requests that already carry option 82, trusted or not: append, replace, forward or "
             "discard (default: "
             "RFC 3046, dropped unless they come from a trusted downlink or another relay, then kept)")
      ->type_name("POLICY")
      ->needs(option82)
      ->group("Option 82");
  app.add_option(
         "--max-size", a.settings.max_size,
         "Leave option 82 out where the message would exceed this size (default: what fits the uplink's MTU)")
      ->type_name("OCTETS")
      ->check(CLI::Range(236, 65507))
      ->needs(option82)
      ->group("Option 82");
}

void add_sub_options(CLI::App& app, Arguments& a, CLI::Option* option82) {
  app.add_option(
         "--giaddr", a.giaddr,
         "An address of this host to be reached at by the servers, in place of the downlink's; with several "
         "downlinks the circuit-id names the network of an answer")
      ->type_name("ADDRESS")
      ->group("Option 82");
  app.add_flag("--link-selection", a.settings.link_selection,
               "Send the client's subnet in sub-option 5 (RFC 3527); giaddr is the uplink's "
               "address, or that "
               "of --giaddr")
      ->needs(option82)
      ->group("Option 82");
  app.add_flag("--agent-flags", a.settings.agent_flags,
               "Send in sub-option 10 whether the request came by unicast (RFC 5010)")
      ->needs(option82)
      ->group("Option 82");
  app.add_option("--source-port", a.settings.source_port,
                 "Send to the servers from this UDP port, and add sub-option 19 (RFC 8357)")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65535))
      ->needs(option82)
      ->group("Option 82");
}

void add_sub_options_of_text(CLI::App& app, Arguments& a, CLI::Option* option82) {
  const std::pair<const char*, std::string*> names[] = {{"--subscriber-id", &a.settings.subscriber_id},
                                                        {"--relay-id", &a.settings.relay_id},
                                                        {"--vpn", &a.settings.vpn}};
  const char* meanings[] = {"Text for sub-option 6 (RFC 3993)", "Text for sub-option 12 (RFC 6925)",
                            "Name of the VPN that the clients are in, for sub-option 151 (RFC 6607)"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    app.add_option(names[i].first, *names[i].second, meanings[i])
        ->type_name("TEXT")
        ->needs(option82)
        ->group("Option 82");
  }
}

void add_server_identifier(CLI::App& app, Arguments& a) {
  static const Words<ServerId> server_ids{{"transparent", ServerId::transparent},
                                          {"rewrite", ServerId::rewrite},
                                          {"override", ServerId::override_}};
  add_choice(app, "--server-id", a.settings.config.server_id, server_ids,
             "transparent (default): clients see the servers; rewrite: clients see the relay in option "
             "54, renew with it, and get all replies by broadcast; override: the servers are asked by "
             "sub-option 11 "
             "to write the relay's address there (RFC 5107; needs --option82)")
      ->type_name("MODE")
      ->group("Server identifier");
  static const Words<ServerIdAddress> id_addresses{{"uplink", ServerIdAddress::uplink},
                                                   {"giaddr", ServerIdAddress::giaddr}};
  add_choice(app, "--server-id-address", a.settings.config.server_id_address, id_addresses,
             "The address that rewrite gives to clients: uplink (default) or giaddr, the downlink's")
      ->type_name("WHICH")
      ->group("Server identifier");
  app.add_option("--clients", a.settings.clients, "Leases whose server rewrite can remember")
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str()
      ->group("Server identifier");
}

void add_output(CLI::App& app, Arguments& a) {
  static const Words<LogLevel> levels{{"error", LogLevel::error},
                                      {"warning", LogLevel::warning},
                                      {"info", LogLevel::info},
                                      {"debug", LogLevel::debug}};
  add_choice(app, "--log-level", a.settings.log_level, levels,
             "error, warning, info (default) or debug (a line per message)")
      ->type_name("LEVEL")
      ->group("Output");
}

}  // namespace

void add_options(CLI::App& app, Arguments& a) {
  add_what_to_relay(app, a);
  add_limits(app, a);
  auto* option82 = app.add_flag("--option82", a.settings.config.option82,
                                "Add the Relay Agent Information option (RFC 3046)")
                       ->group("Option 82");
  add_option82(app, a, option82);
  add_option82_policies(app, a, option82);
  add_sub_options(app, a, option82);
  add_sub_options_of_text(app, a, option82);
  add_server_identifier(app, a);
  add_output(app, a);
}

}  // namespace relayspec::relay
