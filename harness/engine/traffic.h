// SPDX-License-Identifier: Apache-2.0
// What goes over a link: frames sent for the hosts that the harness plays, and what the relay put out.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/protocol.h"

namespace relayspec {

/// The relay puts out far more frames than what was sent to it accounts for.
struct Flood {};

class Traffic {
 public:
  Traffic(Link& link, Protocol& protocol) : link_(link), protocol_(protocol) {}

  Clock::time_point now() const { return link_.now(); }

  /// Puts a frame on the wire; `comment` goes to it in the record.
  void inject(Segment, Bytes frame, std::string comment);

  /// Takes in whatever comes, at the latest until the deadline; false if nothing came. Throws Flood.
  bool pump(Clock::time_point deadline, int wake = -1);

  /// Called for every sighting before it is kept; true: it belongs to the caller alone.
  std::function<bool(const Sighting&, Frame&)> intercept;

  /// Takes in and forgets all that a relay that has ended left on the links; what was not expected is handed
  /// over before.
  void discard(const std::function<void(const Sighting&, const Frame&)>& left_over = {});
  /// Hands over what was sighted and not expected.
  void hand_over(const std::function<void(const Sighting&, const Frame&)>& left_over);

  /// Forgets record, sightings and what the protocol has seen.
  void clear();

  /// How many have been sighted and kept.
  std::size_t messages() const { return messages_; }

  bool everything_counts =
      false;  ///< sightings are all that the relay sends, not those of the protocol alone

  std::vector<Frame> record;  ///< all segments, in order
  std::vector<Sighting> sightings;

 private:
  std::vector<Frame> receive(Clock::time_point deadline, int wake);
  void put(Segment, Bytes frame, std::string comment);
  void take_in(Frame);
  void take_own(Frame);

  Link& link_;
  Protocol& protocol_;
  std::deque<std::pair<Bytes, std::string>>
      comments_[segment_count];  ///< of frames that have not come back yet
  std::size_t injected_ = 0;
  std::size_t messages_ = 0;
  std::size_t from_relay_ = 0;
  bool lost_frames_ = false;
};

}  // namespace relayspec
