#include "harness/engine/traffic.h"

#include <algorithm>

namespace relayspec {
namespace {

// Frames of the relay between two clear(); the longest search for a leak expects some 12,000.
constexpr std::size_t flood_limit = 30'000;

}  // namespace

void Traffic::inject(Segment s, Bytes frame, std::string comment) {
  Outgoing out{s, std::move(frame)};
  link_.inject({&out, 1});
  comments_[index(s)].emplace_back(std::move(out.frame), std::move(comment));
}

// The buffers take thousands of frames, and the harness itself sends a few: only a flood fills them.
std::vector<Frame> Traffic::receive(Clock::time_point deadline, int wake) {
  try {
    return link_.receive(deadline, wake);
  } catch (const FramesLost&) {
    from_relay_ = flood_limit + 1;
    throw Flood{};
  }
}

bool Traffic::pump(Clock::time_point deadline, int wake) {
  auto frames = receive(deadline, wake);
  const bool any = !frames.empty();
  for (Frame& f : frames) f.origin == Origin::harness ? take_own(std::move(f)) : take_in(std::move(f));
  if (from_relay_ > flood_limit) throw Flood{};
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
  ++from_relay_;
  for (Protocol::Answer& a : protocol_.answer(f))
    inject(a.out.segment, std::move(a.out.frame), std::move(a.comment));
  auto seen = protocol_.read(f);
  if (seen) {
    seen->segment = f.segment;
    seen->frame = record.size();
  }
  const bool taken = seen && intercept && intercept(*seen, f);
  record.push_back(std::move(f));
  if (!seen || taken || !(seen->of_protocol || everything_counts)) return;
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
  from_relay_ = 0;
  everything_counts = false;
}

}  // namespace relayspec
