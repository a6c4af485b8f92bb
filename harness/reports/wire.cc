// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/wire.h"

#include <fmt/format.h>

#include <algorithm>

#include "relayspec/harness/message.h"

namespace relayspec {

namespace {

constexpr std::size_t ethernet_header = 14;

std::uint16_t number16(const Bytes& b, std::size_t at) {
  return b.size() < at + 2 ? 0 : static_cast<std::uint16_t>(b[at] << 8 | b[at + 1]);
}

std::string link_address(const Bytes& frame, std::size_t at) {
  std::string text;
  for (std::size_t i = at; i < std::min(at + 6, frame.size()); ++i)
    text += fmt::format("{}{:02x}", i == at ? "" : ":", frame[i]);
  return text;
}

std::string ipv4_title(const Bytes& frame) {
  constexpr std::size_t fragment = ethernet_header + 6, protocol = ethernet_header + 9;
  if (frame.size() < ethernet_header + 20) return "IPv4, cut off";
  if ((number16(frame, fragment) & 0x3fff) != 0) return "IPv4 fragment";
  const std::size_t payload = ethernet_header + 4U * (frame[ethernet_header] & 0x0f);
  if (frame[protocol] == 1 && frame.size() > payload) return fmt::format("ICMP type {}", frame[payload]);
  return frame[protocol] == 17 ? "UDP" : fmt::format("IPv4, protocol {}", frame[protocol]);
}

}  // namespace

std::string frame_title(const Frame& f) {
  if (const auto datagram = decode_udp(f.bytes)) {
    const auto is_bootp = [](std::uint16_t port) { return port == 67 || port == 68; };
    if (!is_bootp(datagram->dport) && !is_bootp(datagram->sport))
      return fmt::format("UDP to port {}", datagram->dport);
    const std::string type = type_name(datagram->payload);
    return type.empty() ? fmt::format("{} octets, too few for BOOTP", datagram->payload.size()) : type;
  }
  switch (number16(f.bytes, 12)) {
    case 0x0806:
      return number16(f.bytes, 20) == 1 ? "ARP request" : "ARP reply";
    case 0x0800:
      return ipv4_title(f.bytes);
    case 0x86dd:
      return "IPv6";
    default:
      return fmt::format("EtherType 0x{:04x}", number16(f.bytes, 12));
  }
}

std::string frame_addresses(const Frame& f) {
  const auto d = decode_udp(f.bytes);
  if (!d) return fmt::format("{} → {}", link_address(f.bytes, 6), link_address(f.bytes, 0));
  return fmt::format("{}:{} → {}:{} at {}", d->ip_src.to_string(), d->sport, d->ip_dst.to_string(), d->dport,
                     d->eth_dst.is_broadcast() ? "broadcast" : d->eth_dst.to_string());
}

const Frame* sent_before(const std::vector<Frame>& frames, const Bytes& message,
                         std::chrono::nanoseconds time) {
  const auto xid = xid_of(message);
  const auto is_it = [&](const Frame& f) {
    if (f.origin != Origin::harness || (time.count() != 0 && f.time > time)) return false;
    const auto sent = decode_udp(f.bytes);
    return sent && xid && xid_of(sent->payload) == xid && sent->payload[0] == message[0];
  };
  const auto found = std::find_if(frames.rbegin(), frames.rend(), is_it);
  return found == frames.rend() ? nullptr : &*found;
}

const Frame* frame_of(const Exhibit& e, const std::vector<Frame>& frames) {
  if (e.time.count() == 0) return nullptr;
  const auto found = std::find_if(frames.begin(), frames.end(), [&](const Frame& f) {
    return f.time == e.time && f.segment == e.segment && f.origin == Origin::relay;
  });
  return found == frames.end() ? nullptr : &*found;
}

}  // namespace relayspec
