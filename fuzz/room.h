// SPDX-License-Identifier: Apache-2.0
// Memory for the messages that the relay gets. A fresh block for each costs the sanitizer more time than the
// relay needs; what it guards stays the same here: octets in front of a message, behind it, and of those that
// came before it must not be touched.
#pragma once

#include <sanitizer/asan_interface.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace relayspec::relay::fuzz {

/// So many octets, as long as it lives. Their place is used again only after many others, so that whoever
/// has kept a pointer to them is found.
class Room {
 public:
  explicit Room(std::size_t size) {
    static std::array<std::vector<std::uint8_t>, 64> places;
    static std::size_t turn = 0;
    auto& place = places[turn++ % places.size()];
    if (place.size() < size + 2 * margin) enlarge(place, size);
    octets_ = {place.data() + margin, size};
    ASAN_UNPOISON_MEMORY_REGION(octets_.data(), octets_.size());
  }
  ~Room() { ASAN_POISON_MEMORY_REGION(octets_.data(), octets_.size()); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  std::span<std::uint8_t> octets() const { return octets_; }

 private:
  static constexpr std::size_t margin = 512;  // as far as one option reaches

  static void enlarge(std::vector<std::uint8_t>& place, std::size_t size) {
    constexpr std::size_t usual = 4096;
    ASAN_UNPOISON_MEMORY_REGION(place.data(), place.size());
    place.assign(std::max(usual, size + 2 * margin), 0);
    ASAN_POISON_MEMORY_REGION(place.data(), place.size());
  }

  std::span<std::uint8_t> octets_;
};

}  // namespace relayspec::relay::fuzz
