// SPDX-License-Identifier: Apache-2.0
// Sends the packets of a capture to a live relay again and judges what comes of them.
#pragma once

#include <string>
#include <vector>

#include "harness/capture.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/result.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

struct ReplayOptions {
  Dialect dialect = Dialect::rfc;
  RelaySettings settings;
};

struct ReplayFinding {
  std::size_t packet = 0;  ///< which of those that were sent, from 1
  std::string sent;        ///< that packet in words
  std::string kind, requirement, expected, observed;

  bool operator==(const ReplayFinding&) const = default;
};

struct ReplayResult {
  std::string settings;
  std::size_t packets = 0, relayed = 0;
  std::vector<ReplayFinding> findings;
  std::vector<std::string> remarks;  ///< what was left out of the capture
  std::string trouble;               ///< why the relay could not be judged; empty: it was
  std::vector<Frame> frames;         ///< all sides
};

/// Throws LabError.
ReplayResult replay(const Profile&, const Capture&, const ReplayOptions&);

}  // namespace relayspec
