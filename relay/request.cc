// SPDX-License-Identifier: Apache-2.0
// Requests: client to server (RFC 1542, section 4.1.1).
#include <algorithm>

#include "relay/direction.h"
#include "relay/option82.h"
#include "relay/server_id.h"

namespace relayspec::relay {
namespace {

// RFC 3046, section 2.1.1 forwards requests with a valid giaddr: an address that a relay can have. RFC 1542,
// section 4.1.1 forbids the broadcast addresses that old forwarding agents put there.
bool giaddr_impossible(const Config& config, Ipv4 giaddr) {
  if (!can_be_a_host(giaddr)) return true;
  return std::any_of(config.downlinks.begin(), config.downlinks.end(), [&](const Downlink& downlink) {
    const auto& all = downlink.broadcasts;
    return std::find(all.begin(), all.end(), giaddr) != all.end();
  });
}

std::optional<Drop> objection(const Config& config, const Downlink& downlink, const Ingress& ingress,
                              const Message& message) {
  // RFC 1122, section 3.2.1.3, RFC 1812, section 4.2.2.11: a client may have no address yet; else it has one
  // that a host can have, and none of the relay's.
  if (!ingress.source.is_zero() && source_impossible(config, ingress.source)) return Drop::source_impossible;
  // RFC 1542, section 4.1.1: dropped when it exceeds the limit, so the limit itself still passes.
  if (message.hops() > std::min(config.max_hops, 16U)) return Drop::hops_over_limit;
  // RFC 1542, section 4.1.1: a relay may leave the first requests to servers nearby.
  if (message.secs() < config.min_secs) return Drop::secs_below_threshold;

  const auto giaddr = message.giaddr();
  if (giaddr.is_zero()) {
    if (downlink.addresses.empty()) return Drop::downlink_without_address;
  } else {
    // RFC 3046, section 2.1.1 asks for it where the relay adds option 82; it ends loops without option 82
    // too.
    if (config.is_own(giaddr)) return Drop::giaddr_own;
    if (giaddr_impossible(config, giaddr)) return Drop::giaddr_impossible;
  }
  return objection_to_request(config, downlink, message);
}

}  // namespace

Decision handle_request(const Config& config, ServerMemory& memory, Ingress ingress, Message& message) {
  // RFC 1542, section 4.1.1: relaying is off unless switched on, here by naming the interface as a downlink.
  if (!ingress.downlink) return dropped(Drop::request_not_from_downlink);
  const auto& downlink = config.downlinks[*ingress.downlink];
  if (const auto reason = objection(config, downlink, ingress, message)) return dropped(*reason);

  Decision decision;
  decision.action = Decision::Action::to_servers;
  decision.downlink = *ingress.downlink;
  if (config.server_id == ServerId::rewrite) {
    const auto reason = restore_server(config, memory, *ingress.downlink, message, decision.notes);
    if (reason) return dropped(*reason);
  }

  // RFC 1542, section 4.1.1: a zero giaddr becomes the downlink's address, always the same one; any other is
  // left alone.
  const bool first_hop = message.giaddr().is_zero();
  // RFC 3527, section 3: unless the servers are to reach the relay at another of its addresses.
  const bool shared = !config.shared_giaddr.is_zero();
  if (first_hop) message.set_address(at::giaddr, shared ? config.shared_giaddr : downlink.addresses.front());
  // RFC 1542, section 4.1.1: one more hop, also behind another relay. At most 16 came in, so it cannot wrap.
  message.set_octet(at::hops, static_cast<std::uint8_t>(message.hops() + 1));
  apply_to_request(config, downlink, {.first_hop = first_hop, .unicast = ingress.unicast}, message,
                   decision.notes);
  return decision;
}

}  // namespace relayspec::relay
