// SPDX-License-Identifier: Apache-2.0
// Faults that change a message which was handled rightly otherwise: one function over its octets each.
#pragma once

#include <span>

#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

enum class Way : std::uint8_t { up, down };

struct Corruption {
  const char* name;
  Way way;
  void (*corrupt)(Bytes&);
};

std::span<const Corruption> corruptions();

}  // namespace relayspec::faulty
