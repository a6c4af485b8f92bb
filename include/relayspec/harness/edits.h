// SPDX-License-Identifier: Apache-2.0
// Edits of messages: single options taken out, put in another's place, and what option 82 is made of.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "relayspec/harness/message.h"

namespace relayspec {

/// A sub-option of the last option 82 in a message (RFC 3046 section 2.0); nothing when it is not there.
std::optional<Bytes> sub_option(std::span<const std::uint8_t> message, std::uint8_t code);
/// Option 82's content without a sub-option.
Bytes without_sub_option(std::span<const std::uint8_t> content, std::uint8_t code);
/// An option 82 of these sub-options.
Option agent(const std::vector<Option>& sub_options);

/// The first option of a message with this code cut out, or replaced.
Message without(Message, std::uint8_t code);
Message replacing(Message, std::uint8_t code, const Option&);

}  // namespace relayspec
