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
    if (w.overruns) return w;
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
