// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/tap.h"
#include "harness/octets.h"

namespace relayspec {
namespace {

constexpr std::size_t ethernet_size = 14;

}  // namespace

// RFC 768 and RFC 9293, section 3.1: the one's complement sum over addresses, protocol, length, header and
// data.
bool complete_checksum(Bytes& frame) {
  if (frame.size() < ethernet_size + 20 || read16(frame, 12) != 0x0800) return false;
  const std::span<std::uint8_t> ip = std::span(frame).subspan(ethernet_size);
  const std::size_t header = (ip[0] & 0x0fU) * 4U, total = read16(ip, 2);
  const bool fragment = (read16(ip, 6) & 0x3fffU) != 0;
  if (ip[0] >> 4 != 4 || header < 20 || total < header || total > ip.size() || fragment) return false;

  const bool udp = ip[9] == 17, tcp = ip[9] == 6;
  const std::span<std::uint8_t> segment = ip.subspan(header, total - header);
  if (!(udp && segment.size() >= 8) && !(tcp && segment.size() >= 20)) return false;

  const std::size_t field = udp ? 6 : 16;
  segment[field] = segment[field + 1] = 0;
  const std::uint32_t pseudo =
      ones_complement_sum(ip.subspan(12, 8), ip[9] + static_cast<std::uint32_t>(segment.size()));
  std::uint32_t checksum = ~ones_complement_sum(segment, pseudo) & 0xffff;
  if (udp && checksum == 0) checksum = 0xffff;  // zero would say: no checksum
  segment[field] = static_cast<std::uint8_t>(checksum >> 8);
  segment[field + 1] = static_cast<std::uint8_t>(checksum);
  return true;
}

std::optional<std::size_t> open_checksum(Bytes& frame) {
  Bytes whole = frame;
  constexpr std::size_t protocol = ethernet_size + 9;
  if (frame.size() <= protocol || frame[protocol] != 17 || !complete_checksum(whole) || whole != frame)
    return std::nullopt;
  const std::size_t udp = ethernet_size + (frame[ethernet_size] & 0x0fU) * 4U;
  const std::uint32_t pseudo =
      ones_complement_sum(std::span(frame).subspan(ethernet_size + 12, 8), 17U + read16(frame, udp + 4));
  frame[udp + 6] = static_cast<std::uint8_t>(pseudo >> 8);
  frame[udp + 7] = static_cast<std::uint8_t>(pseudo);
  return udp;
}

}  // namespace relayspec
