// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/traffic.h"

#include <algorithm>

namespace relayspec {
namespace {

// Frames of the relay between two clear(): so many are no flood whatever was sent, and so many for each frame
// that was sent. A relay may pass on one request to several servers, each of them in fragments.
constexpr std::size_t flood_limit = 4'000, flood_limit_per_frame = 8;

}  // namespace

void Traffic::inject(Segment s, Bytes frame, std::string comment) {
  ++injected_;
  put(s, std::move(frame), std::move(comment));
}

// Answers do not count as injected: a relay that floods with questions gets one for each.
void Traffic::put(Segment s, Bytes frame, std::string comment) {
  Outgoing out{s, std::move(frame)};
  link_.inject({&out, 1});
  comments_[index(s)].emplace_back(std::move(out.frame), std::move(comment));
}

// The buffers take thousands of frames, and the harness itself sends a few: only a flood fills them.
std::vector<Frame> Traffic::receive(Clock::time_point deadline, int wake) {
  try {
    return link_.receive(deadline, wake);
  } catch (const FramesLost&) {
    lost_frames_ = true;
    throw Flood{};
  }
}

bool Traffic::pump(Clock::time_point deadline, int wake) {
  auto frames = receive(deadline, wake);
  const bool any = !frames.empty();
  for (Frame& f : frames) f.origin == Origin::harness ? take_own(std::move(f)) : take_in(std::move(f));
  if (lost_frames_ || from_relay_ > flood_limit + flood_limit_per_frame * injected_) throw Flood{};
  return any;
}

// A link that loses frames returns fewer than were sent, so the comments in front of a match are dropped.
void Traffic::take_own(Frame f) {
  auto& waiting = comments_[index(f.segment)];
  const auto mine =
      std::find_if(waiting.begin(), waiting.end(), [&](const auto& sent) { return sent.first == f.bytes; });
  if (mine != waiting.end()) {
    if (!mine->second.empty()) f.comments.push_back(std::move(mine->second));
    waiting.erase(waiting.begin(), std::next(mine));
  }
  record.push_back(std::move(f));
}

void Traffic::take_in(Frame f) {
  if (protocol_.is_foreign(f)) {
    record.push_back(std::move(f));
    return;
  }
  ++from_relay_;
  for (Protocol::Answer& a : protocol_.answer(f))
    put(a.out.segment, std::move(a.out.frame), std::move(a.comment));
  auto seen = protocol_.read(f);
  if (seen) {
    seen->segment = f.segment;
    seen->frame = record.size();
  }
  const bool taken = seen && intercept && intercept(*seen, f);
  record.push_back(std::move(f));
  if (!seen || taken || !(seen->of_protocol || everything_counts)) return;
  ++messages_;
  // A datagram in fragments becomes one sighting when it is whole; until then each fragment is one.
  if (seen->whole() && seen->fragments_of) {
    std::erase_if(sightings, [&](const Sighting& other) {
      return !other.whole() && other.segment == seen->segment && other.fragments_of == seen->fragments_of;
    });
  }
  sightings.push_back(std::move(*seen));
}

void Traffic::hand_over(const std::function<void(const Sighting&, const Frame&)>& left_over) {
  if (!left_over) return;
  for (const Sighting& s : sightings) {
    if (!s.claimed) left_over(s, record[s.frame]);
  }
}

void Traffic::discard(const std::function<void(const Sighting&, const Frame&)>& left_over) {
  for (bool more = true; more;) {
    try {
      more = pump(now());
    } catch (const Flood&) {
      more = true;
    }
    hand_over(left_over);
    clear();
  }
}

void Traffic::clear() {
  record.clear();
  sightings.clear();
  protocol_.forget();
  injected_ = from_relay_ = 0;
  lost_frames_ = false;
  everything_counts = false;
}

}  // namespace relayspec
