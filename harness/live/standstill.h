// SPDX-License-Identifier: Apache-2.0
// Tells by what a relay's processes do that nothing comes out of it any more: it turns in circles, or waits
// for something else while messages wait for it, or has nothing to do.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/device.h"

namespace relayspec::live {

class Standstill {
 public:
  explicit Standstill(const Device& device) : device_(device) {}

  /// The relay has just been started and has read all that has come.
  void note_rest();
  /// From here on something is waited for; and it has come.
  void wait_begins(Clock::time_point now);
  void wait_ends(Clock::time_point now);
  /// True when nothing will come any more, so far as it shows.
  bool look(Clock::time_point now);
  /// What made look() say so: messages that it does not read. Else it has read them all.
  bool hangs() const { return hangs_; }
  /// Messages wait for it, so far as it shows.
  bool has_unread() const;

 private:
  const Device& device_;
  std::vector<std::string> at_rest_;
  Clock::time_point began_{};
  Clock::duration slowest_{};
  std::optional<Activity> first_, last_;
  Clock::time_point first_look_{}, idle_since_{};
  int looks_ = 0;
  bool always_unread_ = true, ever_runnable_ = false, hangs_ = false;
};

}  // namespace relayspec::live
