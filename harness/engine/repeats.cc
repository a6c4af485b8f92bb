// SPDX-License-Identifier: Apache-2.0
// Links that others share lose and double frames. A message that may have been lost is sent again, as its
// sender would, and what comes twice for that reason is no finding.
#include <algorithm>

#include "harness/engine/judge.h"

namespace relayspec {

void Judge::remember(Segment s, const std::vector<Bytes>& frames) {
  std::optional<std::uint32_t> key;
  for (const Bytes& frame : frames) {
    const auto seen = session_.protocol().read({.segment = s, .origin = Origin::harness, .bytes = frame});
    if (seen && seen->key) key = seen->key;
  }
  sent_.push_back({s, frames, key});
}

// False: nothing has been sent of which this could come.
bool Judge::repeat(const Expectation& e) {
  const auto crosses = [&](const Sent& sent) {
    return sent.key && sent.key == e.key &&
           (sent.segment == Segment::uplink) != (e.segment == Segment::uplink);
  };
  const auto sent = std::find_if(sent_.rbegin(), sent_.rend(), crosses);
  if (sent == sent_.rend()) return false;
  through_ = false;
  for (const Bytes& frame : sent->frames) session_.traffic().inject(sent->segment, frame, "sent again");
  return true;
}

// More of the same message have come than were sent: one was doubled on the way, or sent again by repeat().
bool Judge::is_repeat(const Sighting& s) const {
  if (!session_.shares_links()) return false;
  const auto& all = session_.traffic().sightings;
  const auto came = std::count_if(all.begin(), all.end(), [&](const Sighting& other) {
    return other.frame < s.frame && session_.protocol().are_alike(other, s);
  });
  const auto sent = std::count_if(sent_.begin(), sent_.end(), [&](const Sent& one) {
    return one.key == s.key && (one.segment == Segment::uplink) != (s.segment == Segment::uplink);
  });
  return came > 0 && came >= sent;
}

}  // namespace relayspec
