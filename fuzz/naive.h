// Options taken apart a second time, slowly and in a way of its own, to hold the relay's walk against.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace relayspec::relay::fuzz::naive {

using Octets = std::vector<std::uint8_t>;

inline const Octets magic_cookie{99, 130, 83, 99};

/// A field as a list of pieces: options whole, PADs one by one; `rest` is END and what follows, or what does
/// not parse.
struct Area {
  std::vector<Octets> pieces;
  Octets rest;

  bool has_end() const { return !rest.empty() && rest[0] == 255; }
  bool malformed() const { return !rest.empty() && rest[0] != 255; }
};

inline Area take_apart(Octets octets) {
  Area area;
  while (!octets.empty() && octets[0] != 255) {
    const std::size_t length = octets[0] == 0 ? 1 : octets.size() == 1 ? 2 : 2U + octets[1];
    if (length > octets.size()) break;
    const auto end = octets.begin() + static_cast<std::ptrdiff_t>(length);
    area.pieces.emplace_back(octets.begin(), end);
    octets = Octets(end, octets.end());
  }
  area.rest = std::move(octets);
  return area;
}

/// A message: the fields in front of the options, and the options if the cookie says that there are any.
struct Parts {
  Octets sname, file,
      front;  ///< front: everything else before the options, or the whole of a message without cookie
  Area options;
  bool has_options = false;

  explicit Parts(const Octets& message) : front(message) {
    const auto at = [&](std::ptrdiff_t offset) { return message.begin() + offset; };
    has_options = message.size() >= 240 && Octets(at(236), at(240)) == magic_cookie;
    if (!has_options) return;
    front.assign(at(0), at(44));
    sname.assign(at(44), at(108));
    file.assign(at(108), at(236));
    options = take_apart(Octets(at(240), message.end()));
  }

  unsigned overload() const {
    for (const auto& piece : options.pieces)
      if (piece[0] == 52 && piece.size() == 3) return piece[2] <= 3 ? piece[2] : 0;
    return 0;
  }
};

inline void zero_server_ids(std::vector<Octets>& pieces) {
  for (auto& piece : pieces)
    if (piece[0] == 54 && piece.size() == 6) piece = {54, 4, 0, 0, 0, 0};
}

inline Octets joined(const Area& area) {
  Octets octets;
  for (const auto& piece : area.pieces) octets.insert(octets.end(), piece.begin(), piece.end());
  octets.insert(octets.end(), area.rest.begin(), area.rest.end());
  return octets;
}

/// The message without what a relay may change: option 82 and the addresses in option 54, where asked for.
inline Octets unchangeable(const Octets& message, bool drop_option82, bool zero_option54) {
  Parts parts(message);
  if (!parts.has_options) return message;
  const auto overload = parts.overload();
  const auto zeroed = [&](const Octets& field) {
    auto area = take_apart(field);
    zero_server_ids(area.pieces);
    return joined(area);
  };
  if (zero_option54) {
    zero_server_ids(parts.options.pieces);
    if (overload & 1) parts.file = zeroed(parts.file);
    if (overload & 2) parts.sname = zeroed(parts.sname);
  }
  if (drop_option82) std::erase_if(parts.options.pieces, [](const Octets& piece) { return piece[0] == 82; });

  auto octets = parts.front;
  for (const auto& field : {parts.sname, parts.file, magic_cookie, joined(parts.options)})
    octets.insert(octets.end(), field.begin(), field.end());
  return octets;
}

/// How many options with that code the options field holds.
inline std::size_t count(const Octets& message, std::uint8_t code) {
  std::size_t number = 0;
  for (const auto& piece : Parts(message).options.pieces) number += piece[0] == code;
  return number;
}

/// The addresses in the options 54 of the options field.
inline std::vector<Octets> server_ids(const Octets& message) {
  std::vector<Octets> all;
  for (const auto& piece : Parts(message).options.pieces)
    if (piece[0] == 54 && piece.size() == 6) all.emplace_back(piece.begin() + 2, piece.end());
  return all;
}

}  // namespace relayspec::relay::fuzz::naive
