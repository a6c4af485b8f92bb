// SPDX-License-Identifier: Apache-2.0
// Links laid over another link, to record what passes or to disturb it: loss, delay, duplicates, disorder.
// They act on what the harness injects and on what the relay sends. A frame of the harness comes back from
// receive() as it was put on the wire, so one that was lost does not come back and a duplicate comes back
// twice. Random choices depend on the seed alone.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "relayspec/harness/link.h"

namespace relayspec {

class LinkDecorator : public Link {
 public:
  explicit LinkDecorator(Link& inner) : inner_(inner) {}
  void inject(std::span<const Outgoing> frames) override { inner_.inject(frames); }
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
    return inner_.receive(deadline, wake);
  }
  Clock::time_point now() const override { return inner_.now(); }

 protected:
  Link& inner() { return inner_; }
  const Link& inner() const { return inner_; }

 private:
  Link& inner_;
};

/// Hands every frame of either side to the sink, in the order of receive().
class RecordingLink : public LinkDecorator {
 public:
  using Sink = std::function<void(const Frame&)>;
  RecordingLink(Link& inner, Sink sink) : LinkDecorator(inner), sink_(std::move(sink)) {}
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;

 private:
  Sink sink_;
};

/// Its clock counts the time in which the harness ran: a pause (Ctrl-Z, a frozen container, a machine that
/// stalls) does not count as waiting. A pause is what lies between two looks at the clock, or behind a
/// deadline, beyond what a busy machine makes of it.
class RunningTimeLink : public LinkDecorator {
 public:
  explicit RunningTimeLink(Link& inner) : LinkDecorator(inner), seen_(inner.now()) {}
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;
  Clock::time_point now() const override;
  /// How often the harness was stopped for a second or more: long enough for timers of others to have run
  /// out.
  std::size_t pauses() const { return pauses_; }

 private:
  void look(Clock::time_point expected) const;

  mutable Clock::time_point seen_;  ///< inner time at the last look
  mutable Clock::duration paused_{};
  mutable std::size_t pauses_ = 0;
};

/// Happens to a fraction (0 to 1) of the frames.
class Chance {
 public:
  Chance(double fraction, std::mt19937::result_type seed) : happens_(fraction), random_(seed) {}
  bool operator()() { return happens_(random_); }

 private:
  std::bernoulli_distribution happens_;
  std::mt19937 random_;
};

class LossyLink : public LinkDecorator {
 public:
  LossyLink(Link& inner, const Chance& lost) : LinkDecorator(inner), lost_(lost) {}
  void inject(std::span<const Outgoing>) override;
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;

 private:
  Chance lost_;
};

class DuplicatingLink : public LinkDecorator {
 public:
  DuplicatingLink(Link& inner, const Chance& doubled) : LinkDecorator(inner), doubled_(doubled) {}
  void inject(std::span<const Outgoing>) override;
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;

 private:
  Chance doubled_;
};

/// Frames reach the wire, and the caller, so much later. What waits to be sent is sent during receive().
class DelayedLink : public LinkDecorator {
 public:
  DelayedLink(Link& inner, Clock::duration delay) : LinkDecorator(inner), delay_(delay) {}
  void inject(std::span<const Outgoing>) override;
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;

 private:
  void send_what_is_due();
  std::vector<Frame> take_what_is_due();
  Clock::time_point next_event(Clock::time_point deadline) const;

  Clock::duration delay_;
  std::deque<std::pair<Clock::time_point, Outgoing>> to_send_;
  std::deque<std::pair<Clock::time_point, Frame>> to_deliver_;
};

/// Swaps neighbours. A frame that is to be swapped with one that has not come yet is held until the deadline
/// of a receive() that brings no other; one that is to be sent, until the next receive() at the latest.
class ReorderingLink : public LinkDecorator {
 public:
  ReorderingLink(Link& inner, const Chance& swapped) : LinkDecorator(inner), swapped_(swapped) {}
  void inject(std::span<const Outgoing>) override;
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override;

 private:
  void take(Frame, std::vector<Frame>& ready);

  Chance swapped_;
  std::optional<Outgoing> unsent_;
  std::optional<Frame> undelivered_;
  std::chrono::nanoseconds last_{};  ///< timestamp of what was delivered last
};

}  // namespace relayspec
