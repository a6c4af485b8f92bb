// SPDX-License-Identifier: Apache-2.0
// What the parts of a relay's mounts share.
#pragma once

#include <string>

namespace relayspec {

/// No mount that is made or taken away in this mount namespace shows in another one. Throws LabError.
void cut_propagation();

/// What /proc and /sys show below a root ("" for the one in use) is of the PID and network namespaces that
/// the process is in.
void mount_proc_and_sys(const std::string& root);

/// False where there is no mount, or the kernel does not allow it.
bool make_read_only(const std::string& path);

}  // namespace relayspec
