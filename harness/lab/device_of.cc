// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/device_of.h"

#include "harness/lab/attached_device.h"
#include "harness/lab/lab_device.h"

namespace relayspec {

std::unique_ptr<Device> device_of(const Profile& profile, Dialect dialect) {
  if (profile.attach) return std::make_unique<AttachedDevice>(profile, dialect);
  return std::make_unique<LabDevice>(profile, dialect, Topology::documentation());
}

}  // namespace relayspec
