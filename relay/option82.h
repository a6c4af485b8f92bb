// SPDX-License-Identifier: Apache-2.0
// Option 82, the Relay Agent Information option (RFC 3046), in both directions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "relayspec/relay/config.h"
#include "relayspec/relay/core.h"
#include "relayspec/relay/message.h"

namespace relayspec::relay {

/// The longest content of option 82: two instances, as RFC 3396 splits what one cannot hold.
inline constexpr std::size_t max_instance = 255, max_agent_information = 2 * max_instance;

/// Sub-options of option 82: RFC 3046, 3527, 3993, 5010, 5107, 6925, 8357, 6607.
namespace sub_option {
inline constexpr std::uint8_t circuit_id = 1, remote_id = 2, link_selection = 5, subscriber_id = 6,
                              flags = 10, server_id_override = 11, relay_id = 12, source_port = 19, vpn = 151,
                              vpn_control = 152;
}  // namespace sub_option

/// The value of the first sub-option with that code; nothing if there is none.
std::optional<std::span<const std::uint8_t>> find_sub_option(std::span<const std::uint8_t> content,
                                                             std::uint8_t code);

/// Octets that option 82 takes in a message.
std::size_t length_with_headers(std::size_t content);

/// Puts option 82 with that content behind all options and before END. False, and the message is as it was,
/// if the area has no place for it. The capacity must have room for it.
bool insert_agent_information(Message&, std::span<const std::uint8_t> content);

/// Takes every option 82 out of the options field, wherever it stands; what follows closes up.
void remove_agent_information(Message&);

/// Takes the last `content.size()` octets of what all instances of option 82 hold together out of the options
/// field, if they are `content`; with `whole`, only if there is nothing before them. An instance that is left
/// empty is removed as well.
void remove_agent_information(Message&, std::span<const std::uint8_t> content, bool whole);

/// Why a request must not be relayed, if there is a reason in its options.
std::optional<Drop> objection_to_request(const Config&, const Downlink&, const Message&);

/// How a request has reached the relay.
struct Arrival {
  bool first_hop = true;  ///< no relay had it before
  bool unicast = false;   ///< it was sent to the relay alone
};

/// Edits a request to which there is no objection: the relay's own option, the policy for one that is there
/// already.
void apply_to_request(const Config&, const Downlink&, Arrival, Message&, Notes&);

/// Why a reply must not be relayed, if there is a reason in its options.
std::optional<Drop> objection_to_reply(const Config&, const Downlink&, const Message&);

/// The downlink whose circuit-id a reply's option 82 has; nothing if there is none, or more than one.
std::optional<std::size_t> downlink_of_echo(const Config&, const Message&);

/// Takes out of a reply what the relay has put into the request.
void apply_to_reply(const Config&, const Downlink&, Message&);

}  // namespace relayspec::relay
