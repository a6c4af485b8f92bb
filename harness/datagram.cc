// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/datagram.h"

#include <tins/tins.h>

#include <algorithm>
#include <stdexcept>

#include "harness/octets.h"

namespace relayspec {
namespace {

constexpr std::size_t ethernet_header = 14, udp_header = 8;

Checksum judge_udp(std::span<const std::uint8_t> ip, std::span<const std::uint8_t> udp) {
  if (read16(udp, 6) == 0) return Checksum::absent;
  // The pseudo header of RFC 768: both addresses, protocol, UDP length.
  const std::uint32_t pseudo =
      ones_complement_sum(ip.subspan(12, 8), 17 + static_cast<std::uint32_t>(udp.size()));
  return ones_complement_sum(udp, pseudo) == 0xffff ? Checksum::good : Checksum::bad;
}

}  // namespace

std::optional<Datagram> decode_udp(std::span<const std::uint8_t> frame) {
  try {
    const Tins::EthernetII eth(frame.data(), static_cast<std::uint32_t>(frame.size()));
    const auto* ip = eth.find_pdu<Tins::IP>();
    const auto* udp = eth.find_pdu<Tins::UDP>();
    if (ip == nullptr || udp == nullptr || eth.payload_type() != 0x0800 || ip->is_fragmented())
      return std::nullopt;
    // libtins is lenient about lengths; a datagram counts only if its lengths agree with one another.
    const auto packet = frame.subspan(ethernet_header);
    const std::size_t header = ip->head_len() * 4U;
    if (ip->tot_len() > packet.size() || ip->tot_len() < header + udp_header) return std::nullopt;
    const auto segment = packet.subspan(header, ip->tot_len() - header);
    const std::size_t length = read16(segment, 4);
    if (length < udp_header || length > segment.size()) return std::nullopt;

    Datagram d;
    d.eth_dst = eth.dst_addr();
    d.eth_src = eth.src_addr();
    d.ip_dst = ip->dst_addr();
    d.ip_src = ip->src_addr();
    d.ttl = ip->ttl();
    d.sport = udp->sport();
    d.dport = udp->dport();
    d.ip_checksum_good = ones_complement_sum(packet.first(header)) == 0xffff;
    d.udp_checksum = judge_udp(packet, segment.first(length));
    const auto payload = segment.subspan(udp_header, length - udp_header);
    d.payload.assign(payload.begin(), payload.end());
    return d;
  } catch (const Tins::exception_base&) {
    return std::nullopt;
  }
}

Bytes encode_udp(const Envelope& e, std::span<const std::uint8_t> payload) {
  if (!e.eth_dst || !e.eth_src || !e.ip_dst || !e.ip_src || !e.sport || !e.dport) {
    throw std::logic_error("an envelope lacks an address or a port");
  }
  Tins::IP ip(*e.ip_dst, *e.ip_src);
  ip.ttl(e.ttl.value_or(64));
  ip.id(0);
  ip.flags(Tins::IP::DONT_FRAGMENT);
  Tins::EthernetII eth = Tins::EthernetII(*e.eth_dst, *e.eth_src) / ip / Tins::UDP(*e.dport, *e.sport) /
                         Tins::RawPDU(payload.begin(), payload.end());
  Bytes frame = eth.serialize();
  // Ethernet's padding of short frames is not libtins' to add here: the datagram alone.
  frame.resize(ethernet_header + 20 + udp_header + payload.size());
  // Wrong lengths and checksums are written over what libtins made right.
  const auto write16 = [&](std::size_t at, std::uint16_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(value);
  };
  if (e.udp_length) write16(ethernet_header + 20 + 4, *e.udp_length);
  if (e.udp_checksum) write16(ethernet_header + 20 + 6, *e.udp_checksum);
  if (!e.slack.empty()) {
    frame.insert(frame.end(), e.slack.begin(), e.slack.end());
    const auto total = static_cast<std::uint16_t>(frame.size() - ethernet_header);
    frame = with_ip_total_length(std::move(frame), total);
  }
  if (e.ip_checksum) write16(ethernet_header + 10, *e.ip_checksum);
  frame.insert(frame.end(), e.trailer.begin(), e.trailer.end());
  return frame;
}

namespace {

void put16(Bytes& frame, std::size_t at, std::size_t value) {
  frame[at] = static_cast<std::uint8_t>(value >> 8);
  frame[at + 1] = static_cast<std::uint8_t>(value);
}

void make_ip_checksum_right(Bytes& frame) {
  put16(frame, ethernet_header + 10, 0);
  const std::size_t header = (frame[ethernet_header] & 0x0fU) * 4U;
  put16(frame, ethernet_header + 10,
        ~ones_complement_sum(std::span(frame).subspan(ethernet_header, header)) & 0xffff);
}

}  // namespace

std::vector<Bytes> fragments(const Bytes& frame, std::size_t octets) {
  constexpr std::size_t headers = ethernet_header + 20;
  std::vector<Bytes> all;
  for (std::size_t at = headers; at < frame.size(); at += octets) {
    const std::size_t end = std::min(at + octets, frame.size());
    Bytes part(frame.begin(), frame.begin() + headers);
    part.insert(part.end(), frame.begin() + static_cast<std::ptrdiff_t>(at),
                frame.begin() + static_cast<std::ptrdiff_t>(end));
    put16(part, ethernet_header + 2, part.size() - ethernet_header);
    put16(part, ethernet_header + 4, 0x5253);  // one identification for all, and no "don't fragment"
    put16(part, ethernet_header + 6, (at - headers) / 8 | (end < frame.size() ? 0x2000U : 0U));
    make_ip_checksum_right(part);
    all.push_back(std::move(part));
  }
  return all;
}

Bytes with_ip_options(Bytes frame, const Bytes& options) {
  frame.insert(frame.begin() + ethernet_header + 20, options.begin(), options.end());
  frame[ethernet_header] = static_cast<std::uint8_t>(0x40 | (20 + options.size()) / 4);
  put16(frame, ethernet_header + 2, frame.size() - ethernet_header);
  make_ip_checksum_right(frame);
  return frame;
}

Bytes with_ip_total_length(Bytes frame, std::uint16_t octets) {
  put16(frame, ethernet_header + 2, octets);
  make_ip_checksum_right(frame);
  return frame;
}

Bytes with_ip_octet(Bytes frame, std::size_t at, std::uint8_t value) {
  frame[ethernet_header + at] = value;
  make_ip_checksum_right(frame);
  return frame;
}

Bytes with_vlan_tag(Bytes frame, std::uint16_t vlan) {
  const Bytes tag{0x81, 0x00, static_cast<std::uint8_t>(vlan >> 8), static_cast<std::uint8_t>(vlan)};
  frame.insert(frame.begin() + 12, tag.begin(), tag.end());
  return frame;
}

}  // namespace relayspec
