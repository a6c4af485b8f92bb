// SPDX-License-Identifier: Apache-2.0
// The clients' and servers' messages of a capture as packets for the lab.
#pragma once

#include <string>
#include <vector>

#include "harness/capture.h"
#include "harness/live/prober.h"

namespace relayspec::live {

struct Translation {
  std::vector<Packet> packets;
  std::vector<std::string> remarks;  ///< what was left out, and why
};

/// Of a capture of this project: what its hosts sent, as it is.
Translation packets_of_own(const Capture&);

/// Of any other: who asked is a client and who answered a server. Transaction ids, link and IP addresses,
/// giaddr and option 82 become those of the lab; what a relay has made of a message is told from the message.
Translation translated(const Capture&, const dhcp4::World&);

}  // namespace relayspec::live
