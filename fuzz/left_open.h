// SPDX-License-Identifier: Apache-2.0
// Where the standards and the settings leave a choice that the model has made: the relay of this project need
// not make the same.
#pragma once

#include "fuzz/fuzz.h"
#include "harness/dhcp4/facts.h"

namespace relayspec::relay::fuzz {

/// What the relay has got, what it has made of it, and what is known of it.
struct Judged {
  const Site& site;
  const dhcp4::World& world;
  const dhcp4::Memory& memory;
  const Outcome& out;
  bool names_server = false;    ///< the request as servers get it names one that the client has heard of
  bool server_unknown = false;  ///< the relay has dropped a request of a client that has heard of no server
};

/// Why the relay may drop a message that the model has relayed; null: it must not.
const char* may_be_dropped(const Judged&);
/// Why a relayed message may differ like this; null: it must not.
const char* may_differ(const Judged&, const Difference&);
/// The relay need not find its own option 82 in a reply to a trusted downlink: it differs from what the
/// server has got from there.
bool is_open_echo(const Judged&);

}  // namespace relayspec::relay::fuzz
