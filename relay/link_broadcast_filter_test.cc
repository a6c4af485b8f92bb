// SPDX-License-Identifier: Apache-2.0
#include "relay/link_broadcast_filter.h"

#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "relay/daemon_sockets.h"

namespace relayspec::relay {
namespace {

constexpr std::uint32_t own = 0x0a000001;  // 10.0.0.1

Interface interface_with(std::vector<InterfaceAddress> addresses) {
  Interface interface;
  interface.addresses = std::move(addresses);
  return interface;
}

/// What the kernel would do with a datagram, as far as the filter needs it.
bool passes(const std::vector<Interface>& interfaces, std::uint32_t destination, std::uint32_t packet_type) {
  const auto program = link_broadcast_filter(interfaces);
  std::uint32_t a = 0;
  for (std::size_t at = 0;; ++at) {
    const auto& [code, if_true, if_false, k] = program.at(at);
    if (code == (BPF_RET | BPF_K)) return k != 0;
    if (code == (BPF_LD | BPF_B | BPF_ABS)) a = packet_type;
    if (code == (BPF_LD | BPF_W | BPF_ABS)) a = destination;
    if (code == (BPF_ALU | BPF_AND | BPF_K)) a &= k;
    if (code == (BPF_JMP | BPF_JEQ | BPF_K)) at += a == k ? if_true : if_false;
  }
}

const std::vector<Interface> site{
    interface_with({{{own}, {0xffffff00}}}),
    interface_with({{{0x0a01007f}, {0xffff0000}}, {{0x0a020001}, {0xffffff80}}}),
    interface_with({{{0x0a030003}, {0xfffffffe}}, {{0x0a040002}, {0xffffffff}}})};

TEST(LinkBroadcastFilter, PassesWhatCameByLinkUnicast) {
  EXPECT_TRUE(passes(site, own, PACKET_HOST));
  EXPECT_TRUE(passes(site, 0xffffffff, PACKET_HOST));
}

TEST(LinkBroadcastFilter, PassesBroadcastAndMulticast) {
  for (const std::uint32_t destination : {0xffffffffU, 0x0a0000ffU, 0x0a01ffffU, 0x0a02007fU, 0xe0000001U})
    EXPECT_TRUE(passes(site, destination, PACKET_BROADCAST)) << std::hex << destination;
}

TEST(LinkBroadcastFilter, DropsUnicast) {
  for (const std::uint32_t destination : {own, 0x0a020001U, 0x0a030003U, 0x0a040002U}) {
    EXPECT_FALSE(passes(site, destination, PACKET_BROADCAST)) << std::hex << destination;
    EXPECT_FALSE(passes(site, destination, PACKET_MULTICAST)) << std::hex << destination;
  }
}

// The same host bits are a broadcast address on the /25 beside it.
TEST(LinkBroadcastFilter, DropsAnOwnAddressThatLooksLikeBroadcast) {
  EXPECT_FALSE(passes(site, 0x0a01007f, PACKET_BROADCAST));
}

TEST(LinkBroadcastFilter, TheKernelTakesItForAnyNumberOfAddresses) {
  Interface interface;
  for (std::uint32_t i = 0; i < 10'000; ++i)
    interface.addresses.push_back({{0x0a000000 + 256 * i + 1}, {0xffffffff << i % 32}});
  const Descriptor udp(socket(AF_INET, SOCK_DGRAM, 0));
  EXPECT_NO_THROW(refuse_link_broadcasts(udp, {interface}));
  EXPECT_FALSE(passes({interface}, 0x0a000001 + 256 * 9'999, PACKET_BROADCAST));
}

}  // namespace
}  // namespace relayspec::relay
