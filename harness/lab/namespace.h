// SPDX-License-Identifier: Apache-2.0
// A network namespace that only a file descriptor holds.
#pragma once

#include "harness/lab/fd.h"

namespace relayspec {

class Namespace {
 public:
  /// A new namespace; the calling thread stays where it is. Throws LabError.
  Namespace();
  int fd() const { return fd_.get(); }

 private:
  Fd fd_;
};

/// A network namespace whose owner is a user namespace of its own, with the users of the caller's. Root in
/// there has root's rights over that network and over mounts and names that are made there, and over nothing
/// of the machine.
class OwnedNamespace {
 public:
  /// Throws LabError.
  OwnedNamespace();
  int fd() const { return network_.get(); }
  int users_fd() const { return users_.get(); }  ///< -1 where the kernel gives no user namespace

 private:
  Fd users_, network_;
};

/// The calling thread is in a namespace as long as this object lives.
class Inside {
 public:
  explicit Inside(int network_fd);
  explicit Inside(const Namespace& n) : Inside(n.fd()) {}
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  Fd home_;
};

/// The network namespace of the calling thread.
Fd current_network();

/// Writes a sysctl of the calling thread's network namespace: "net/ipv4/ip_forward". False where that is not
/// allowed, as in containers that mount /proc/sys read-only.
bool write_sysctl(const std::string& name, const char* value);

}  // namespace relayspec
