// SPDX-License-Identifier: Apache-2.0
// What a case has sent, and which of it something has come of.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/bench/testbed.h"

namespace relayspec {

/// Behind the headers of link, IP and UDP, as long as they say they are; empty where the frame ends before.
std::span<const std::uint8_t> message_in(const Bytes& frame);

bool is_request(const Sighting&);
/// By op, and where that is none of the two, by the side that it was sent on.
bool is_request(const TestBed::Sender&);

/// What has been sent last under this xid in this direction; null: nothing.
const TestBed::Sender* last_sent(const std::vector<TestBed::Sender>&, std::uint32_t xid, bool request);

/// The one of them that this has come of: with most octets in common; null: none.
const TestBed::Sender* most_alike(const std::vector<TestBed::Sender>&, const Sighting&);

}  // namespace relayspec
