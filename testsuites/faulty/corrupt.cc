// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/corrupt.h"

#include <algorithm>
#include <utility>

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

constexpr Corruption all[] = {
    {"request-xid-swapped", Way::up, swap_xid},
    {"request-htype-zeroed", Way::up, zero<at::htype, 1>},
    {"request-secs-zeroed", Way::up, zero<at::secs, 2>},
    {"request-reserved-flags-cleared", Way::up, mask_flags<broadcast>},
    {"request-broadcast-flag-cleared", Way::up, mask_flags<0x7fff>},
    {"request-broadcast-flag-set", Way::up, set_broadcast},
    {"request-ciaddr-zeroed", Way::up, zero<at::ciaddr, 4>},
    {"request-yiaddr-zeroed", Way::up, zero<at::yiaddr, 4>},
    {"request-siaddr-zeroed", Way::up, zero<at::siaddr, 4>},
    {"request-ciaddr-yiaddr-swapped", Way::up, swap_addresses<at::ciaddr, at::yiaddr>},
    {"request-chaddr-tail-cleared", Way::up, clear_chaddr_tail},
    {"request-sname-trimmed", Way::up, trim_text<at::sname, at::file>},
    {"request-file-trimmed", Way::up, trim_text<at::file, at::cookie>},
    {"request-sname-zeroed", Way::up, zero<at::sname, 64>},
    {"request-file-zeroed", Way::up, zero<at::file, 128>},
    {"request-options-sorted", Way::up, sort_options},
    {"request-pads-dropped", Way::up, drop_pads},
    {"request-unknown-options-dropped", Way::up, drop_unknown},
    {"request-repeated-options-dropped", Way::up, drop_repeated},
    {"request-client-id-changed", Way::up, change_option<61>},
    {"request-parameter-list-changed", Way::up, change_option<55>},
    {"request-behind-end-zeroed", Way::up, zero_behind_end},
    {"request-behind-end-cut", Way::up, cut_behind_end},
    {"request-end-dropped", Way::up, drop_end},
    {"request-cut-at-300", Way::up, cut<300>},
    {"request-cut-at-548", Way::up, cut<548>},
    {"request-cut-at-576", Way::up, cut<576>},
    {"request-cut-at-1024", Way::up, cut<1024>},
    {"request-stale-octets", Way::up, leak_earlier},
    {"request-octet-added", Way::up, add_octet},
    {"request-last-octet-changed", Way::up, change_last_octet},
    {"request-cut-at-1400", Way::up, cut<1400>},
    {"request-hlen-zeroed", Way::up, zero<at::hlen, 1>},
    {"request-op-is-reply", Way::up, set_op<2>},
    {"request-overload-dropped", Way::up, drop<52>},
    {"request-cookie-zeroed", Way::up, zero<at::cookie, 4>},
    {"request-chaddr-last-octet-zeroed", Way::up, zero_octet<at::sname - 1>},
    {"request-sname-last-octet-zeroed", Way::up, zero_octet<at::file - 1>},
    {"request-file-last-octet-zeroed", Way::up, zero_octet<at::cookie - 1>},
    {"request-last-flags-octet-zeroed", Way::up, zero_octet<at::flags + 1>},
    {"request-secs-high-octet-zeroed", Way::up, zero_octet<at::secs>},
    {"request-made-even", Way::up, make_even},
    {"request-padded-to-4", Way::up, pad_to_multiple_of_4},
    {"request-repeated-options-joined", Way::up, join_repeated},
    {"request-option-118-dropped", Way::up, drop<118>},
    {"request-cut-at-590", Way::up, cut<590>},
    {"request-cut-at-1472", Way::up, cut<1472>},
    {"request-option-55-dropped", Way::up, drop<55>},
    {"request-option-61-dropped", Way::up, drop<61>},
    {"request-option-55-doubled", Way::up, repeat<55>},
    {"request-option-60-added", Way::up, add_vendor_class},
    {"request-last-option-first", Way::up, put_last_option_first},
    {"request-padding-cut", Way::up, cut_padding},
    {"request-padding-of-earlier-octets", Way::up, pad_with_earlier},
    {"reply-hops-zeroed", Way::down, zero<at::hops, 1>},
    {"reply-xid-swapped", Way::down, swap_xid},
    {"reply-secs-zeroed", Way::down, zero<at::secs, 2>},
    {"reply-reserved-flags-cleared", Way::down, mask_flags<broadcast>},
    {"reply-broadcast-flag-cleared", Way::down, mask_flags<0x7fff>},
    {"reply-broadcast-flag-set", Way::down, set_broadcast},
    {"reply-ciaddr-zeroed", Way::down, zero<at::ciaddr, 4>},
    {"reply-siaddr-zeroed", Way::down, zero<at::siaddr, 4>},
    {"reply-giaddr-zeroed", Way::down, zero<at::giaddr, 4>},
    {"reply-yiaddr-siaddr-swapped", Way::down, swap_addresses<at::yiaddr, at::siaddr>},
    {"reply-chaddr-tail-cleared", Way::down, clear_chaddr_tail},
    {"reply-sname-trimmed", Way::down, trim_text<at::sname, at::file>},
    {"reply-file-trimmed", Way::down, trim_text<at::file, at::cookie>},
    {"reply-options-sorted", Way::down, sort_options},
    {"reply-pads-dropped", Way::down, drop_pads},
    {"reply-unknown-options-dropped", Way::down, drop_unknown},
    {"reply-repeated-options-dropped", Way::down, drop_repeated},
    {"reply-lease-time-changed", Way::down, change_option<51>},
    {"reply-behind-end-zeroed", Way::down, zero_behind_end},
    {"reply-behind-end-cut", Way::down, cut_behind_end},
    {"reply-cut-at-300", Way::down, cut<300>},
    {"reply-cut-at-548", Way::down, cut<548>},
    {"reply-cut-at-576", Way::down, cut<576>},
    {"reply-cut-at-1024", Way::down, cut<1024>},
    {"reply-stale-octets", Way::down, leak_earlier},
    {"reply-cut-at-1400", Way::down, cut<1400>},
    {"reply-op-is-request", Way::down, set_op<1>},
    {"reply-overload-dropped", Way::down, drop<52>},
    {"reply-octet-added", Way::down, add_octet},
    {"reply-end-dropped", Way::down, drop_end},
    {"reply-sname-zeroed", Way::down, zero<at::sname, 64>},
    {"reply-file-zeroed", Way::down, zero<at::file, 128>},
    {"reply-last-octet-changed", Way::down, change_last_octet},
    {"reply-htype-zeroed", Way::down, zero<at::htype, 1>},
    {"reply-hlen-zeroed", Way::down, zero<at::hlen, 1>},
    {"reply-chaddr-last-octet-zeroed", Way::down, zero_octet<at::sname - 1>},
    {"reply-sname-last-octet-zeroed", Way::down, zero_octet<at::file - 1>},
    {"reply-file-last-octet-zeroed", Way::down, zero_octet<at::cookie - 1>},
    {"reply-last-flags-octet-zeroed", Way::down, zero_octet<at::flags + 1>},
    {"reply-secs-high-octet-zeroed", Way::down, zero_octet<at::secs>},
    {"reply-made-even", Way::down, make_even},
    {"reply-padded-to-4", Way::down, pad_to_multiple_of_4},
    {"reply-repeated-options-joined", Way::down, join_repeated},
    {"reply-option-118-dropped", Way::down, drop<118>},
    {"reply-cut-at-590", Way::down, cut<590>},
    {"reply-cut-at-1472", Way::down, cut<1472>},
    {"reply-option-1-dropped", Way::down, drop<1>},
    {"reply-option-51-dropped", Way::down, drop<51>},
    {"reply-option-51-doubled", Way::down, repeat<51>},
    {"reply-option-60-added", Way::down, add_vendor_class},
    {"reply-last-option-first", Way::down, put_last_option_first},
    {"reply-padding-cut", Way::down, cut_padding},
    {"reply-padding-of-earlier-octets", Way::down, pad_with_earlier},
};

}  // namespace

std::span<const Corruption> corruptions() { return all; }

}  // namespace relayspec::faulty
