// SPDX-License-Identifier: Apache-2.0
// What the relay has done so far.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "relayspec/relay/core.h"

namespace relayspec::relay {

struct Counters {
  std::uint64_t requests = 0, copies = 0, replies = 0, not_sent = 0;
  std::uint64_t option82_no_room = 0, option82_no_place = 0, server_assumed = 0, server_id_signed = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(Drop::count)> drops{};

  void count(const Decision&);

  /// One line each for what was relayed, every reason for a drop that occurred, and what else an operator may
  /// want to know.
  std::string report() const;
};

}  // namespace relayspec::relay
