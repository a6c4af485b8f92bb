// SPDX-License-Identifier: Apache-2.0
// The relay under test: started by a script in the lab, or a device that the links lead to.
#pragma once

#include <array>
#include <optional>
#include <set>
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

/// What its processes do.
struct Activity {
  std::chrono::nanoseconds on_processor{};  ///< since they began
  bool runnable = false;                    ///< one runs, or waits for a processor
};

/// What the relay's end of a segment is.
struct RelayEnd {
  std::string name;             ///< empty: the segment's own
  bool bridge = false;          ///< with the segment's link as its only port
  bool tunnel = false;          ///< without a link-layer address, as a tun device; for the uplink alone
  unsigned prefix_length = 24;  ///< of its address; 32: with a route to the subnet beside it

  bool operator==(const RelayEnd&) const = default;
};
using RelayEnds = std::array<RelayEnd, segment_count>;  ///< by index(Segment)

/// What can be changed around a relay. Changes are followed by hold(true), and when they have been undone by
/// hold(false): in between a restart of the relay does not change the lab.
class Surroundings {
 public:
  virtual void hold(bool) = 0;
  /// The relay's end of a segment goes down or comes up again; addresses stay.
  virtual void set_link(Segment, bool up) = 0;
  /// The link of a segment is deleted and made again: the relay's end has its addresses as at first, and
  /// another index.
  virtual void recreate(Segment) = 0;
  /// What the relay's end of a segment is from its next start on, which throws LabMissing where this machine
  /// has no such device.
  virtual void set_end(Segment, const RelayEnd&) = 0;
  /// A further address of the relay on a segment, or one less.
  virtual void add_address(Segment, Ipv4) = 0;
  virtual void remove_address(Segment, Ipv4) = 0;
  /// Every link has checksum offload, as a virtual machine's has: what hosts and relay send has its UDP
  /// checksum half-filled on the way.
  virtual void set_checksum_offload(bool) = 0;

 protected:
  ~Surroundings() = default;
};

class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  virtual const std::string& name() const = 0;
  virtual Link& link() = 0;
  /// The networks that the links lead to.
  virtual const Topology& topology() const { return Topology::documentation(); }
  /// Other hosts may send on the links, and frames may be lost there.
  virtual bool shares_links() const { return false; }

  /// Why the relay cannot be set so, in words; unset where start() can be tried.
  virtual std::optional<std::string> cannot_be_set(const RelaySettings&) const { return std::nullopt; }
  /// What the relay is set to, where that cannot be changed.
  virtual std::optional<RelaySettings> fixed_settings() const { return std::nullopt; }
  /// Whether stop() and start() end the relay and begin it again.
  virtual bool can_restart() const { return true; }
  /// Null where nothing around the relay can be changed.
  virtual Surroundings* surroundings() { return nullptr; }

  /// Starts the relay; it need not be ready when this returns. Throws LabError.
  virtual void start(const RelaySettings&) = 0;
  /// With these settings the relay is started next, as far as is known: it may be started beside the present
  /// one already, out of sight until start() is called. Returns at once.
  virtual void start_ahead(const RelaySettings&) {}
  /// Ends it, and whatever it has started. Without effect when it does not run.
  virtual void stop() = 0;
  /// Whether start() has been called since the last stop(); its process may have ended since.
  virtual bool started() const = 0;
  /// Unset while it runs; else how its process ended: "was killed by SIGSEGV".
  virtual std::optional<std::string> ended() = 0;
  /// Becomes readable when the process has ended; -1 where nothing shows that.
  virtual int wake_fd() const = 0;
  /// The last lines that the relay wrote, of the present process or of the last one.
  virtual std::string output() = 0;
  virtual std::optional<Holdings> holdings() const = 0;
  /// Unset where nothing shows it.
  virtual std::optional<Activity> activity() const { return std::nullopt; }
  /// The sockets in its network namespace through which messages can come, in words and sorted; unset where
  /// nothing shows them.
  virtual std::optional<std::vector<std::string>> sockets() const { return std::nullopt; }
  /// The path of its root directory ("/proc/PID/root"), while it runs; unset where nothing shows it.
  virtual std::optional<std::string> root_directory() const { return std::nullopt; }
  /// Forgets which hosts the relay's own network stack has resolved, where that can be done.
  virtual void flush_neighbours() = 0;

  /// Ends what is still ending of earlier starts.
  virtual void finish() { stop(); }
  /// How often the harness was stopped for a second or more.
  virtual std::size_t pauses() const { return 0; }
  /// On how the relay behaves as a process; no verdict. Complete behind finish().
  virtual std::set<std::string> remarks() const { return {}; }
};

}  // namespace relayspec
