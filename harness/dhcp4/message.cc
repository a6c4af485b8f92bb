// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/message.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace relayspec {
namespace {

constexpr Field fields[] = {
    {"op", 0, 1},      {"htype", 1, 1},    {"hlen", 2, 1},    {"hops", 3, 1},     {"xid", 4, 4},
    {"secs", 8, 2},    {"flags", 10, 2},   {"ciaddr", 12, 4}, {"yiaddr", 16, 4},  {"siaddr", 20, 4},
    {"giaddr", 24, 4}, {"chaddr", 28, 16}, {"sname", 44, 64}, {"file", 108, 128}, {"cookie", 236, 4},
};

const Bytes standard_cookie = {99, 130, 83, 99};  // RFC 2131 section 3
constexpr std::size_t smallest_bootp = 300;       // RFC 1542 section 2.1

void put(Bytes& to, std::uint32_t value, int octets) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put(Bytes& to, Ipv4 a) {
  const std::uint32_t network_order = a;  // libtins keeps it so
  const auto* octets = reinterpret_cast<const std::uint8_t*>(&network_order);
  to.insert(to.end(), octets, octets + 4);
}

Ipv4 address_at(std::span<const std::uint8_t> octets, std::size_t at) {
  std::uint32_t network_order = 0;  // as libtins takes it
  std::memcpy(&network_order, &octets[at], sizeof network_order);
  return Ipv4(network_order);
}

void put(Bytes& to, const std::optional<Bytes>& value, std::size_t width) {
  const std::size_t have = value ? value->size() : 0;
  if (have > width) throw std::logic_error("a field of a message is longer than its place");
  if (value) to.insert(to.end(), value->begin(), value->end());
  to.resize(to.size() + width - have);
}

template <class T>
void override_with(std::optional<T>& mine, const std::optional<T>& theirs) {
  if (theirs) mine = theirs;
}

}  // namespace

std::uint8_t code_of(const Option& o) { return o.wire.empty() ? code::pad : o.wire[0]; }

namespace option {

// RFC 3396 section 5: what one instance cannot hold goes on in the next.
Option of(std::uint8_t code, const Bytes& data) {
  constexpr std::size_t most = 255;
  Bytes wire;
  for (std::size_t from = 0; from == 0 || from < data.size(); from += most) {
    const auto part = std::span(data).subspan(from, std::min(most, data.size() - from));
    wire.insert(wire.end(), {code, static_cast<std::uint8_t>(part.size())});
    wire.insert(wire.end(), part.begin(), part.end());
  }
  return {std::move(wire)};
}

Option text(std::uint8_t code, std::string_view s) { return of(code, Bytes(s.begin(), s.end())); }

Option address(std::uint8_t code, Ipv4 a) {
  Bytes data;
  put(data, a);
  return of(code, data);
}

Option number(std::uint8_t code, std::uint8_t n) { return of(code, {n}); }

Option number16(std::uint8_t code, std::uint16_t n) {
  Bytes data;
  put(data, n, 2);
  return of(code, data);
}

Option number32(std::uint8_t code, std::uint32_t n) {
  Bytes data;
  put(data, n, 4);
  return of(code, data);
}

Option type(Type t) { return number(code::message_type, static_cast<std::uint8_t>(t)); }
Option pads(std::size_t n) { return {Bytes(n, code::pad)}; }
Option raw(Bytes octets) { return {std::move(octets)}; }

}  // namespace option

Bytes octets_of(Ipv4 a) {
  Bytes octets;
  put(octets, a);
  return octets;
}

Message Message::with(const Message& over) const {
  Message m = *this;
  override_with(m.op, over.op);
  override_with(m.htype, over.htype);
  override_with(m.hlen, over.hlen);
  override_with(m.hops, over.hops);
  override_with(m.xid, over.xid);
  override_with(m.secs, over.secs);
  override_with(m.flags, over.flags);
  override_with(m.ciaddr, over.ciaddr);
  override_with(m.yiaddr, over.yiaddr);
  override_with(m.siaddr, over.siaddr);
  override_with(m.giaddr, over.giaddr);
  override_with(m.chaddr, over.chaddr);
  override_with(m.sname, over.sname);
  override_with(m.file, over.file);
  override_with(m.cookie, over.cookie);
  override_with(m.options, over.options);
  override_with(m.tail, over.tail);
  return m;
}

Message Message::plus(Option o) const {
  Message m = *this;
  if (!m.options) m.options.emplace();
  m.options->push_back(std::move(o));
  return m;
}

