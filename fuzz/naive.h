// SPDX-License-Identifier: Apache-2.0
// Options taken apart a second time, in a way of its own, to hold the relay's walk against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace relayspec::relay::fuzz::naive {

using Octets = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

inline constexpr std::uint8_t magic_cookie[] = {99, 130, 83, 99};

/// A field as a list of pieces: options whole, PADs that follow one another; `rest` is END and what follows,
/// or what does not parse. The views last as long as the octets.
struct Area {
  std::vector<View> pieces;
  View rest;

  bool has_end() const { return !rest.empty() && rest[0] == 255; }
  bool malformed() const { return !rest.empty() && rest[0] != 255; }
};

inline Area take_apart(View octets) {
  Area area;
  area.pieces.reserve(32);
  while (!octets.empty() && octets[0] != 255) {
    std::size_t length = 0;
    if (octets[0] == 0) {
      const auto behind = std::find_if(octets.begin(), octets.end(), [](auto octet) { return octet != 0; });
      length = static_cast<std::size_t>(behind - octets.begin());
    } else {
      length = octets.size() == 1 ? 2 : 2U + octets[1];
    }
    if (length > octets.size()) break;
    area.pieces.push_back(octets.first(length));
    octets = octets.subspan(length);
  }
  area.rest = octets;
  return area;
}

/// A message that has options, by its cookie: its options field.
inline bool has_options(View message) {
  return message.size() >= 240 && std::equal(message.begin() + 236, message.begin() + 240, magic_cookie);
}
inline Area options_of(View message) {
  return has_options(message) ? take_apart(message.subspan(240)) : Area{{}, {}};
}

inline unsigned overload(const Area& options) {
  for (const auto& piece : options.pieces)
    if (piece[0] == 52 && piece.size() == 3) return piece[2] <= 3 ? piece[2] : 0;
  return 0;
}

inline bool is_server_id(View piece) { return piece[0] == 54 && piece.size() == 6; }

/// Appends an area, without option 82 and with zero addresses in option 54, where asked for.
inline void append(Octets& to, const Area& area, bool drop_option82, bool zero_option54) {
  for (const auto& piece : area.pieces) {
    if (drop_option82 && piece[0] == 82) continue;
    to.insert(to.end(), piece.begin(), piece.end());
    if (zero_option54 && is_server_id(piece)) std::fill_n(to.end() - 4, 4, std::uint8_t{0});
  }
  to.insert(to.end(), area.rest.begin(), area.rest.end());
}

/// The message without what a relay may change: option 82 and the addresses in option 54, where asked for.
inline Octets unchangeable(View message, bool drop_option82, bool zero_option54) {
  if (!has_options(message)) return {message.begin(), message.end()};
  const Area options = options_of(message);
  const unsigned overloaded = overload(options);
  const auto zero = [&](unsigned bit) { return zero_option54 && (overloaded & bit) != 0; };

  Octets octets(message.begin(), message.begin() + 44);
  octets.reserve(message.size());
  append(octets, take_apart(message.subspan(44, 64)), false, zero(2));
  append(octets, take_apart(message.subspan(108, 128)), false, zero(1));
  octets.insert(octets.end(), std::begin(magic_cookie), std::end(magic_cookie));
  append(octets, options, drop_option82, zero_option54);
  return octets;
}

/// How many options with that code the options field holds.
inline std::size_t count(View message, std::uint8_t code) {
  const Area options = options_of(message);
  return static_cast<std::size_t>(std::count_if(options.pieces.begin(), options.pieces.end(),
                                                [&](const View& piece) { return piece[0] == code; }));
}

/// The values of the options with that code in the options field.
inline std::vector<View> values(View message, std::uint8_t code) {
  std::vector<View> all;
  const Area options = options_of(message);
  for (const auto& piece : options.pieces)
    if (piece[0] == code && code != 0) all.push_back(piece.subspan(2));
  return all;
}

/// The addresses in the options 54 of the options field.
inline std::vector<View> server_ids(View message) {
  std::vector<View> all;
  const Area options = options_of(message);
  for (const auto& piece : options.pieces)
    if (is_server_id(piece)) all.push_back(piece.subspan(2));
  return all;
}

}  // namespace relayspec::relay::fuzz::naive
