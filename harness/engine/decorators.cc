// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/decorators.h"

#include <algorithm>
#include <iterator>

namespace relayspec {

std::vector<Frame> RecordingLink::receive(Clock::time_point deadline, int wake) {
  auto frames = inner().receive(deadline, wake);
  for (const Frame& f : frames) sink_(f);
  return frames;
}

// `expected`: the inner time at which this look was due at the latest.
void RunningTimeLink::look(Clock::time_point expected) const {
  constexpr std::chrono::milliseconds busy(300), long_pause(1000);
  const auto time = inner().now();
  if (time - expected > busy) paused_ += time - expected;
  if (time - expected >= long_pause) ++pauses_;
  seen_ = time;
}

Clock::time_point RunningTimeLink::now() const {
  look(seen_);
  return seen_ - paused_;
}

std::vector<Frame> RunningTimeLink::receive(Clock::time_point deadline, int wake) {
  look(seen_);
  const auto inner_deadline = deadline + paused_;
  auto frames = inner().receive(inner_deadline, wake);
  look(std::max(inner_deadline, seen_));
  return frames;
}

void LossyLink::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) {
    if (!lost_()) inner().inject({&out, 1});
  }
}

// Nothing is returned only if nothing has come, since the caller takes that for the deadline or the wake.
std::vector<Frame> LossyLink::receive(Clock::time_point deadline, int wake) {
  while (true) {
    auto frames = inner().receive(deadline, wake);
    if (frames.empty()) return frames;
    std::erase_if(frames, [&](const Frame& f) { return f.origin == Origin::relay && lost_(); });
    if (!frames.empty()) return frames;
  }
}

void DuplicatingLink::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) {
    inner().inject({&out, 1});
    if (doubled_()) inner().inject({&out, 1});
  }
}

std::vector<Frame> DuplicatingLink::receive(Clock::time_point deadline, int wake) {
  std::vector<Frame> all;
  for (Frame& f : inner().receive(deadline, wake)) {
    if (f.origin == Origin::relay && doubled_()) all.push_back(f);
    all.push_back(std::move(f));
  }
  return all;
}

void DelayedLink::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) to_send_.emplace_back(now() + delay_, out);
}

void DelayedLink::send_what_is_due() {
  for (; !to_send_.empty() && to_send_.front().first <= now(); to_send_.pop_front())
    inner().inject({&to_send_.front().second, 1});
}

std::vector<Frame> DelayedLink::take_what_is_due() {
  std::vector<Frame> due;
  for (; !to_deliver_.empty() && to_deliver_.front().first <= now(); to_deliver_.pop_front())
    due.push_back(std::move(to_deliver_.front().second));
  return due;
}

Clock::time_point DelayedLink::next_event(Clock::time_point deadline) const {
  if (!to_send_.empty()) deadline = std::min(deadline, to_send_.front().first);
  if (!to_deliver_.empty()) deadline = std::min(deadline, to_deliver_.front().first);
  return deadline;
}

std::vector<Frame> DelayedLink::receive(Clock::time_point deadline, int wake) {
  while (true) {
    send_what_is_due();
    const auto until = next_event(deadline);
    auto came = inner().receive(until, wake);
    const bool woken = came.empty() && now() < until;
    std::vector<Frame> own;
    for (Frame& f : came) {
      if (f.origin == Origin::harness) {
        own.push_back(std::move(f));
      } else {
        f.time += std::chrono::duration_cast<std::chrono::nanoseconds>(delay_);
        to_deliver_.emplace_back(now() + delay_, std::move(f));
      }
    }
    auto ready = take_what_is_due();
    std::move(own.begin(), own.end(), std::back_inserter(ready));
    std::stable_sort(ready.begin(), ready.end(),
                     [](const Frame& a, const Frame& b) { return a.time < b.time; });
    if (!ready.empty() || woken || now() >= deadline) return ready;
  }
}

void ReorderingLink::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) {
    if (!unsent_ && swapped_()) {
      unsent_ = out;
      continue;
    }
    inner().inject({&out, 1});
    if (const auto held = std::exchange(unsent_, std::nullopt)) inner().inject({&*held, 1});
  }
}

void ReorderingLink::take(Frame f, std::vector<Frame>& ready) {
  if (f.origin == Origin::harness) {
    ready.push_back(std::move(f));
  } else if (!undelivered_ && swapped_()) {
    undelivered_ = std::move(f);
  } else {
    auto held = std::exchange(undelivered_, std::nullopt);
    ready.push_back(std::move(f));
    if (held) {
      held->time = ready.back().time;
      ready.push_back(std::move(*held));
    }
  }
}

std::vector<Frame> ReorderingLink::receive(Clock::time_point deadline, int wake) {
  if (const auto held = std::exchange(unsent_, std::nullopt)) inner().inject({&*held, 1});
  std::vector<Frame> ready;
  while (ready.empty()) {
    auto came = inner().receive(deadline, wake);
    const bool over = came.empty();
    for (Frame& f : came) take(std::move(f), ready);
    if (!over) continue;
    if (auto held = std::exchange(undelivered_, std::nullopt)) {
      held->time = std::max(held->time, last_);
      ready.push_back(std::move(*held));
    }
    break;
  }
  if (!ready.empty()) last_ = ready.back().time;
  return ready;
}

}  // namespace relayspec
