// The private file system of a relay: what it writes where daemons write is gone with it.
#pragma once

#include <map>
#include <string>

namespace relayspec {

/// Detaches the mounts of the calling process (alone in a mount namespace) from the machine's, and shows the
/// PID and network namespaces that it is in under /proc and /sys, where the kernel allows that. Throws
/// LabError.
void detach_mounts();

/// Lays private tmpfs over the places of pid files, sockets, leases and temporary files, and `files`
/// (absolute path → text) over all. Throws LabError that names the file at fault.
void hide_file_system(const std::map<std::string, std::string>& files);

}  // namespace relayspec
