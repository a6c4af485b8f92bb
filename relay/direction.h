// SPDX-License-Identifier: Apache-2.0
// The two directions. Each is given a message whose length, op and hlen are right.
#pragma once

#include "relayspec/relay/core.h"

namespace relayspec::relay {

Decision handle_request(const Config&, ServerMemory&, Ingress, Message&);
Decision handle_reply(const Config&, ServerMemory&, Ingress, Message&);

/// No host on a network of ours could have sent from there.
bool source_impossible(const Config&, Ipv4 source);

inline Decision dropped(Drop reason) {
  Decision decision;
  decision.reason = reason;
  return decision;
}

}  // namespace relayspec::relay
