// SPDX-License-Identifier: Apache-2.0
// What a relay is held to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace relayspec {

/// rfc: the RFCs as relays that work together implement them; strict: to the letter; proxy: the relay stands
/// in for the server.
enum class Dialect : std::uint8_t { rfc, strict, proxy };

std::string_view name(Dialect);
std::optional<Dialect> dialect_named(std::string_view);

}  // namespace relayspec
