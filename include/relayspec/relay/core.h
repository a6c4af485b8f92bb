// SPDX-License-Identifier: Apache-2.0
// The relay as a function: a message in, a decision out, the message edited in place. No socket, no clock, no
// allocation, no exception: the same message, configuration and memory always give the same decision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "relayspec/relay/config.h"
#include "relayspec/relay/message.h"
#include "relayspec/relay/server_memory.h"

namespace relayspec::relay {

/// Why a message goes no further. RFC 1542, section 1.2: dropped without a sign on the wire, but counted.
enum class Drop : std::uint8_t {
  too_short,
  op_unknown,
  hlen_over_16,
  request_not_from_downlink,
  reply_not_from_uplink,
  hops_over_limit,
  secs_below_threshold,
  source_impossible,
  downlink_without_address,
  giaddr_own,
  giaddr_impossible,
  giaddr_of_no_downlink,
  circuit_unknown,
  vpn_unknown,
  vpn_ignored,
  option82_untrusted,
  option82_policy,
  options_malformed,
  server_unknown,
  count
};

/// A few words for counters and logs, e.g. "hops over the limit".
const char* describe(Drop);

/// Things worth counting about a message that was relayed all the same.
struct Notes {
  bool option82_added = false;    ///< the relay's own is in the request
  bool option82_no_room = false;  ///< option 82 left out: the message would have become too large
  bool option82_no_place =
      false;  ///< option 82 left out: no cookie of RFC 1497, or options that do not parse
  bool server_assumed =
      false;  ///< option 54 named the relay, its memory held nothing, and there is just one server
  bool server_id_signed =
      false;  ///< option 54 left as it is: the message carries an authenticator (RFC 3118)
};

/// Where a message came in. An interface may be both.
struct Ingress {
  std::optional<std::size_t> downlink;  ///< index into Config::downlinks
  bool uplink = false;
  Ipv4 source;           ///< the datagram's IP source
  bool unicast = false;  ///< the datagram's IP destination is an address of the relay
};

struct Decision {
  enum class Action : std::uint8_t {
    drop,
    to_servers,  ///< one copy to each of Config::servers, from the uplink's address
    to_client    ///< one copy out of `downlink`
  };
  Action action = Action::drop;
  Drop reason = Drop::count;  ///< when dropped
  Notes notes;
  std::size_t downlink = 0;  ///< index: where a request came from, where a reply goes
  Ipv4 source;               ///< to_client: the downlink's address that the reply was sent to
  Ipv4 destination;          ///< to_client: at the network layer
  Mac link_destination =
      link_broadcast;  ///< to_client: at the link layer; a broadcast at both layers or at neither
};

Decision handle(const Config&, ServerMemory&, Ingress, Message&) noexcept;

}  // namespace relayspec::relay
