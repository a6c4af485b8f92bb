// SPDX-License-Identifier: Apache-2.0
// The harness's sockets on one link: a packet socket that receives everything, and one that sends.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/lab/fd.h"
#include "relayspec/harness/frame.h"
#include "relayspec/harness/link.h"

namespace relayspec {

class Tap {
 public:
  /// Opens on a link of the namespace that the calling thread is in. Throws LabError.
  Tap(Segment, int index);
  Tap(Tap&&) noexcept;
  Tap& operator=(Tap&&) noexcept;
  ~Tap();

  int fd() const { return ear_.get(); }

  /// Receives frames to other link addresses too (promiscuous mode).
  void hear_all(int index);

  /// Hands its sockets over, to be closed elsewhere.
  std::array<Fd, 2> release() { return {std::move(ear_), std::move(mouth_)}; }

  /// Whether what this machine sends on the link is left out of what is heard. At first it is not. False: the
  /// kernel (before 4.20) does not know how.
  bool ignore_sent(bool);

  /// True: the frame went out with its checksum half-filled.
  bool send(std::span<const std::uint8_t> frame);

  /// From here on UDP checksums are sent half-filled, and the kernel is told so, as when a virtual machine
  /// hands over frames whose link has checksum offload. The link's own offload has to be on.
  void leave_checksums_open(bool);

  /// Appends what has been heard, at most `limit` frames. Throws FramesLost.
  void drain(std::vector<Frame>& out, std::size_t limit);

 private:
  struct Batch;

  bool send_open(std::span<const std::uint8_t> frame);
  void count_losses();

  Segment segment_;
  Fd ear_, mouth_;
  bool checksums_open_ = false;
  std::unique_ptr<Batch> batch_;  ///< where recvmmsg() puts what it reads
};

/// Turns hardware features that change frames on their way (checksum, segmentation, coalescing) off or on for
/// a link of the calling thread's namespace. What a driver does not know stays as it is.
void set_offloads(const std::string& interface, bool on);

/// Fills in the UDP or TCP checksum of an unfragmented IPv4 packet, over whatever stands in its field.
/// False: the frame is none, and was left alone.
bool complete_checksum(Bytes& frame);

/// The other way round: the sum over the pseudo header alone in the field of a right UDP checksum. Where the
/// UDP header stands; unset: the frame was left alone.
std::optional<std::size_t> open_checksum(Bytes& frame);

}  // namespace relayspec
