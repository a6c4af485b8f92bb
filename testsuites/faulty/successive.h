// SPDX-License-Identifier: Apache-2.0
// Faults by which a message is changed by the one before it: octets of that message are still in the buffer,
// or what was learned from it still holds.
#pragma once

#include "testsuites/faulty/corrupt.h"
#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

struct Successive {
  const char* name;
  Way way;  ///< of this message
  bool (*strikes)(const Settings&, const Bytes& m, const Bytes& before);
  void (*change)(Bytes& m, const Bytes& before);  ///< null: the message is dropped
};

/// `before` is what the buffer held when the message was read into it: the one before, and what an even
/// earlier one has left behind that.
std::span<const Successive> successive_faults();

}  // namespace relayspec::faulty
