// SPDX-License-Identifier: Apache-2.0
// Sub-options of option 82.
#pragma once

#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

enum SubOptionCode : std::uint8_t {
  circuit_id = 1,        // RFC 3046 section 3.1
  remote_id = 2,         // RFC 3046 section 3.2
  link_selection = 5,    // RFC 3527
  subscriber_id = 6,     // RFC 3993
  agent_flags = 10,      // RFC 5010
  server_override = 11,  // RFC 5107
  relay_id = 12,         // RFC 6925
  source_port = 19,      // RFC 8357
  virtual_subnet = 151,  // RFC 6607
  subnet_control = 152,  // RFC 6607 section 3.3
};

struct SubOption {
  std::uint8_t code;
  Bytes value;
};

/// Those of option 82's data that are whole.
std::vector<SubOption> parse(const Bytes& data);
Bytes encoded(const std::vector<SubOption>&);
/// The first of this code.
const SubOption* find(const std::vector<SubOption>&, std::uint8_t code);

Bytes octets(const std::string& text);
Bytes octets(Address);

}  // namespace relayspec::faulty
