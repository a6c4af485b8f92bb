// Option 82, the Relay Agent Information option (RFC 3046), in both directions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "relayspec/relay/config.h"
#include "relayspec/relay/core.h"
#include "relayspec/relay/message.h"

namespace relayspec::relay {

/// The longest content of one option. Longer ones would have to be split (RFC 3396), which many servers
/// cannot join.
inline constexpr std::size_t max_agent_information = 255;

/// Puts option 82 with that content behind all options and before END. False, and the message is as it was,
/// if the area has no place for it. The capacity must have room for `content.size() + 2` more octets.
bool insert_agent_information(Message&, std::span<const std::uint8_t> content);

/// Takes every option 82 out of the options field, wherever it stands; what follows closes up.
void remove_agent_information(Message&);

/// Takes the last `content.size()` octets of what all instances of option 82 hold together out of the options
/// field, if they are `content`; with `whole`, only if there is nothing before them. An instance that is left
/// empty goes as well.
void remove_agent_information(Message&, std::span<const std::uint8_t> content, bool whole);

/// Why a request must not be relayed, if there is a reason in its options.
std::optional<Drop> objection_to_request(const Config&, const Downlink&, const Message&);

/// Edits a request to which there is no objection: the relay's own option, the policy for one that is there
/// already.
void apply_to_request(const Config&, const Downlink&, bool first_hop, Message&, Notes&);

/// Why a reply must not be relayed, if there is a reason in its options.
std::optional<Drop> objection_to_reply(const Config&, const Downlink&, const Message&);

/// Takes out of a reply what the relay has put into the request.
void apply_to_reply(const Config&, const Downlink&, Message&);

}  // namespace relayspec::relay
