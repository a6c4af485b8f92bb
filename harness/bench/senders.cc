// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/senders.h"

#include <algorithm>

namespace relayspec {
namespace {

// As long as the headers of link, IP and UDP say they are.
std::size_t message_offset(const Bytes& frame) {
  constexpr std::size_t plain = 42, link = 14, tag = 4, udp = 8;
  if (frame.size() < plain) return frame.size();
  const std::size_t ip = link + (frame[12] == 0x81 && frame[13] == 0 ? tag : 0);
  return std::min<std::size_t>(frame.size(), ip + 4U * (frame[ip] & 0x0f) + udp);
}

// How many octets of what was sent have come out again, hops counted up.
std::size_t common_octets(std::span<const std::uint8_t> sent, std::span<const std::uint8_t> came) {
  constexpr std::size_t hops = 3;
  std::size_t alike = 0;
  for (std::size_t i = 0; i < std::min(sent.size(), came.size()); ++i)
    alike += sent[i] == came[i] || (i == hops && sent[0] == boot_request && sent[i] + 1 == came[i]);
  return alike;
}

}  // namespace

std::span<const std::uint8_t> message_in(const Bytes& frame) {
  return std::span(frame).subspan(message_offset(frame));
}

bool is_request(const Sighting& s) { return dhcp4::is_request(s.segment, dhcp4::datagram_of(s).payload); }

bool is_request(const TestBed::Sender& s) {
  const auto message = message_in(s.frame);
  if (!message.empty() && (message[0] == boot_request || message[0] == boot_reply))
    return message[0] == boot_request;
  return s.segment != Segment::uplink;
}

const TestBed::Sender* last_sent(const std::vector<TestBed::Sender>& all, std::uint32_t xid, bool request) {
  const auto sent = std::find_if(all.rbegin(), all.rend(), [&](const TestBed::Sender& s) {
    return is_request(s) == request && xid_of(message_in(s.frame)) == xid;
  });
  return sent == all.rend() ? nullptr : &*sent;
}

const TestBed::Sender* most_alike(const std::vector<TestBed::Sender>& all, const Sighting& s) {
  const Bytes& message = dhcp4::datagram_of(s).payload;
  const TestBed::Sender* best = nullptr;
  std::size_t most = 0;
  for (const TestBed::Sender& sent : all) {
    const auto octets = message_in(sent.frame);
    if (xid_of(octets) != s.key || is_request(sent) != is_request(s)) continue;
    const std::size_t alike = common_octets(octets, message);
    if (!best || alike >= most) {
      best = &sent;
      most = alike;
    }
  }
  return best;
}

}  // namespace relayspec
