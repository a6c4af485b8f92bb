// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/corrupt.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "testsuites/faulty/options.h"

namespace relayspec::faulty {
namespace {

template <std::size_t From, std::size_t Size>
void zero(Bytes& m) {
  std::fill_n(m.begin() + From, Size, std::uint8_t{0});
}

template <std::uint16_t Keep>
void mask_flags(Bytes& m) {
  put16(m, at::flags, get16(m, at::flags) & Keep);
}

template <std::size_t A, std::size_t B>
void swap_addresses(Bytes& m) {
  std::swap_ranges(m.begin() + A, m.begin() + A + 4, m.begin() + B);
}

void swap_xid(Bytes& m) { std::reverse(m.begin() + at::xid, m.begin() + at::xid + 4); }
void set_broadcast(Bytes& m) { m[at::flags] |= 0x80; }

void clear_chaddr_tail(Bytes& m) {
  if (m[at::hlen] < 16)
    std::fill(m.begin() + at::chaddr + m[at::hlen], m.begin() + at::sname, std::uint8_t{0});
}

// As strcpy would copy it.
template <std::size_t From, std::size_t To>
void trim_text(Bytes& m) {
  std::fill(std::find(m.begin() + From, m.begin() + To, 0), m.begin() + To, std::uint8_t{0});
}

void zero_behind_end(Bytes& m) {
  if (const auto end = walk(m).end)
    std::fill(m.begin() + static_cast<std::ptrdiff_t>(*end) + 1, m.end(), std::uint8_t{0});
}

void cut_behind_end(Bytes& m) {
  if (const auto end = walk(m).end) m.resize(*end + 1);
}

void drop_end(Bytes& m) {
  const auto end = walk(m).end;
  if (end) m[*end] = 0;
}

template <std::size_t Most>
void cut(Bytes& m) {
  m.resize(std::min(m.size(), Most));
}

// A buffer that is never cleared, and a length that never shrinks.
void leak_earlier(Bytes& m) {
  static Bytes buffer;
  if (buffer.size() < m.size()) buffer.resize(m.size());
  std::copy(m.begin(), m.end(), buffer.begin());
  m = buffer;
}

void add_octet(Bytes& m) { m.push_back(0xa5); }

void change_last_octet(Bytes& m) { m.back() ^= 0x01; }

template <std::uint8_t Code>
void drop(Bytes& m) {
  drop_option(m, Code);
}

template <std::uint8_t Code>
void repeat(Bytes& m) {
  double_option(m, Code);
}

template <std::uint8_t Code>
void change_option(Bytes& m) {
  if (const auto p = find(m, Code); p && p->size > 2) m[p->from + p->size - 1] ^= 0x01;
}

// The relay assumes that a field and an option have the same value, and copies one to the other.
template <std::uint8_t Code, std::size_t Field, std::size_t Size>
void copy_field_to_option(Bytes& m) {
  const auto p = find(m, Code);
  if (!p || std::all_of(m.begin() + Field, m.begin() + Field + Size, [](auto o) { return o == 0; })) return;
  std::copy_n(m.begin() + Field, std::min<std::size_t>(Size, p->size - 2),
              m.begin() + static_cast<std::ptrdiff_t>(p->from + 2));
}

template <std::uint8_t Code, std::size_t Field>
void copy_option_to_text(Bytes& m) {
  const auto p = find(m, Code);
  if (p && m[Field] != 0)
    std::copy_n(m.begin() + static_cast<std::ptrdiff_t>(p->from + 2), p->size - 2, m.begin() + Field);
}

void cut_padding(Bytes& m) {
  if (const auto from = padding(m)) m.resize(*from);
}

// A buffer that is never cleared: the padding holds the beginning of the message before this one.
void pad_with_earlier(Bytes& m) {
  static Bytes earlier;
  const Bytes now = m;
  if (const auto from = padding(m)) {
    const auto most = static_cast<std::ptrdiff_t>(std::min(earlier.size(), m.size() - *from));
    std::copy(earlier.begin(), earlier.begin() + most, m.begin() + static_cast<std::ptrdiff_t>(*from));
  }
  earlier = now;
}

template <std::uint8_t Op>
void set_op(Bytes& m) {
  m[at::op] = Op;
}

// For the sake of a checksum over pairs of octets.
void make_even(Bytes& m) {
  if (m.size() % 2 != 0) m.push_back(0);
}

void pad_to_multiple_of_4(Bytes& m) { m.resize((m.size() + 3) / 4 * 4); }

// A code that the vendor of the switch believed unused.
template <std::size_t At>
void zero_octet(Bytes& m) {
  m[At] = 0;
}

constexpr std::uint16_t broadcast = 0x8000;

/// What becomes of the octets, and the name without its direction.
struct Row {
  const char* name;
  void (*corrupt)(Bytes&);
};

constexpr Row in_both_directions[] = {
    {"xid-swapped", swap_xid},
    {"htype-zeroed", zero<at::htype, 1>},
    {"secs-zeroed", zero<at::secs, 2>},
    {"reserved-flags-cleared", mask_flags<broadcast>},
    {"broadcast-flag-cleared", mask_flags<0x7fff>},
    {"broadcast-flag-set", set_broadcast},
    {"ciaddr-zeroed", zero<at::ciaddr, 4>},
    {"siaddr-zeroed", zero<at::siaddr, 4>},
    {"chaddr-tail-cleared", clear_chaddr_tail},
    {"sname-trimmed", trim_text<at::sname, at::file>},
    {"file-trimmed", trim_text<at::file, at::cookie>},
    {"sname-zeroed", zero<at::sname, 64>},
    {"file-zeroed", zero<at::file, 128>},
    {"options-sorted", sort_options},
    {"pads-dropped", drop_pads},
    {"unknown-options-dropped", drop_unknown},
    {"repeated-options-dropped", drop_repeated},
    {"behind-end-zeroed", zero_behind_end},
    {"behind-end-cut", cut_behind_end},
    {"end-dropped", drop_end},
    {"cut-at-300", cut<300>},
    {"cut-at-548", cut<548>},
    {"cut-at-576", cut<576>},
    {"cut-at-1024", cut<1024>},
    {"stale-octets", leak_earlier},
    {"octet-added", add_octet},
    {"last-octet-changed", change_last_octet},
    {"cut-at-1400", cut<1400>},
    {"hlen-zeroed", zero<at::hlen, 1>},
    {"overload-dropped", drop<52>},
    {"chaddr-last-octet-zeroed", zero_octet<at::sname - 1>},
    {"sname-last-octet-zeroed", zero_octet<at::file - 1>},
    {"file-last-octet-zeroed", zero_octet<at::cookie - 1>},
    {"last-flags-octet-zeroed", zero_octet<at::flags + 1>},
    {"secs-high-octet-zeroed", zero_octet<at::secs>},
    {"made-even", make_even},
    {"padded-to-4", pad_to_multiple_of_4},
    {"repeated-options-joined", join_repeated},
    {"option-118-dropped", drop<118>},
    {"cut-at-590", cut<590>},
    {"cut-at-1472", cut<1472>},
    {"option-60-added", add_vendor_class},
    {"last-option-first", put_last_option_first},
    {"padding-cut", cut_padding},
    {"padding-of-earlier-octets", pad_with_earlier},
};
constexpr Row in_requests[] = {
    {"yiaddr-zeroed", zero<at::yiaddr, 4>},
    {"ciaddr-yiaddr-swapped", swap_addresses<at::ciaddr, at::yiaddr>},
    {"client-id-changed", change_option<61>},
    {"parameter-list-changed", change_option<55>},
    {"op-is-reply", set_op<2>},
    {"cookie-zeroed", zero<at::cookie, 4>},
    {"option-55-dropped", drop<55>},
    {"option-61-dropped", drop<61>},
    {"option-55-doubled", repeat<55>},
    {"option-50-from-ciaddr", copy_field_to_option<50, at::ciaddr, 4>},
};
constexpr Row in_replies[] = {
    {"hops-zeroed", zero<at::hops, 1>},
    {"giaddr-zeroed", zero<at::giaddr, 4>},
    {"yiaddr-siaddr-swapped", swap_addresses<at::yiaddr, at::siaddr>},
    {"lease-time-changed", change_option<51>},
    {"op-is-request", set_op<1>},
    {"option-1-dropped", drop<1>},
    {"option-51-dropped", drop<51>},
    {"option-51-doubled", repeat<51>},
    {"file-from-option-67", copy_option_to_text<67, at::file>},
};

std::vector<Corruption> every_one() {
  std::vector<Corruption> all;
  const auto add = [&all](std::span<const Row> rows, Way way) {
    for (const Row& r : rows)
      all.push_back({std::string(way == Way::up ? "request-" : "reply-") + r.name, way, r.corrupt});
  };
  add(in_both_directions, Way::up);
  add(in_requests, Way::up);
  add(in_both_directions, Way::down);
  add(in_replies, Way::down);
  return all;
}

}  // namespace

std::span<const Corruption> corruptions() {
  static const std::vector<Corruption> all = every_one();
  return all;
}

}  // namespace relayspec::faulty
