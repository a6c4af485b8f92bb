// SPDX-License-Identifier: Apache-2.0
// The mounts of a relay, and of commands that run in the lab.
#pragma once

#include <map>
#include <string>

namespace relayspec {

/// Detaches the mounts of the calling process (alone in a mount namespace) from the machine's, and shows the
/// PID and network namespaces that it is in under /proc and /sys, where the kernel allows that. Throws
/// LabError.
void detach_mounts();

/// Gives the calling process (alone in a mount namespace) a root file system of its own that looks like the
/// machine's. What is written there goes into one tmpfs of a fixed size, and where no such layer can be had
/// it is read-only. /run, /dev and the places of leases are empty but for what every program needs, and of
/// /proc/sys only `net` can be written. `files` (absolute path → text) lie over all. The machine's own root
/// is out of reach afterwards. Throws LabError, which names the file at fault.
void enter_private_root(const std::map<std::string, std::string>& files);

}  // namespace relayspec
