// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/octets.h"

#include <algorithm>

namespace relayspec::faulty {

void put16(Bytes& m, std::size_t i, std::uint16_t v) {
  m[i] = static_cast<std::uint8_t>(v >> 8);
  m[i + 1] = static_cast<std::uint8_t>(v);
}

void put32(Bytes& m, std::size_t i, std::uint32_t v) {
  put16(m, i, static_cast<std::uint16_t>(v >> 16));
  put16(m, i + 2, static_cast<std::uint16_t>(v));
}

namespace {

Walk walk_field(const Bytes& m, std::size_t from, std::size_t to) {
  Walk w;
  for (std::size_t i = from; i < to;) {
    if (m[i] == 255) {
      w.end = i;
      return w;
    }
    const std::size_t size = m[i] == 0 ? 1 : i + 1 < to ? 2U + m[i + 1] : 2;
    w.overruns = i + size > to;
    if (w.overruns) {
      w.overrunning = m[i];
      return w;
    }
    w.pieces.push_back({m[i], i, size});
    i += size;
  }
  return w;
}

std::optional<Piece> first_of(const Walk& w, std::uint8_t code) {
  for (const Piece& p : w.pieces) {
    if (p.code == code) return p;
  }
  return std::nullopt;
}

}  // namespace

Walk walk(const Bytes& m) {
  const bool options = m.size() >= at::options && get32(m, at::cookie) == 0x63'82'53'63;
  return options ? walk_field(m, at::options, m.size()) : Walk{};
}

std::optional<Piece> find(const Bytes& m, std::uint8_t code) { return first_of(walk(m), code); }

std::optional<Piece> find_anywhere(const Bytes& m, std::uint8_t code) {
  const Walk w = walk(m);
  if (const auto p = first_of(w, code)) return p;
  const auto o = first_of(w, overload);
  const std::uint8_t where = o && o->size == 3 ? m[o->from + 2] : 0;
  std::optional<Piece> p;
  if ((where & 1) != 0) p = first_of(walk_field(m, at::file, at::cookie), code);
  if (!p && (where & 2) != 0) p = first_of(walk_field(m, at::sname, at::file), code);
  return p;
}

std::vector<Piece> find_all(const Bytes& m, std::uint8_t code) {
  std::vector<Piece> all = walk(m).pieces;
  std::erase_if(all, [&](const Piece& p) { return p.code != code; });
  return all;
}

Bytes joined(const Bytes& m, std::uint8_t code) {
  Bytes data;
  for (const Piece& p : find_all(m, code)) {
    const auto from = m.begin() + static_cast<std::ptrdiff_t>(p.from);
    data.insert(data.end(), from + 2, from + static_cast<std::ptrdiff_t>(p.size));
  }
  return data;
}

void erase(Bytes& m, const std::vector<Piece>& pieces) {
  for (auto p = pieces.rbegin(); p != pieces.rend(); ++p) {
    const auto from = m.begin() + static_cast<std::ptrdiff_t>(p->from);
    m.erase(from, from + static_cast<std::ptrdiff_t>(p->size));
  }
}

void insert(Bytes& m, std::size_t where, const Bytes& what) {
  m.insert(m.begin() + static_cast<std::ptrdiff_t>(where), what.begin(), what.end());
}

void fill_up(Bytes& m) {
  if (walk(m).end) m.resize(std::max<std::size_t>(m.size(), 300));
}

std::optional<std::size_t> padding(const Bytes& m) {
  const auto end = walk(m).end;
  if (!end || *end + 1 == m.size()) return std::nullopt;
  const bool zeros = std::all_of(m.begin() + static_cast<std::ptrdiff_t>(*end) + 1, m.end(),
                                 [](std::uint8_t octet) { return octet == 0; });
  return zeros ? std::optional(*end + 1) : std::nullopt;
}

Address address_in(const Bytes& m, std::uint8_t code) {
  const auto p = find_anywhere(m, code);
  return p && p->size == 6 ? get32(m, p->from + 2) : 0;
}

void set_address(Bytes& m, std::uint8_t code, Address a) {
  if (const auto p = find_anywhere(m, code); p && p->size == 6) put32(m, p->from + 2, a);
}

std::uint8_t type_of(const Bytes& m) {
  const auto p = find(m, message_type);
  return p && p->size == 3 ? m[p->from + 2] : static_cast<std::uint8_t>(none);
}

}  // namespace relayspec::faulty
