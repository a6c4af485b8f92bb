// SPDX-License-Identifier: Apache-2.0
// Replies: server to client (RFC 1542, section 4.1.2).
#include <algorithm>

#include "relay/direction.h"
#include "relay/option82.h"
#include "relay/server_id.h"
#include "relayspec/relay/options.h"

namespace relayspec::relay {
namespace {

// RFC 1542, section 4.1.2: giaddr names the interface. Zero, a foreign one and the uplink's name none that
// has clients.
std::optional<std::size_t> downlink_of(const Config& config, const Message& message) {
  const auto giaddr = message.giaddr();
  // RFC 3046, section 3.1: where all downlinks share it, the circuit-id tells them apart.
  if (!config.shared_giaddr.is_zero() && giaddr == config.shared_giaddr) {
    if (config.downlinks.size() == 1) return 0;
    return downlink_of_echo(config, message);
  }
  for (std::size_t i = 0; i < config.downlinks.size(); ++i) {
    const auto& all = config.downlinks[i].addresses;
    if (std::find(all.begin(), all.end(), giaddr) != all.end()) return i;
  }
  return {};
}

// A host on the downlink could have the address: no group, no network-wide or subnet broadcast, not the relay
// itself.
bool can_be_a_client(const Config& config, const Downlink& downlink, Ipv4 address) {
  const auto& broadcasts = downlink.broadcasts;
  return can_be_a_host(address) && !config.is_own(address) &&
         std::find(broadcasts.begin(), broadcasts.end(), address) == broadcasts.end();
}

// Where the reply is sent, or nothing when it has to be broadcast.
std::optional<Ipv4> unicast_address(const Config& config, const Downlink& downlink, const Message& message) {
  // RFC 1542, section 4.1.2: the broadcast flag decides; the other flags are reserved and ignored (section
  // 2.2).
  if (message.wants_broadcast()) return {};

  const auto type = message_type(message);
  // RFC 2131, sections 4.1 and 4.3.2: a NAK is broadcast, as the client may have an address of another
  // network.
  if (type == MessageType::nak) return {};
  // A relay that stands in for the server broadcasts, but a FORCERENEW, which clients take by unicast alone
  // (RFC 3203, 6).
  if (config.server_id == ServerId::rewrite && type != MessageType::forcerenew) return {};

  // RFC 1542, section 4.1.2: unicast goes to chaddr at the link layer, without asking by ARP for an address
  // that the client does not answer for yet. hlen 0 (RFC 2855, RFC 4390) or another kind of address cannot be
  // put into a frame.
  if (message.htype() != htype_ethernet || message.hlen() != Mac{}.size() ||
      !is_one_host(message.link_address()))
    return {};

  // RFC 1542, section 4.1.2: to yiaddr. RFC 2131, section 4.3.5: an answer to INFORM has none; its client is
  // at ciaddr.
  const auto address = message.yiaddr().is_zero() ? message.ciaddr() : message.yiaddr();
  // RFC 1122, sections 3.2.1.3 and 3.3.6: no datagram to 0.0.0.0, none to a group in a frame to one host.
  if (!can_be_a_client(config, downlink, address)) return {};
  return address;
}

}  // namespace

Decision handle_reply(const Config& config, ServerMemory& memory, Ingress ingress, Message& message) {
  // RFC 3046, section 5.0: servers are reached by the uplink; a "reply" from a client's network is forged.
  if (!ingress.uplink) return dropped(Drop::reply_not_from_uplink);
  // RFC 1122, section 3.2.1.3: nor can a reply come from an address that no host has.
  if (source_impossible(config, ingress.source)) return dropped(Drop::source_impossible);
  const bool shared = !config.shared_giaddr.is_zero() && message.giaddr() == config.shared_giaddr;
  const auto index = downlink_of(config, message);
  if (!index) return dropped(shared ? Drop::circuit_unknown : Drop::giaddr_of_no_downlink);
  const auto& downlink = config.downlinks[*index];
  if (downlink.addresses.empty()) return dropped(Drop::downlink_without_address);
  if (const auto reason = objection_to_reply(config, downlink, message)) return dropped(*reason);

  Decision decision;
  decision.action = Decision::Action::to_client;
  decision.downlink = *index;
  decision.source = shared ? downlink.addresses.front() : message.giaddr();
  const auto address = unicast_address(config, downlink, message);
  decision.destination = address.value_or(limited_broadcast);
  decision.link_destination = address ? message.link_address() : link_broadcast;

  // RFC 1542, section 4.1.2: no field is modified; hops, flags and giaddr go to the client as they are.
  if (config.server_id == ServerId::rewrite) hide_server(config, memory, *index, message, decision.notes);
  apply_to_reply(config, downlink, message);
  return decision;
}

}  // namespace relayspec::relay
