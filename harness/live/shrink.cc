// SPDX-License-Identifier: Apache-2.0
#include "harness/live/shrink.h"

namespace relayspec::live {

Stimulus shrink(Stimulus s, const std::function<bool(const Stimulus&)>& shows, std::size_t tries) {
  for (bool smaller = true; smaller && tries > 0;) {
    smaller = false;
    for (const Stimulus& candidate : simpler(s)) {
      if (tries == 0) break;
      --tries;
      if (!shows(candidate)) continue;
      s = candidate;
      smaller = true;
      break;
    }
  }
  return s;
}

}  // namespace relayspec::live
