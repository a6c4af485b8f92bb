// SPDX-License-Identifier: Apache-2.0
// Two messages octet beside octet.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace relayspec {

/// An octet of each message, or a gap where one of them has none.
struct OctetPair {
  std::optional<std::uint8_t> expected, observed;

  bool differs() const { return expected != observed; }
};

/// As many equal octets as possible side by side, so that an option that one of them lacks is one gap. Of
/// messages that are too long for that each octet stands beside the one at the same place.
std::vector<OctetPair> aligned(std::span<const std::uint8_t> expected,
                               std::span<const std::uint8_t> observed);

}  // namespace relayspec
