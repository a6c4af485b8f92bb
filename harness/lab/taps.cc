// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/taps.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <system_error>
#include <thread>
#include <utility>

namespace relayspec {
namespace {

// A relay that floods must not keep receive() from returning.
constexpr std::size_t most_frames = 16384;

Bytes stamp_probe() {
  Bytes frame(60);
  frame[0] = frame[6] = 0x02;  // to its own sender, so that no switch passes it on
  frame[12] = 0x88;            // IEEE 802, local experimental EtherType: nobody answers
  frame[13] = 0xb5;
  return frame;
}

}  // namespace

std::chrono::nanoseconds stamp_now() {
  timespec at{};
  ::clock_gettime(CLOCK_REALTIME, &at);
  return std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
}

void sort_by_time(std::vector<Frame>& frames) { std::ranges::stable_sort(frames, {}, &Frame::time); }

// Until then frames get the time at which they are read, and the order between segments would be lost. So a
// frame of our own is read late on purpose, until its stamp is older than the reading.
void wait_for_stamps(Tap& tap) {
  const Bytes probe = stamp_probe();
  constexpr std::chrono::seconds patience(5);
  constexpr Clock::duration most_at_once =
      std::chrono::milliseconds(100);  // the rest of a pause does not count
  std::vector<Frame> heard;
  Clock::duration waited{};
  for (auto last = Clock::now(); waited < patience;) {
    heard.clear();
    tap.send(probe);
    const auto sent = stamp_now();
    tap.drain(heard, most_frames);
    if (!heard.empty() && heard.back().time <= sent) return;
    ::sched_yield();
    const auto time = Clock::now();
    waited += std::min(time - last, most_at_once);
    last = time;
  }
  throw LabError("the kernel does not stamp frames with their time of arrival");
}

FramesLost::FramesLost(Segment s, std::size_t n)
    : LabError(fmt::format(
          "{} frames on {} came faster than they could be recorded; does the relay flood? (root has a "
          "larger buffer, and so has an ordinary user with a larger net.core.rmem_max)",
          n, interface_name(s))),
      segment(s),
      count(n) {}

void close_together(std::span<Tap> taps) {
  std::vector<std::jthread> closers;
  for (Tap& tap : taps) {
    for (Fd& fd : tap.release()) {
      try {
        closers.emplace_back([closing = std::move(fd)]() mutable { closing.reset(); });
      } catch (const std::system_error&) {  // no thread to be had: it has been closed here
      }
    }
  }
}

std::vector<Frame> receive_from(std::span<Tap> taps, Clock::time_point deadline, int wake) {
  std::vector<Frame> frames;
  std::vector<pollfd> polled;
  for (const Tap& tap : taps) polled.push_back({tap.fd(), POLLIN, 0});
  polled.push_back({wake, POLLIN, 0});

  // Until nothing is left on any link: else a frame could be missing here that came before one that is here.
  for (bool any = true; any && frames.size() < most_frames;) {
    const auto left =
        frames.empty() ? std::max(deadline - Clock::now(), Clock::duration::zero()) : Clock::duration::zero();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{seconds.count(), (left - seconds).count()};
    if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot wait for frames");
    }
    any = false;
    for (std::size_t n = 0; n < taps.size(); ++n) {
      if (polled[n].revents == 0) continue;
      taps[n].drain(frames, most_frames);
      any = true;
    }
  }
  sort_by_time(frames);
  return frames;
}

}  // namespace relayspec
