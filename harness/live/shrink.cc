// SPDX-License-Identifier: Apache-2.0
#include "harness/live/shrink.h"

#include <algorithm>

#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"

namespace relayspec::live {

Stimulus shrink(Stimulus s, const std::function<bool(const Stimulus&)>& shows, std::size_t tries) {
  for (bool smaller = true; smaller && tries > 0;) {
    smaller = false;
    for (const Stimulus& candidate : simpler(s)) {
      if (tries == 0) break;
      --tries;
      if (!shows(candidate)) continue;
      s = candidate;
      smaller = true;
      break;
    }
  }
  return s;
}

namespace {

constexpr std::size_t fixed_fields = 236, type_end = 243, xid_at = 4, chaddr_at = 28, address_size = 6;

std::optional<Envelope> envelope_of(const Bytes& frame) {
  const auto d = decode_udp(frame);
  if (!d || d->payload.size() < fixed_fields) return std::nullopt;
  Envelope e{.eth_dst = d->eth_dst,
             .eth_src = d->eth_src,
             .ip_dst = d->ip_dst,
             .ip_src = d->ip_src,
             .ttl = d->ttl,
             .sport = d->sport,
             .dport = d->dport};
  // What is odd about its layers is not to be lost.
  return encode_udp(e, d->payload) == frame ? std::optional(e) : std::nullopt;
}

// What it is, and whose.
bool stays(std::size_t at) {
  constexpr std::size_t hops = 3;
  return at < hops || (at >= xid_at && at < xid_at + 4) ||
         (at >= chaddr_at && at < chaddr_at + address_size) || (at >= fixed_fields && at < type_end);
}

// Shorter by half of what is behind the cookie, then by a quarter.
void cut(Bytes& message, const std::function<bool(const Bytes&)>& shows) {
  for (std::size_t part = message.size() / 2; part > 0; part /= 2) {
    while (message.size() >= type_end + part) {
      const Bytes shorter(message.begin(), message.end() - static_cast<std::ptrdiff_t>(part));
      if (!shows(shorter)) break;
      message = shorter;
    }
  }
}

// Zeros in stretches of 64 octets, then of 16, of 4.
void blank(Bytes& message, const std::function<bool(const Bytes&)>& shows) {
  for (const std::size_t part : {64U, 16U, 4U}) {
    for (std::size_t at = 0; at < message.size(); at += part) {
      Bytes blanked = message;
      for (std::size_t i = at; i < std::min(at + part, blanked.size()); ++i)
        blanked[i] = stays(i) ? blanked[i] : std::uint8_t{0};
      if (blanked != message && shows(blanked)) message = blanked;
    }
  }
}

}  // namespace

Bytes shrink_octets(const Bytes& frame, const std::function<bool(const Bytes&)>& shows) {
  const auto envelope = envelope_of(frame);
  if (!envelope) return frame;
  Bytes message = decode_udp(frame)->payload;
  const auto in_frame = [&](const Bytes& octets) { return shows(encode_udp(*envelope, octets)); };
  cut(message, in_frame);
  blank(message, in_frame);
  return encode_udp(*envelope, message);
}

}  // namespace relayspec::live
