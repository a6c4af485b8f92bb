// SPDX-License-Identifier: Apache-2.0
// The world around a profile's relay.
#pragma once

#include "harness/dhcp4/model.h"
#include "relayspec/harness/device.h"
#include "relayspec/harness/profile.h"

namespace relayspec::dhcp4 {

World world_of(const Profile&, Dialect, const Device&);

}  // namespace relayspec::dhcp4
