// SPDX-License-Identifier: Apache-2.0
// The lab: network namespaces and veth pairs around a relay, made by netlink, held by file descriptors alone,
// so that the kernel takes everything down when the process ends, however it ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "relayspec/harness/device.h"
#include "relayspec/harness/link.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

/// Makes this process able to create network namespaces: as root nothing, as an ordinary user by entering a
/// user namespace (before any thread is started). Throws LabError with the remedy where neither is allowed.
void acquire_privilege();

/// Whether this process has root's rights over more users than one. A user namespace that an ordinary user
/// has made holds that user alone, which is not enough for a relay that changes its user.
bool is_privileged();

class RelayProcess;

class Lab : public Link {
 public:
  /// Builds namespaces, links and sockets. In the relay's namespace both downlinks and the uplink are up and
  /// addressed, forwarding is on. The other ends carry no address: the harness plays every host there. Throws
  /// LabError.
  explicit Lab(const Topology& = Topology::documentation(), const RelayEnds& = {});
  ~Lab() override;
  /// Closes the sockets of labs that are about to go, which takes as long for all of them as for one.
  static void close_sockets(std::span<const std::unique_ptr<Lab>>);

  const Topology& topology() const;
  const RelayEnds& ends() const;

  void inject(std::span<const Outgoing>) override;
  void inject(Segment, std::span<const std::uint8_t> frame);

  /// Half-filled checksums are completed.
  std::vector<Frame> receive(Clock::time_point deadline, int wake = -1) override;

  /// Removes what the relay's kernel has learned by ARP on a segment.
  void flush_neighbours(Segment);

  /// Every link has checksum offload, as a virtual machine's has: what hosts and relay send has its UDP
  /// checksum half-filled on the way.
  void set_checksum_offload(bool on);

  /// The relay's end of a segment goes down or comes up again; addresses stay.
  void set_link(Segment, bool up);
  /// The link of a segment is deleted and made again: the relay's end has its addresses as at first, and
  /// another index.
  void recreate(Segment);
  /// What the relay knows its end of a segment by.
  std::string relay_end_name(Segment) const;
  /// A further address of the relay on a segment (/24, with the broadcast address), or one less.
  void add_address(Segment, Ipv4);
  void remove_address(Segment, Ipv4);

  /// Gives the client's and the server's hosts kernel addresses and routes, for real clients and servers
  /// instead of crafted ones: those of the servers on the server side (one namespace) with routes to the
  /// clients' networks through the relay, none on the client side.
  void settle_hosts();

  /// Runs a command in a side's network namespace with this process's standard streams; returns its wait
  /// status. Segment::downlink0 and 1 are the two client networks, uplink the servers'; the interface there
  /// is "eth0". `env` is added to this process's environment, and RELAYSPEC_SERVER_NET, the path by which
  /// `nsenter --net` finds the servers' network. What the command leaves running ends with it.
  int run_inside(Segment side, const std::vector<std::string>& argv,
                 const std::map<std::string, std::string>& env);

 private:
  friend class RelayProcess;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a relay's process is started with.
struct RelayStart {
  std::string script;                        ///< run by /bin/sh -e
  std::map<std::string, std::string> env;    ///< added to PATH, HOME and LANG; nothing else is inherited
  std::map<std::string, std::string> files;  ///< absolute path → text, laid over the private mounts
  bool in_background = false;  ///< the constructor does not wait: await_start() is called before all else
};

/// A relay and everything it forks, in PID and mount namespaces of their own inside the lab's relay
/// namespace. They end with this object, and with this process, even by SIGKILL.
class RelayProcess {
 public:
  RelayProcess(Lab&, const RelayStart&);
  ~RelayProcess();  ///< kills what is left, at once
  /// Waits until the process of one that starts in the background is made. Throws LabError.
  void await_start();
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;

  /// Sends SIGTERM to the relay's main process, and kills it after the grace time. True: it ended by itself.
  bool stop(std::chrono::milliseconds grace);
  /// The first half of stop(): asks, and does not wait. What the relay has started ends with it.
  void ask_to_end();

  /// Unset while the main process lives; else how it ended: "exited with status 1", "was killed by SIGSEGV".
  std::optional<std::string> ended();

  /// Becomes readable when the main process has ended; for Lab::receive.
  int wake_fd() const;

  /// "/proc/PID/root", while one of its processes lives.
  std::optional<std::string> root_directory() const;

  /// The last 64 KiB of what the relay wrote to stdout and stderr, with a line in front that counts what was
  /// dropped.
  std::string output();
  /// Octets that it has written there.
  std::uint64_t written() const;

  /// What the relay and its children hold at the moment; unset where the kernel does not say.
  std::optional<Holdings> holdings() const;

  /// What they do; unset where the kernel does not tell.
  std::optional<Activity> activity() const;

  /// The UDP, raw and packet sockets of the relay's network namespace, in words and sorted, with a remark on
  /// those in which something waits to be read; unset where the kernel does not tell.
  std::optional<std::vector<std::string>> sockets() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relayspec
