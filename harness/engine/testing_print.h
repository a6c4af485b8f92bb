// SPDX-License-Identifier: Apache-2.0
// For unit tests: differences in words. Included wherever a test prints one, so that all print it alike.
#pragma once

#include <ostream>

#include "harness/engine/protocol.h"

namespace relayspec {

inline void PrintTo(const Difference& d, std::ostream* out) {
  *out << d.field << ": expected " << d.expected << ", observed " << d.observed << " [" << d.requirement
       << "] '" << d.kind << "'";
}

}  // namespace relayspec
