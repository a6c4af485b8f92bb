// The relay under test, whatever starts it: a script in the lab, or whoever runs the box that the links lead
// to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/link.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// What a relay holds at a moment, its children included.
struct Holdings {
  std::size_t descriptors = 0;
  std::size_t memory = 0;  ///< private memory in use, octets
};

class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  virtual const std::string& name() const = 0;
  virtual Link& link() = 0;

  /// Starts the relay; it need not be ready when this returns. Throws LabError.
  virtual void start(const RelaySettings&) = 0;
  /// Ends it, and whatever it has started. Without effect when it does not run.
  virtual void stop() = 0;
  /// Whether start() has been called since the last stop(); its process may have ended since.
  virtual bool started() const = 0;
  /// Unset while it runs; else how its process ended: "was killed by SIGSEGV".
  virtual std::optional<std::string> ended() = 0;
  /// Becomes readable when the process has ended; -1 where nothing shows that.
  virtual int wake_fd() const = 0;
  /// The last that the relay wrote, of the present process or of the last one.
  virtual std::string output() = 0;
  virtual std::optional<Holdings> holdings() const = 0;
  /// The sockets in its network namespace through which messages can come, in words and sorted; unset where
  /// nothing shows them.
  virtual std::optional<std::vector<std::string>> sockets() const { return std::nullopt; }
  /// Forgets which hosts the relay's own network stack has resolved.
  virtual void flush_neighbours() = 0;
};

}  // namespace relayspec
