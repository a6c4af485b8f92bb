// SPDX-License-Identifier: Apache-2.0
// What a relay's answer to a stimulus breaks: by the model, and by what holds for every relay.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "harness/live/departures.h"

namespace relayspec::live {

/// Kinds of findings, as fuzz.json has them.
namespace accused_of {
inline constexpr const char *crash = "crash", *hang = "hang", *stopped = "stopped-relaying",
                            *foreign_octets = "octets-of-another-message", *invented = "invented-octets",
                            *changed = "changed", *not_to_come = "must-not-be-relayed", *lost = "lost",
                            *copies = "copies", *misdirected = "misdirected", *bad_frame = "bad-frame",
                            *self_excited = "self-excited", *growth = "growth";
}

struct Accusation {
  std::string kind;                ///< of the above
  std::string requirement;         ///< id of the catalogue
  bool reply = false;              ///< it is about what the servers sent
  std::string how;                 ///< what stays the same with other values: "reply hops +1"
  std::string expected, observed;  ///< one line each
  std::string field;               ///< that is wrong; may be empty
  Segment segment = Segment::downlink0;
  Bytes due, came;  ///< the message that had to come out there, and the one that did; empty: none

  /// The same fault, whatever message shows it.
  auto key() const { return std::tie(kind, requirement, reply, how); }
  friend bool same(const Accusation& a, const Accusation& b) { return a.key() == b.key(); }
};

/// "lost: a RELEASE …": one line for people.
std::string in_words(const Accusation&);

std::vector<Accusation> accusations(const Witness&);

/// A plain exchange that no longer comes out as it did.
Accusation accusation_of_plain(const Difference&);

}  // namespace relayspec::live
