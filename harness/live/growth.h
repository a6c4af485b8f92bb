// SPDX-License-Identifier: Apache-2.0
// Distinguishes a relay that retains memory per message from one whose memory stops growing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/live/prober.h"

namespace relayspec::live {

class Growth {
 public:
  /// What the relay holds behind so many further messages; the same number each time.
  void note(const Holdings&);
  /// What grows, in words: "descriptors from 8 to 70"; unset as long as it may settle.
  std::optional<std::string> found() const;

 private:
  std::vector<Holdings> held_;
};

/// What grows when these are sent again and again.
std::optional<std::string> growth_under(Prober&, std::span<const Packet>);

}  // namespace relayspec::live
