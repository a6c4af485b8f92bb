// SPDX-License-Identifier: Apache-2.0
#include "relay/zero_source.h"

#include <linux/if_packet.h>
#include <netinet/in.h>

#include "relay/checksum.h"

namespace relayspec::relay {
namespace {

constexpr std::size_t udp_header = 8;

// Where the fields stand, in octets from the start of the IP header and of the UDP header.
namespace ip {
constexpr unsigned length_of_header = 0, total_length = 2, fragment = 6, protocol = 9, source = 12,
                   destination = 16;
}
namespace udp {
constexpr unsigned destination_port = 2, length = 4, checksum = 6;
}

std::size_t read16(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::size_t>(octets[at] << 8 | octets[at + 1]);
}

bool udp_checksum_fits(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> datagram) {
  if (read16(datagram, udp::checksum) == 0) return true;
  const auto addresses = packet.subspan(ip::source, 8);
  return checksum(sum(addresses) + IPPROTO_UDP + datagram.size() + sum(datagram)) == 0;
}

}  // namespace

std::vector<sock_filter> zero_source_filter() {
  constexpr auto type_of_packet = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
  constexpr std::uint32_t more_fragments_or_offset = 0x3fff, multicast = 0xe0000000;
  std::vector<sock_filter> program;
  const auto load = [&](int size, std::uint32_t at, int mode = BPF_ABS) {
    program.push_back(BPF_STMT(static_cast<std::uint16_t>(BPF_LD | size | mode), at));
  };
  // The jumps over what follows are counted once the program is complete.
  constexpr std::uint8_t out = 255;
  const auto require = [&](int comparison, std::uint32_t value) {
    program.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value, 0, out));
  };
  const auto refuse = [&](int comparison, std::uint32_t value) {
    program.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value, out, 0));
  };

  load(BPF_W, ip::source);
  require(BPF_JEQ, 0);
  load(BPF_B, ip::protocol);
  require(BPF_JEQ, IPPROTO_UDP);
  load(BPF_W, ip::destination);  // the kernel takes these
  refuse(BPF_JEQ, INADDR_BROADCAST);
  refuse(BPF_JEQ, INADDR_ANY);
  program.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0000000));
  refuse(BPF_JEQ, multicast);
  load(BPF_H, ip::fragment);
  refuse(BPF_JSET, more_fragments_or_offset);
  program.push_back(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, ip::length_of_header));
  load(BPF_H, udp::destination_port, BPF_IND);
  require(BPF_JEQ, 67);
  load(BPF_B, type_of_packet);
  refuse(BPF_JGT, PACKET_MULTICAST);  // a frame for another host, or the relay's own
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 0xffffffff));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 0));

  for (std::size_t at = 0; at < program.size(); ++at) {
    const auto to_end = static_cast<std::uint8_t>(program.size() - at - 2);
    if (program[at].jt == out) program[at].jt = to_end;
    if (program[at].jf == out) program[at].jf = to_end;
  }
  return program;
}

std::optional<Datagram> read_datagram(std::span<const std::uint8_t> packet, bool checksum_pending) {
  constexpr std::size_t shortest_header = 20;
  if (packet.size() < shortest_header || packet[0] >> 4 != 4) return {};
  const std::size_t header = (packet[0] & 0xfU) * 4U, total = read16(packet, ip::total_length);
  // Behind the datagram the link may have filled up the frame.
  if (header < shortest_header || total < header + udp_header || total > packet.size()) return {};
  if (checksum(sum(packet.first(header))) != 0) return {};

  const auto in_packet = packet.subspan(header, total - header);
  const auto length = read16(in_packet, udp::length);
  if (length < udp_header || length > in_packet.size()) return {};
  if (!checksum_pending && !udp_checksum_fits(packet, in_packet.first(length))) return {};
  const auto destination = read16(packet, ip::destination) << 16 | read16(packet, ip::destination + 2);
  return Datagram{{static_cast<std::uint32_t>(destination)}, header + udp_header, length - udp_header};
}

}  // namespace relayspec::relay
