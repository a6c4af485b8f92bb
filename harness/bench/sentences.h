// SPDX-License-Identifier: Apache-2.0
// Parts of the sentences in which a case is described: how its messages and datagrams differ from plain ones.
#pragma once

#include <span>
#include <string>

#include "relayspec/harness/datagram.h"

namespace relayspec {

/// What summary() leaves out: odd header fields, the options in their order, octets behind END. Begins with a
/// space; empty for octets that are no message.
std::string with_content(std::span<const std::uint8_t> message);

/// How a datagram differs from the one that is usual: ", to UDP port 68, with TTL 1"; empty where it does
/// not.
std::string with_carrier(const Envelope& usual, const Envelope& actual);

}  // namespace relayspec
