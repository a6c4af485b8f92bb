// SPDX-License-Identifier: Apache-2.0
// The command line of relayspec-relay, and what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "relay/log.h"
#include "relayspec/relay/config.h"

namespace relayspec::relay {

/// The relay cannot start: what() names the interface or address at fault. `status` is the exit status: 2 for
/// a command line that cannot be right, 1 for surroundings that do not let it start.
struct StartError : std::runtime_error {
  StartError(int exit_status, const std::string& what) : std::runtime_error(what), status(exit_status) {}
  int status;
};

struct Settings {
  std::vector<std::string> downlinks, uplinks, trusted;
  std::vector<std::string> circuit_ids;  ///< TEXT for all downlinks, or INTERFACE=TEXT
  std::string remote_id;
  std::string subscriber_id, relay_id, vpn;  ///< empty: not sent
  std::optional<Ipv4> giaddr;
  std::optional<std::uint16_t> source_port;
  bool link_selection = false, agent_flags = false;
  bool with_circuit_id = true, with_remote_id = true;
  std::optional<std::size_t> max_size;
  std::size_t clients = 65536;
  LogLevel log_level = LogLevel::info;
  Config config;  ///< servers, limits, policies; the interfaces are filled in by `configure`
};

/// What a command line asks for beyond an ordinary start: print this and exit with that.
struct Exit {
  int status;
  std::string text;
};

/// Parses `arguments` (without the program's name). Throws StartError; returns an Exit for --help and
/// --version.
struct CommandLine {
  Settings settings;
  std::optional<Exit> exit;
};
CommandLine parse_command_line(std::vector<std::string> arguments);

}  // namespace relayspec::relay
