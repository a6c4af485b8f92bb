// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/buffers.h"

#include <algorithm>

#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

void read_into(Bytes& buffer, std::span<const std::uint8_t> message) {
  if (buffer.size() < message.size()) buffer.resize(message.size());
  std::copy(message.begin(), message.end(), buffer.begin());
}

Bytes without_option82(std::span<const std::uint8_t> message) {
  Bytes octets(message.begin(), message.end());
  const auto area = options_of(message);
  if (!area) return octets;
  auto at = octets.begin() + static_cast<std::ptrdiff_t>(options_offset);
  for (const Option& o : area->elements) {
    const auto end = at + static_cast<std::ptrdiff_t>(o.wire.size());
    if (code_of(o) == code::relay_agent) std::fill(at, end, std::uint8_t{0});
    at = end;
  }
  return octets;
}

}  // namespace

void Buffers::read_by_way(Direction d, std::span<const std::uint8_t> message) {
  read_into(by_way[d == Direction::request ? 1 : 0], message);
}

void Buffers::read(Direction d, std::span<const std::uint8_t> message) {
  read_by_way(d, message);
  read_into(of_both_ways, without_option82(message));
}

}  // namespace relayspec
