// SPDX-License-Identifier: Apache-2.0
// What neither the RFCs nor the settings decide, beside what the model leaves to a relay.
#pragma once

#include <cstdint>
#include <span>

#include "harness/dhcp4/facts.h"

namespace relayspec::live {

/// Changes what the model says of a stimulus.
void leave_open(dhcp4::Outcome&, const dhcp4::Facts&, const dhcp4::Model&);

/// A difference between what a relay made of the message `sent` and what the model expects.
bool is_left_open(const Difference&, const Expected&, const dhcp4::World&, const dhcp4::Memory&,
                  std::span<const std::uint8_t> sent);

}  // namespace relayspec::live
