// SPDX-License-Identifier: Apache-2.0
// For unit tests of the engine: a link without wires, whose clock goes only as fast as it is read.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "relayspec/harness/link.h"

namespace relayspec::fake {

using namespace std::chrono_literals;

class FakeLink : public Link {
 public:
  void inject(std::span<const Outgoing> frames) override {
    for (const Outgoing& out : frames) {
      injected.push_back(out);
      put({.segment = out.segment, .origin = Origin::harness, .bytes = out.frame});
      if (relay) relay(out);
    }
  }

  std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
    now_ += 1us;  // to look takes time, so no wait is endless
    ++receives;
    if (const auto lost = std::exchange(lost_, std::nullopt)) throw FramesLost(*lost, 100);
    auto until = deadline;
    if (!queue_.empty()) until = std::min(until, queue_.begin()->first);
    if (woken_ && wake >= 0) until = std::min(until, *woken_);
    now_ = std::max(now_, until) + std::exchange(stall_, {});
    std::vector<Frame> due;
    for (; !queue_.empty() && queue_.begin()->first <= now_; queue_.erase(queue_.begin()))
      due.push_back(std::move(queue_.begin()->second));
    return due;
  }

  Clock::time_point now() const override { return now_; }
  /// Time in which the harness does something else.
  void pass(Clock::duration time) { now_ += time; }
  /// The next receive() returns so much later, as if the program had been stopped in it.
  void stall(Clock::duration time) { stall_ = time; }

  /// A frame that can be received after a time.
  void put(Frame f, Clock::duration in = {}) {
    f.time = (now_ + in).time_since_epoch();
    queue_.emplace(now_ + in, std::move(f));
  }
  void put_from_relay(Segment s, Bytes bytes, Clock::duration in = {}) {
    put({.segment = s, .bytes = std::move(bytes)}, in);
  }
  /// The file descriptor that is passed as `wake` is readable after a time, or never again.
  void wake_in(Clock::duration in) { woken_ = now_ + in; }
  void wake_never() { woken_.reset(); }
  /// The next receive() finds that frames were lost.
  void overflow(Segment s) { lost_ = s; }

  std::function<void(const Outgoing&)> relay;  ///< gets what is injected
  std::vector<Outgoing> injected;
  std::size_t receives = 0;

 private:
  Clock::duration stall_{};
  Clock::time_point now_ = Clock::time_point{} + 1h;
  std::multimap<Clock::time_point, Frame> queue_;
  std::optional<Clock::time_point> woken_;
  std::optional<Segment> lost_;
};

}  // namespace relayspec::fake
