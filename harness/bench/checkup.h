// SPDX-License-Identifier: Apache-2.0
// One exchange with a relay, and in words what did not come through and why that may be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

/// What has been seen of a relay that was to relay a DISCOVER from each downlink, and an OFFER back.
struct Symptoms {
  std::optional<std::string> ended;                         ///< how its process ended
  std::optional<std::vector<std::string>> sockets;          ///< as Device::sockets() tells them
  std::string output;                                       ///< the last that it wrote
  std::vector<std::string> without_request, without_reply;  ///< downlinks
  std::vector<std::string> downlinks;
  std::string uplink, servers;
  std::vector<std::string> asked;  ///< "10.0.0.2 on uplink0", that it asks for by ARP and nobody has
  std::vector<std::string> sent;   ///< DHCP messages of its own that are no part of the exchange
  bool flood = false;

  bool well() const { return !ended && !flood && without_request.empty() && without_reply.empty(); }
};

/// Starts the relay and makes the exchange. Throws LabError.
Symptoms examine(const Profile&, Dialect);

/// What may be the cause, the likeliest first, a sentence each; empty where all came through.
std::vector<std::string> likely_causes(const Symptoms&);

/// For people: what came through, what may be the cause, and the relay's own last lines.
std::string in_words(const Symptoms&);

}  // namespace relayspec
