// SPDX-License-Identifier: Apache-2.0
// How a relay's answer to a stimulus departs from the reference's, and which of the two breaks a rule by
// that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/live/prober.h"

namespace relayspec::live {

/// Whose answer breaks a rule.
enum class Culprit : std::uint8_t { nobody, relay, reference };

struct Departure {
  enum class Kind : std::uint8_t {
    content,  ///< both have sent something, and it is not the same
    lost,     ///< only the reference has
    extra,    ///< only the relay has
    copies,   ///< one of them has sent more, or elsewhere
    ended     ///< the relay no longer relays
  } kind = Kind::content;
  bool reply = false;
  std::string how;          ///< what stays the same with other values: "request hops +0"
  std::string requirement;  ///< may be empty
  Culprit culprit = Culprit::nobody;
  bool judged = true;               ///< the model says what had to come
  std::string field;                ///< of content: what differs
  std::string reference, observed;  ///< one line each
  /// Places in what the reference and the relay have sent.
  std::optional<std::size_t> of_reference, of_relay;
};

/// An answer as the model sees it.
struct Verdicts {
  dhcp4::Outcome outcome;
  std::vector<Difference> differences;  ///< of what came from what had to
};
Verdicts verdicts_on(const Answer&, const dhcp4::Model&);

/// How an emission differs from what had to come. Octets that a relay has left in its buffer are told as
/// such.
std::vector<Difference> differences_from(const Expected&, const Answer&, const Sighting&);

/// A relay with its answer.
struct Witness {
  const Answer& answer;
  const dhcp4::Model& model;
  dhcp4::Protocol4& protocol;
  const Quirks& quirks;
};
std::vector<Departure> departures(const Witness& reference, const Witness& relay);

/// The rules that speak of a stimulus which may come out: those that leave it to the relay, and those by
/// which it is due. None for one that must not.
struct RuleOnFate {
  std::string rule;
  bool due = false;
};
std::vector<RuleOnFate> rules_on_fate(const Answer&, const dhcp4::Model&);

}  // namespace relayspec::live
