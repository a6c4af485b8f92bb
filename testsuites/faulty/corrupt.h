// SPDX-License-Identifier: Apache-2.0
// Faults that change the octets of a message that the relay otherwise handles rightly.
#pragma once

#include <span>
#include <string>

#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

enum class Way : std::uint8_t { up, down };

struct Corruption {
  std::string name;  ///< "request-…" or "reply-…"
  Way way;
  void (*corrupt)(Bytes&);
};

std::span<const Corruption> corruptions();

}  // namespace relayspec::faulty
