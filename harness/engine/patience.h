// SPDX-License-Identifier: Apache-2.0
// How long something is waited for that may still come behind a message that has come: from a relay that does
// several things at once, and longer from one that resolves an address, since what waits for the answer is
// overtaken. Only what never comes costs this time.
#pragma once

#include <chrono>
#include <cstddef>

namespace relayspec {

inline constexpr std::chrono::milliseconds behind_another{50}, behind_resolution{250};

/// A slow relay that still puts something out is waited for as long.
inline constexpr std::chrono::seconds longest_linger{10};

/// How many messages any relay is supposed to have room for that it has not read, and how long nothing comes
/// out of it when it has read them. One that always sends something is waited for as long as the last of
/// these.
inline constexpr std::size_t fewest_unread = 4;
inline constexpr std::chrono::milliseconds until_read{10}, longest_until_read{200};

/// How long a relay that has nothing to do is listened to. Time in which the harness does not run is not
/// counted.
inline constexpr std::chrono::milliseconds at_rest{300};

}  // namespace relayspec
