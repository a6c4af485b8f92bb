// SPDX-License-Identifier: Apache-2.0
// Ctrl-C asks a run to end, and does not end the program.
#pragma once

namespace relayspec {

/// While it lives, SIGINT and SIGTERM are noted; the second one ends the program.
class InterruptNoted {
 public:
  InterruptNoted();
  ~InterruptNoted();
  InterruptNoted(const InterruptNoted&) = delete;
  InterruptNoted& operator=(const InterruptNoted&) = delete;
  static bool came();
};

}  // namespace relayspec
