// SPDX-License-Identifier: Apache-2.0
// The ladder diagram of an exchange: what client and server see of each message, in text.
#pragma once

#include <span>
#include <string>

#include "relayspec/harness/frame.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

/// The eight hops in `frames`: the first exchange of a client of downlink0, from its first message on. Frames
/// of other exchanges and other protocols are left out.
std::string ladder(std::span<const Frame> frames, const Topology&);

}  // namespace relayspec
