// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/core.h"

#include <algorithm>

#include "relay/direction.h"

namespace relayspec::relay {

Decision handle(const Config& config, ServerMemory& memory, Ingress ingress, Message& message) noexcept {
  // RFC 1542, section 2.1: the consistency checks. Its floor of 300 octets is left to the configuration: RFC
  // 2131 has none, and servers in wide use answer with less.
  if (message.size() < fixed_fields || message.size() < config.min_length) return dropped(Drop::too_short);
  if (message.op() != boot_request && message.op() != boot_reply) return dropped(Drop::op_unknown);
  // RFC 951, section 3: chaddr has 16 octets, so a greater hlen says nothing.
  if (message.hlen() > chaddr_length) return dropped(Drop::hlen_over_16);

  if (message.op() == boot_request) return handle_request(config, memory, ingress, message);
  return handle_reply(config, memory, ingress, message);
}

bool source_impossible(const Config& config, Ipv4 source) {
  const auto& broadcasts = config.own_broadcasts;
  return !can_be_a_host(source) || config.is_own(source) ||
         std::find(broadcasts.begin(), broadcasts.end(), source) != broadcasts.end();
}

const char* describe(Drop reason) {
  switch (reason) {
    case Drop::too_short:
      return "message too short";
    case Drop::op_unknown:
      return "op neither request nor reply";
    case Drop::hlen_over_16:
      return "hlen over 16";
    case Drop::request_not_from_downlink:
      return "request not from a downlink";
    case Drop::reply_not_from_uplink:
      return "reply not from the uplink";
    case Drop::hops_over_limit:
      return "hops over the limit";
    case Drop::secs_below_threshold:
      return "secs below the threshold";
    case Drop::source_impossible:
      return "source that no host can have";
    case Drop::downlink_without_address:
      return "downlink has no address";
    case Drop::giaddr_own:
      return "request with an own giaddr";
    case Drop::giaddr_impossible:
      return "request with an impossible giaddr";
    case Drop::giaddr_of_no_downlink:
      return "reply with a giaddr of no downlink";
    case Drop::circuit_unknown:
      return "reply to the shared giaddr without a known circuit-id";
    case Drop::vpn_unknown:
      return "reply for another VPN than the downlink's";
    case Drop::vpn_ignored:
      return "reply of a server that knows nothing of VPNs";
    case Drop::option82_untrusted:
      return "option 82 from an untrusted downlink";
    case Drop::option82_policy:
      return "option 82 discarded by policy";
    case Drop::options_malformed:
      return "options malformed";
    case Drop::server_unknown:
      return "chosen server unknown";
    case Drop::count:
      break;
  }
  return "not dropped";
}

}  // namespace relayspec::relay
