// SPDX-License-Identifier: Apache-2.0
#include "relay/link_broadcast_filter.h"

#include <linux/if_packet.h>

#include <algorithm>
#include <set>

namespace relayspec::relay {
namespace {

constexpr auto packet_type = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE),
               ip_destination = static_cast<std::uint32_t>(SKF_NET_OFF + 16);

constexpr std::uint32_t pass = 0xffffffff, drop = 0;

void append(std::vector<sock_filter>& program, std::initializer_list<sock_filter> instructions) {
  program.insert(program.end(), instructions);
}

// If what is loaded equals `value`, that is the end.
void if_equal(std::vector<sock_filter>& program, std::uint32_t value, std::uint32_t verdict) {
  append(program, {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1), BPF_STMT(BPF_RET | BPF_K, verdict)});
}

void pass_masked(std::vector<sock_filter>& program, std::uint32_t mask, std::uint32_t value) {
  append(program,
         {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip_destination), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask)});
  if_equal(program, value, pass);
}

}  // namespace

// What the kernel hands to the socket is for an address of the host, a broadcast address or multicast. A
// broadcast address is known by its host bits, of which there are no more kinds than lengths of a prefix: a
// list of the host's own addresses would grow beyond what a filter can hold. An own address with such bits,
// as 10.0.0.127/24 beside a /25, is recognized first.
std::vector<sock_filter> link_broadcast_filter(const std::vector<Interface>& interfaces) {
  std::set<std::uint32_t> host_bits{0xffffffff};
  for (const auto& interface : interfaces) {
    for (const auto& [address, netmask] : interface.addresses) {
      // RFC 3021: subnets of one or two hosts have no broadcast address.
      if (~netmask.value > 1) host_bits.insert(~netmask.value);
    }
  }

  std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, packet_type)};
  if_equal(program, PACKET_HOST, pass);
  append(program, {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip_destination)});
  for (const auto& interface : interfaces) {
    for (const auto& [address, netmask] : interface.addresses) {
      const auto own = address.value;
      const auto looks_broadcast = [own](std::uint32_t bits) { return (own & bits) == bits; };
      if (std::any_of(host_bits.begin(), host_bits.end(), looks_broadcast)) if_equal(program, own, drop);
    }
  }
  for (const auto bits : host_bits) pass_masked(program, bits, bits);
  pass_masked(program, 0xf0000000, 0xe0000000);  // multicast
  append(program, {BPF_STMT(BPF_RET | BPF_K, drop)});
  return program;
}

}  // namespace relayspec::relay
