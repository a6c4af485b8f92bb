// SPDX-License-Identifier: Apache-2.0
// The seam between what is sent and seen and the wires that carry it. The lab's veth pairs are one Link; a
// fake in a unit test is another; decorators add loss, delay, duplicates, disorder or a recording to any of
// them.
#pragma once

#include <chrono>
#include <span>
#include <stdexcept>
#include <vector>

#include "relayspec/harness/frame.h"

namespace relayspec {

using Clock = std::chrono::steady_clock;

/// A frame to be put on a segment.
struct Outgoing {
  Segment segment = Segment::uplink;
  Bytes frame;  ///< from the Ethernet destination on, without FCS
};

/// A lab, a link or the relay's process could not be made or used: what() is one line with the remedy. The
/// program exits with 3.
struct LabError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the kernel or the machine does not have: cases that need it are left out.
struct LabMissing : LabError {
  using LabError::LabError;
};

/// Frames came faster than they could be recorded, so the record has a hole; a relay that floods can bring
/// this about.
struct FramesLost : LabError {
  FramesLost(Segment, std::size_t count);
  Segment segment;
  std::size_t count;
};

class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  /// Puts frames on the wire at the harness's end of their segments, in this order. Each comes back with
  /// Origin::harness from a receive(), which need not return for it alone. Throws LabError.
  virtual void inject(std::span<const Outgoing>) = 0;

  /// Frames of all segments in the order of their timestamps, as soon as there is at least one; none when the
  /// deadline has passed, or when `wake` (a file descriptor, -1: none) has become readable. What is there
  /// already is returned even when the deadline has passed. Throws FramesLost.
  virtual std::vector<Frame> receive(Clock::time_point deadline, int wake) = 0;

  /// The time that deadlines are measured against; a fake has a clock of its own.
  virtual Clock::time_point now() const { return Clock::now(); }
};

}  // namespace relayspec
