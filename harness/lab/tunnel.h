// SPDX-License-Identifier: Apache-2.0
// A device that carries IP packets and has no link-layer address, as the relay's end of a segment.
#pragma once

#include <latch>
#include <span>
#include <string>
#include <thread>

#include "harness/lab/fd.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

/// A tun device. A thread passes on what the relay's host sends there, over a link in a frame to the host
/// that has the address, and what comes over the link for the relay.
class Tunnel {
 public:
  /// In the calling thread's namespace, in which the link `port` is too. Throws LabMissing where there is no
  /// tun device to be had.
  Tunnel(const std::string& name, int index, int port, const Topology&);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

 private:
  void pass_on();
  void packets_to_link();
  void frames_to_tunnel();

  Topology topology_;
  Fd tunnel_, link_, stop_;
  std::latch runs_{1};
  std::jthread thread_;  // the last: it uses the others
};

}  // namespace relayspec
