// SPDX-License-Identifier: Apache-2.0
// What frames say, for the diagrams and tables of a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/datagram.h"
#include "relayspec/harness/result.h"

namespace relayspec {

/// "OFFER", "ARP request", "ICMP type 3".
std::string frame_title(const Frame&);

/// "192.0.2.1:67 → 192.0.2.100:68 at 02:…", with the link address that it goes to; of other protocols the
/// link addresses alone.
std::string frame_addresses(const Frame&);

/// The message of the harness from which a message came, or should have come: under the same xid and op, the
/// last before `time` (0: the last of all). Null where there is none.
const Frame* sent_before(const std::vector<Frame>&, const Bytes& message, std::chrono::nanoseconds time);

/// The frame that shows a deviation; null where none does.
const Frame* frame_of(const Exhibit&, const std::vector<Frame>&);

}  // namespace relayspec
