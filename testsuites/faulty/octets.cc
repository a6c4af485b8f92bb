#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

void put16(Bytes& m, std::size_t i, std::uint16_t v) {
  m[i] = static_cast<std::uint8_t>(v >> 8);
  m[i + 1] = static_cast<std::uint8_t>(v);
}

void put32(Bytes& m, std::size_t i, std::uint32_t v) {
  put16(m, i, static_cast<std::uint16_t>(v >> 16));
  put16(m, i + 2, static_cast<std::uint16_t>(v));
}

Walk walk(const Bytes& m) {
  Walk w;
  if (m.size() < at::options || get32(m, at::cookie) != 0x63'82'53'63) return w;
  for (std::size_t i = at::options; i < m.size();) {
    if (m[i] == 255) {
      w.end = i;
      return w;
    }
    const std::size_t size = m[i] == 0 ? 1 : i + 1 < m.size() ? 2U + m[i + 1] : 2;
    w.overruns = i + size > m.size();
    if (w.overruns) {
      w.overrunning = m[i];
      return w;
    }
    w.pieces.push_back({m[i], i, size});
    i += size;
  }
  return w;
}

std::optional<Piece> find(const Bytes& m, std::uint8_t code) {
  for (const Piece& p : walk(m).pieces) {
    if (p.code == code) return p;
  }
  return std::nullopt;
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

Address address_in(const Bytes& m, std::uint8_t code) {
  const auto p = find(m, code);
  return p && p->size == 6 ? get32(m, p->from + 2) : 0;
}

void set_address(Bytes& m, std::uint8_t code, Address a) {
  if (const auto p = find(m, code); p && p->size == 6) put32(m, p->from + 2, a);
}

std::uint8_t type_of(const Bytes& m) {
  const auto p = find(m, message_type);
  return p && p->size == 3 ? m[p->from + 2] : static_cast<std::uint8_t>(none);
}

}  // namespace relayspec::faulty
