// SPDX-License-Identifier: Apache-2.0
// What the taps of several links have in common.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "harness/lab/tap.h"

namespace relayspec {

/// CLOCK_REALTIME, by which the kernel stamps what arrives.
std::chrono::nanoseconds stamp_now();

/// Frames with the same stamp stay in order.
void sort_by_time(std::vector<Frame>&);

/// Waits until frames are stamped on arrival: the kernel switches that on in the background after the first
/// socket has asked for it. Throws LabError.
void wait_for_stamps(Tap&);

/// Closes their sockets side by side: each close waits until no CPU of the machine can still see the socket,
/// some 10 ms.
void close_together(std::span<Tap>);

/// Link::receive() over these.
std::vector<Frame> receive_from(std::span<Tap>, Clock::time_point deadline, int wake);

}  // namespace relayspec
