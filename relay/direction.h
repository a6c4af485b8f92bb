// The two directions. Each is given a message whose length, op and hlen are right.
#pragma once

#include "relayspec/relay/core.h"

namespace relayspec::relay {

Decision handle_request(const Config&, ServerMemory&, Ingress, Message&);
Decision handle_reply(const Config&, ServerMemory&, Ingress, Message&);

inline Decision dropped(Drop reason) {
  Decision decision;
  decision.reason = reason;
  return decision;
}

}  // namespace relayspec::relay
