// SPDX-License-Identifier: Apache-2.0
// The links around the relay under test. Everything that is not about a protocol names a link by its Segment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace relayspec {

using Bytes = std::vector<std::uint8_t>;

/// A link with the relay at one end and the harness at the other: a veth pair of the lab, or an interface
/// that leads to a device.
enum class Segment : std::uint8_t { downlink0, downlink1, uplink };
inline constexpr std::size_t segment_count = 3;
inline constexpr Segment all_segments[segment_count] = {Segment::downlink0, Segment::downlink1,
                                                        Segment::uplink};
inline constexpr Segment all_downlinks[] = {Segment::downlink0, Segment::downlink1};
inline constexpr std::size_t index(Segment s) { return static_cast<std::size_t>(s); }

/// "downlink0", "downlink1", "uplink0": the link's name in reports, and of the relay's interface in the lab.
const char* interface_name(Segment);

}  // namespace relayspec
