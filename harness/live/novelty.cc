// SPDX-License-Identifier: Apache-2.0
#include "harness/live/novelty.h"

#include "harness/dhcp4/protocol.h"

namespace relayspec::live {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t most_kept = 4096;

/// FNV-1a.
class Hash {
 public:
  void add(std::uint64_t value) { state_ = (state_ ^ value) * 0x100000001b3U; }
  void add(const std::string& text) {
    for (const char c : text) add(static_cast<std::uint8_t>(c));
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

// op, htype, hlen, hops, xid, secs, flags, the four addresses, chaddr, sname, file.
constexpr std::size_t field_ends[] = {1, 2, 3, 4, 8, 10, 12, 16, 20, 24, 28, 44, 108, 236};

void add_changes(Hash& h, Octets sent, Octets got) {
  for (std::size_t i = 0, from = 0; i < std::size(field_ends); from = field_ends[i++]) {
    const std::size_t to = field_ends[i];
    if (to > sent.size() || to > got.size()) return;
    h.add(std::equal(sent.begin() + static_cast<std::ptrdiff_t>(from),
                     sent.begin() + static_cast<std::ptrdiff_t>(to),
                     got.begin() + static_cast<std::ptrdiff_t>(from))
              ? 0
              : 1 + i);
  }
}

void add_options(Hash& h, Octets message) {
  constexpr std::size_t options_at = 240;
  for (std::size_t at = options_at; at < message.size();) {
    const std::uint8_t c = message[at];
    h.add(c);
    if (c == code::end) return;
    at += c == code::pad || at + 1 == message.size() ? 1U : 2U + message[at + 1];
  }
}

}  // namespace

void Novelty::note(const std::string& settings, const Stimulus& s, const Answer& a) {
  Hash h;
  h.add(settings);
  h.add(static_cast<std::uint64_t>(s.base));
  h.add(static_cast<std::uint64_t>(a.end));
  const auto sent = decode_udp(a.sent);
  for (const Sighting& out : a.out) {
    h.add(1 + index(out.segment));
    if (!out.whole()) continue;
    const Bytes& got = dhcp4::datagram_of(out).payload;
    if (sent) add_changes(h, sent->payload, got);
    add_options(h, got);
    h.add(sent ? got.size() - sent->payload.size() : 0);
  }
  if (kinds_.insert(h.value()).second) keep(s);
}

void Novelty::keep(const Stimulus& s) {
  if (pool_.size() < most_kept) pool_.push_back(s);
}

}  // namespace relayspec::live
