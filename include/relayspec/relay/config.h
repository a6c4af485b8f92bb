// SPDX-License-Identifier: Apache-2.0
// What the relay's core knows about its configuration and interfaces. The daemon fills it from the command
// line and the kernel; tests and fuzzers fill it by hand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "relayspec/relay/address.h"
#include "relayspec/relay/message.h"

namespace relayspec::relay {

/// What becomes of a request that already carries option 82 when the relay is told to add its own.
enum class Option82Policy : std::uint8_t {
  rfc3046,  ///< section 2.1: from an untrusted downlink dropped, from a trusted one or from another relay
            ///< kept, none added
  append,   ///< kept, and the relay's own behind it
  replace,  ///< taken out, the relay's own put in
  forward,  ///< kept, none added
  discard   ///< the request is dropped
};

/// What the client sees in option 54.
enum class ServerId : std::uint8_t {
  transparent,  ///< what the server wrote
  rewrite,  ///< the relay: it stands in for the servers, and puts the chosen one's address back on the way up
  override_  ///< what the server wrote, which the relay asks to be its own address (RFC 5107)
};

/// Which of its addresses the relay gives itself in `ServerId::rewrite`.
enum class ServerIdAddress : std::uint8_t { uplink, giaddr };

/// An interface with clients on it.
struct Downlink {
  std::vector<Ipv4>
      addresses;  ///< the first is the giaddr of all it relays; empty while the interface has none
  std::vector<Ipv4> broadcasts;  ///< the directed broadcast addresses of its subnets
  bool trusted = false;          ///< what hangs on it may send option 82 (RFC 3046, section 2.1)
  std::vector<std::uint8_t>
      agent_information;          ///< the sub-options for option 82, at most 510 octets; empty: no option
  std::size_t flags_at = 0;       ///< where in there the agent's flags stand (RFC 5010); 0: nowhere
  std::vector<std::uint8_t> vpn;  ///< the value of sub-option 151 in there (RFC 6607); empty: none
};

struct Config {
  std::vector<Downlink> downlinks;
  Ipv4 uplink_address;               ///< the relay's name towards the servers
  std::vector<Ipv4> own_addresses;   ///< every address of the relay's host, downlinks and uplink among them
  std::vector<Ipv4> own_broadcasts;  ///< the directed broadcast address of every subnet of that host
  std::vector<Ipv4> servers;         ///< each gets a copy of every request

  /// Not zero: what giaddr becomes on every downlink. Then the echo of option 82 tells whose a reply is.
  Ipv4 shared_giaddr;

  unsigned max_hops = 4;                  ///< a request with more is dropped; at most 16
  unsigned min_secs = 0;                  ///< a request with less is dropped
  std::size_t min_length = fixed_fields;  ///< a shorter message is dropped; at least `fixed_fields`

  bool option82 = false;
  Option82Policy option82_policy = Option82Policy::rfc3046;
  std::size_t max_size = 1472;  ///< octets of the largest message that a request may become by an option 82

  ServerId server_id = ServerId::transparent;
  ServerIdAddress server_id_address = ServerIdAddress::uplink;

  bool is_own(Ipv4 address) const {
    return std::find(own_addresses.begin(), own_addresses.end(), address) != own_addresses.end();
  }
};

}  // namespace relayspec::relay
