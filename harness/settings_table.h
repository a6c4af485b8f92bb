// SPDX-License-Identifier: Apache-2.0
// The table of a relay's settings: everything that the harness says about a setting is made from its row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "relayspec/harness/settings.h"

namespace relayspec {

/// The value that a setting takes on the command line.
struct Argument {
  std::string_view name;         ///< for people, "N"; empty: the setting is on or off
  std::string_view otherwise;    ///< what `--feature NAME` alone means; empty: a value is required
  unsigned least = 0, most = 0;  ///< of a number
};

struct Setting;

/// How the members of RelaySettings that a row stands for are looked at and set.
struct Access {
  bool (*is_set)(const RelaySettings&);
  std::string (*value)(const RelaySettings&, const Topology&);  ///< of the variable
  std::string (*shown)(const RelaySettings&);  ///< behind "NAME=" for people; null where there is no argument
  /// Throws InputError for a value that does not fit.
  void (*set)(RelaySettings&, const Setting&, const std::string& value);
};

struct Setting {
  std::string_view feature;   ///< as profiles list it and --feature takes it: "max-hops"
  std::string_view variable;  ///< that the start script reads: "RELAY_MAX_HOPS"
  Access access;
  Argument argument;
  bool in_option82;        ///< it is part of option 82: --feature switches that on too
  std::string_view words;  ///< what the relay does then
};

/// In the order in which people read them. Features that exclude one another share a variable.
std::span<const Setting> settings_table();

/// The row of a feature; null when there is none.
const Setting* find_setting(std::string_view feature);

/// What --feature takes for these settings, one by one; none for a plain relay.
std::vector<std::string> as_features(const RelaySettings&);

/// Throws InputError: this value does not fit behind --feature NAME=, for this reason.
[[noreturn]] void refuse_value(const Setting&, const std::string& value, const std::string& reason);

}  // namespace relayspec
