// SPDX-License-Identifier: Apache-2.0
// What a case says of itself in a dry run, without a relay.
#pragma once

#include <string>
#include <vector>

#include "relayspec/harness/dialect.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// One sentence. Of a table it has the row's name too, and what has to become of its message.
struct Step {
  std::string text;
  std::string row = {}, fate = {};
};

struct CaseInfo {
  std::string id, suite, source;
  std::vector<std::string> requirements;
  std::vector<Dialect> dialects;  ///< empty: all
  RelaySettings settings;
  std::vector<Step> steps;      ///< of a dry run that asks for them
  std::size_t frames_sent = 0;  ///< in a dry run
  bool one_downlink = false;    ///< by the case's own wish
  unsigned recoveries = 0;  ///< how often it waits for a relay to recover, which one that does not makes long
};

}  // namespace relayspec
