// SPDX-License-Identifier: Apache-2.0
// The device that a profile stands for.
#pragma once

#include <memory>

#include "relayspec/harness/device.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

/// The relay of a profile, started in a lab or attached to. Throws LabError.
std::unique_ptr<Device> device_of(const Profile&, Dialect);

}  // namespace relayspec
