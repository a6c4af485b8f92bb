// SPDX-License-Identifier: Apache-2.0
#include "relay/frame.h"

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

Octets frame(const Octets& payload, Ipv4 destination = client_address) {
  const auto headers = frame_headers({.link_source = {0x02, 0, 0x5e, 0, 0x53, 0x01},
                                      .link_destination = {0x02, 0, 0x5e, 0, 0x53, 0x0a},
                                      .source = downlink0,
                                      .destination = destination},
                                     0x1234, payload);
  return {headers.begin(), headers.end()};
}

// A receiver's view of RFC 1071: the sum over everything, checksum included, is all ones.
std::uint32_t folded(const Octets& octets) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) total += i % 2 == 0 ? octets[i] * 256U : octets[i];
  while (total > 0xffff) total = total % 0x10000 + total / 0x10000;
  return total;
}

Octets pseudo_header_and_datagram(const Octets& headers, const Octets& payload) {
  Octets all(headers.begin() + 26, headers.begin() + 34);  // addresses
  for (const auto octet : {0, 17, static_cast<int>(headers[38]), static_cast<int>(headers[39])})
    all.push_back(static_cast<std::uint8_t>(octet));
  all.insert(all.end(), headers.begin() + 34, headers.end());
  all.insert(all.end(), payload.begin(), payload.end());
  return all;
}

TEST(Frame, FieldsStandWhereTheyBelong) {
  auto headers = frame(hex("01 02 03"));
  headers[24] = headers[25] = headers[40] = headers[41] = 0;            // the checksums, looked at below
  EXPECT_EQ(headers, hex("02 00 5e 00 53 0a  02 00 5e 00 53 01  08 00"  // Ethernet: to, from, IPv4
                         "45 00 00 1f  12 34 00 00  40 11 00 00"        // 31 octets, TTL 64, UDP
                         "c0 00 02 01  c0 00 02 64"
                         "00 43 00 44  00 0b 00 00"));  // 67 to 68, 11 octets
}

TEST(Frame, ChecksumsAreRight) {
  for (const std::string_view text : {"", "01", "01 02", "ff ff ff", "00*300", "ff*1472", "01 02*1001"}) {
    const auto payload = hex(text);
    const auto headers = frame(payload);
    EXPECT_EQ(folded({headers.begin() + 14, headers.begin() + 34}), 0xffffU);
    EXPECT_EQ(folded(pseudo_header_and_datagram(headers, payload)), 0xffffU) << text;
  }
}

// RFC 768: a sum of zero is sent as all ones, for zero says that there is none.
TEST(Frame, AChecksumIsNeverZero) {
  bool seen = false;
  for (int i = 0; i < 0x10000; ++i) {
    const auto headers = frame({static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
    ASSERT_NE(headers[40] << 8 | headers[41], 0) << i;
    seen = seen || (headers[40] == 0xff && headers[41] == 0xff);
  }
  EXPECT_TRUE(seen) << "one payload in 65,536 sums to zero";
}

}  // namespace
}  // namespace relayspec::relay::test