Bytes encode(const Message& m) {
  Bytes out;
  out.reserve(smallest_bootp);
  out.push_back(m.op.value_or(boot_request));
  out.push_back(m.htype.value_or(1));
  out.push_back(m.hlen.value_or(6));
  out.push_back(m.hops.value_or(0));
  put(out, m.xid.value_or(0), 4);
  put(out, m.secs.value_or(0), 2);
  put(out, m.flags.value_or(0), 2);
  for (const auto& address : {m.ciaddr, m.yiaddr, m.siaddr, m.giaddr}) put(out, address.value_or(Ipv4()));
  put(out, m.chaddr, 16);
  put(out, m.sname, 64);
  put(out, m.file, 128);
  const Bytes& cookie = m.cookie ? *m.cookie : standard_cookie;
  out.insert(out.end(), cookie.begin(), cookie.end());
  if (m.options) {
    for (const Option& o : *m.options) out.insert(out.end(), o.wire.begin(), o.wire.end());
  }
  if (m.tail) {
    out.insert(out.end(), m.tail->begin(), m.tail->end());
  } else {
    out.push_back(code::end);
    out.resize(std::max(out.size(), smallest_bootp));
  }
  return out;
}

std::span<const Field> fixed_fields() { return fields; }

namespace {

bool has_options(std::span<const std::uint8_t> m) {
  return m.size() >= options_offset &&
         std::equal(standard_cookie.begin(), standard_cookie.end(), m.begin() + 236);
}

// Calls take(octets) for each option and each run of PADs, cut off where the message ends; returns where END
// stands, or the message's end.
template <class Take>
std::size_t for_each_option(std::span<const std::uint8_t> m, Take take) {
  std::size_t at = options_offset;
  while (at < m.size() && m[at] != code::end) {
    std::size_t next = at + 1;
    if (m[at] == code::pad) {
      while (next < m.size() && m[next] == code::pad) ++next;
    } else if (next < m.size()) {
      next = std::min(m.size(), at + 2 + m[at + 1]);
    }
    take(m.subspan(at, next - at));
    at = next;
  }
  return at;
}

}  // namespace

std::optional<OptionsArea> options_of(std::span<const std::uint8_t> m) {
  if (!has_options(m)) return std::nullopt;
  OptionsArea area;
  constexpr std::size_t usual = 16;
  area.elements.reserve(usual);
  const std::size_t end = for_each_option(m, [&](std::span<const std::uint8_t> octets) {
    area.elements.push_back({Bytes(octets.begin(), octets.end())});
  });
  if (end < m.size()) {
    area.end = end;
    area.tail.assign(m.begin() + static_cast<std::ptrdiff_t>(end), m.end());
  }
  return area;
}

Message decode(std::span<const std::uint8_t> m) {
  if (m.size() < 236) throw std::logic_error("a message is too short to be decoded");
  const auto octets = [&](std::size_t from, std::size_t n) {
    return Bytes(m.begin() + static_cast<std::ptrdiff_t>(from),
                 m.begin() + static_cast<std::ptrdiff_t>(std::min(from + n, m.size())));
  };
  const auto number16 = [&](std::size_t at) { return static_cast<std::uint16_t>(m[at] << 8 | m[at + 1]); };
  const auto address = [&](std::size_t at) { return address_at(m, at); };
  Message out{.op = m[0], .htype = m[1], .hlen = m[2], .hops = m[3], .xid = xid_of(m)};
  out.secs = number16(8);
  out.flags = number16(10);
  out.ciaddr = address(12);
  out.yiaddr = address(16);
  out.siaddr = address(20);
  out.giaddr = address(24);
  out.chaddr = octets(28, 16);
  out.sname = octets(44, 64);
  out.file = octets(108, 128);
  out.cookie = octets(236, 4);
  if (auto area = options_of(m)) {
    out.options = std::move(area->elements);
    out.tail = std::move(area->tail);
  } else {
    out.options = std::vector<Option>{};
    if (m.size() > options_offset) out.options->push_back(option::raw(octets(options_offset, m.size())));
    out.tail = Bytes{};
  }
  return out;
}

std::optional<Bytes> find_option(std::span<const std::uint8_t> m, std::uint8_t wanted) {
  std::optional<Bytes> found;
  if (!has_options(m) || wanted == code::pad) return found;
  for_each_option(m, [&](std::span<const std::uint8_t> octets) {
    if (octets[0] != wanted || octets.size() < 2) return;
    if (!found) found.emplace();
    found->insert(found->end(), octets.begin() + 2, octets.end());
  });
  return found;
}

std::optional<std::uint32_t> xid_of(std::span<const std::uint8_t> m) {
  if (m.size() < 8) return std::nullopt;
  return static_cast<std::uint32_t>(m[4]) << 24 | static_cast<std::uint32_t>(m[5]) << 16 |
         static_cast<std::uint32_t>(m[6]) << 8 | m[7];
}

std::optional<Ipv4> giaddr_of(std::span<const std::uint8_t> m) {
  if (m.size() < 28) return std::nullopt;
  return address_at(m, 24);
}

}  // namespace relayspec
