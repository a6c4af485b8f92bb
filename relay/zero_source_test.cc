// SPDX-License-Identifier: Apache-2.0
#include "relay/zero_source.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <algorithm>

#include "relay/checksum.h"
#include "relay/daemon_sockets.h"
#include "relay/frame.h"
#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

constexpr std::size_t ip_header = 20;

void put16(Octets& packet, std::size_t at, std::size_t value) {
  packet[at] = static_cast<std::uint8_t>(value >> 8);
  packet[at + 1] = static_cast<std::uint8_t>(value);
}

void set_ip_checksum(Octets& packet) {
  put16(packet, 10, 0);
  const std::size_t header = std::min<std::size_t>(4U * (packet[0] & 0xfU), packet.size());
  put16(packet, 10, checksum(sum(std::span(packet).first(header))));
}

/// From 0.0.0.0 port 68 to the relay's port 67; the sum is the same if the two ports change places.
Octets packet(const Octets& payload = hex("01 02 03"), Ipv4 destination = downlink0) {
  const auto headers = frame_headers(
      {.link_source = {}, .link_destination = {}, .source = {}, .destination = destination}, 7, payload);
  Octets all(headers.begin() + 14, headers.end());
  std::swap(all[ip_header + 1], all[ip_header + 3]);
  all.insert(all.end(), payload.begin(), payload.end());
  return all;
}

Octets changed(std::size_t at, std::size_t value) {
  auto octets = packet();
  put16(octets, at, value);
  set_ip_checksum(octets);
  return octets;
}

/// The kernel runs the filter over what a socket of another family gets, too, from its first octet on.
bool passes(const Octets& octets) {
  int both[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, both), 0);
  const Descriptor in(both[0]), out(both[1]);
  auto program = zero_source_filter();
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  EXPECT_EQ(setsockopt(in.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter), 0);
  // What the filter drops counts as sent.
  EXPECT_EQ(send(out.get(), octets.data(), octets.size(), 0), static_cast<ssize_t>(octets.size()));
  std::uint8_t octet = 0;
  return recv(in.get(), &octet, 1, MSG_DONTWAIT) == 1;
}

TEST(ZeroSourceFilter, TakesWhatTheKernelDrops) {
  EXPECT_TRUE(passes(packet()));
  EXPECT_TRUE(passes(packet({}, {0xc00002ff})));
}

TEST(ZeroSourceFilter, LeavesTheOthersToTheKernel) {
  for (const Ipv4 destination : {limited_broadcast, Ipv4{}, Ipv4{0xe0000001}, Ipv4{0xefffffff}})
    EXPECT_FALSE(passes(packet({}, destination))) << to_string(destination);
  EXPECT_FALSE(passes(changed(12, 0x0001))) << "from 0.1.0.0";
  EXPECT_FALSE(passes(changed(14, 0x0001))) << "from 0.0.0.1";
  EXPECT_FALSE(passes(changed(8, 0x4006))) << "TCP";
  EXPECT_FALSE(passes(changed(6, 0x2000))) << "the first fragment";
  EXPECT_FALSE(passes(changed(6, 0x0001))) << "another fragment";
  EXPECT_TRUE(passes(changed(6, 0x4000))) << "not to be fragmented";
  EXPECT_FALSE(passes(changed(ip_header + 2, 68))) << "port 68";
  EXPECT_FALSE(passes({0x45})) << "one octet";
}

std::optional<std::size_t> payload_of(const Octets& octets, bool checksum_pending = false) {
  const auto datagram = read_datagram(octets, checksum_pending);
  if (!datagram) return {};
  EXPECT_EQ(datagram->destination, downlink0);
  EXPECT_LE(datagram->begin + datagram->size, octets.size());
  return datagram->size;
}

TEST(ZeroSource, ADatagramIsRead) {
  EXPECT_EQ(payload_of(packet()), 3U);
  EXPECT_EQ(payload_of(packet({})), 0U);
  const auto datagram = read_datagram(packet(), false);
  ASSERT_TRUE(datagram.has_value());
  EXPECT_EQ(datagram->begin, 28U);
}

TEST(ZeroSource, TheLinkMayFillUpTheFrame) {
  auto octets = packet();
  octets.resize(46, 0xee);
  EXPECT_EQ(payload_of(octets), 3U);
}

TEST(ZeroSource, UdpMayEndBeforeIp) {
  auto octets = packet(hex("01 02 03 04"));
  put16(octets, ip_header + 4, 8 + 2);
  put16(octets, ip_header + 6, 0);
  EXPECT_EQ(payload_of(octets), 2U);
}

TEST(ZeroSource, IpOptionsAreSkipped) {
  auto octets = packet();
  octets.insert(octets.begin() + ip_header, {1, 1, 1, 0});
  octets[0] = 0x46;
  put16(octets, 2, octets.size());
  set_ip_checksum(octets);
  const auto datagram = read_datagram(octets, false);
  ASSERT_TRUE(datagram.has_value());
  EXPECT_EQ(datagram->begin, 32U);
  EXPECT_EQ(datagram->size, 3U);
}

TEST(ZeroSource, LengthsHaveToFit) {
  const auto whole = packet();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(payload_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}), std::nullopt)
        << size;
  for (const std::size_t total : {0, 19, 27, 30, 32, 65535})
    EXPECT_EQ(payload_of(changed(2, total)), std::nullopt) << total;
  for (const std::size_t length : {0, 7, 12, 65535})
    EXPECT_EQ(payload_of(changed(ip_header + 4, length), true), std::nullopt) << length;
  for (const std::size_t first : {0x4400, 0x4f00, 0x6500, 0x0500})
    EXPECT_EQ(payload_of(changed(0, first)), std::nullopt) << std::hex << first;
}

TEST(ZeroSource, ChecksumsHaveToFit) {
  auto octets = packet();
  octets[10] ^= 1;
  EXPECT_EQ(payload_of(octets), std::nullopt) << "the header's";
  for (const std::size_t at : {ip_header, ip_header + 6, ip_header + 8, ip_header + 10}) {
    octets = packet();
    octets[at] ^= 1;
    EXPECT_EQ(payload_of(octets), std::nullopt) << at;
    EXPECT_EQ(payload_of(octets, true), 3U) << "the link has still to fill it in: " << at;
  }
  octets = packet();
  put16(octets, ip_header + 6, 0);
  EXPECT_EQ(payload_of(octets), 3U) << "RFC 768: there is none";
}

}  // namespace
}  // namespace relayspec::relay::test
