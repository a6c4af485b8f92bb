// SPDX-License-Identifier: Apache-2.0
// Errors that hosts send about datagrams which they cannot take (RFC 792).
#pragma once

#include "relayspec/harness/datagram.h"

namespace relayspec {

/// What the receiver of a frame sends back when nothing listens on its port. The frame has a whole UDP
/// datagram; throws std::bad_optional_access for any other.
Bytes port_unreachable(const Bytes& frame);

}  // namespace relayspec
