// SPDX-License-Identifier: Apache-2.0
// The servers and clients that talk through the relay: how each is started, what it prints and which commands
// it gets.
#pragma once

#include <span>
#include <string>

namespace relayspec {

/// Serves 192.0.2.0/24 with addresses from .100 on, on 198.51.100.2. "ADDRESS" in a pattern is the lease's.
struct RealServer {
  std::string name;
  std::string config;    ///< written to the file "config"
  std::string start;     ///< shell; leaves the server running in the background
  std::string ready;     ///< pattern of what it writes when it listens
  std::string granted;   ///< … when it gave a lease, the first time and again
  std::string released;  ///< … when a client gave its lease back and the server knew it
};

/// On interface eth0, with "./configure-client" as its script.
struct RealClient {
  std::string name;
  std::string config;
  std::string get;      ///< shell; leaves the client running in the background
  std::string renew;    ///< makes it renew; empty: it does by itself, T1 being a second
  std::string release;  ///< makes it give the lease back
};

std::span<const RealServer> real_servers();
std::span<const RealClient> real_clients();

}  // namespace relayspec
