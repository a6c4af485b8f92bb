// SPDX-License-Identifier: Apache-2.0
#include "harness/live/standstill.h"

#include <algorithm>

namespace relayspec::live {
namespace {

using namespace std::chrono_literals;

// A relay spends a few microseconds of a processor on a message.
constexpr auto much_work = 40ms, no_work = 1ms;
constexpr auto work_of_a_timer = 500us;
// How long it may wait for something else while messages wait for it, and have nothing to do before what has
// been sent comes out.
constexpr auto most_waiting = 60ms, least_idle = 100ms;
constexpr int times_the_slowest = 4;
// A machine that stood still itself looks like a relay that did: its time passes between two looks.
constexpr int least_looks = 5;

}  // namespace

void Standstill::note_rest() { at_rest_ = device_.sockets().value_or(std::vector<std::string>{}); }

// Sockets of a relay that reads some of them never look as they did.
bool Standstill::has_unread() const {
  const auto sockets = device_.sockets();
  return sockets && *sockets != at_rest_ &&
         std::ranges::any_of(*sockets, [](const std::string& s) { return s.ends_with("unread"); });
}

void Standstill::wait_begins(Clock::time_point now) {
  began_ = now;
  first_ = last_ = std::nullopt;
  always_unread_ = true;
  ever_runnable_ = hangs_ = false;
  looks_ = 0;
}

void Standstill::wait_ends(Clock::time_point now) { slowest_ = std::max(slowest_, now - began_); }

bool Standstill::look(Clock::time_point now) {
  const auto activity = device_.activity();
  if (!activity) return false;
  const bool unread = has_unread();
  // One that wakes up now and then to look at the time does nothing by that.
  const bool idle = !unread && !activity->runnable && last_ &&
                    activity->on_processor - last_->on_processor < work_of_a_timer;
  if (!idle) idle_since_ = now;
  last_ = activity;
  always_unread_ = always_unread_ && unread;
  ever_runnable_ = ever_runnable_ || activity->runnable;
  if (!first_) {
    first_ = activity;
    first_look_ = now;
    return false;
  }
  ++looks_;
  const auto work = activity->on_processor - first_->on_processor;
  const bool waits = now - first_look_ >= most_waiting && !ever_runnable_ && work < no_work;
  hangs_ = always_unread_ && looks_ >= least_looks && (work >= much_work || waits);
  return hangs_ || now - idle_since_ >= std::max<Clock::duration>(least_idle, times_the_slowest * slowest_);
}

}  // namespace relayspec::live
