#include "harness/lab/tap.h"

namespace relayspec {
namespace {

constexpr std::size_t ethernet_size = 14;

std::uint32_t sum16(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
  return sum;
}

std::size_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::size_t>(bytes[at] << 8 | bytes[at + 1]);
}

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
  std::uint32_t sum =
      sum16(ip.subspan(12, 8)) + ip[9] + static_cast<std::uint32_t>(segment.size()) + sum16(segment);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  std::uint32_t checksum = ~sum & 0xffff;
  if (udp && checksum == 0) checksum = 0xffff;  // zero would say: no checksum
  segment[field] = static_cast<std::uint8_t>(checksum >> 8);
  segment[field + 1] = static_cast<std::uint8_t>(checksum);
  return true;
}

}  // namespace relayspec
