// SPDX-License-Identifier: Apache-2.0
// Makes a stimulus smaller as long as it shows the same.
#pragma once

#include <functional>

#include "harness/live/stimulus.h"

namespace relayspec::live {

/// The smallest that still shows it: nothing that simpler() makes of it does, or `tries` have been made.
Stimulus shrink(Stimulus, const std::function<bool(const Stimulus&)>& shows, std::size_t tries);

/// Of a frame with a message in a right datagram: with less behind the fixed fields, and zeros for what says
/// nothing; other frames stay. What the message is and whose stays too.
Bytes shrink_octets(const Bytes& frame, const std::function<bool(const Bytes&)>& shows);

}  // namespace relayspec::live
