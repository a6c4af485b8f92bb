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

/// The calling thread is in a namespace as long as this object lives.
class Inside {
 public:
  explicit Inside(const Namespace&);
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
