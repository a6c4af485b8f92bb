// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/tap.h"

#include <arpa/inet.h>

#include <fstream>

#include "harness/lab/impl.h"
#include "harness/lab/testing.h"

namespace relayspec {
namespace {

// Two namespaces and one link, without the settings by which a Lab keeps links quiet.
struct Pair {
  Namespace near, far;
  explicit Pair(bool quiet) {
    const Inside here(near);
    Netlink netlink;
    netlink.create_veth({near.fd(), "near", 2, test_mac}, {far.fd(), "far", 2, server_mac(0)});
    if (quiet) netlink.quiet(2, false);
    netlink.set_up(2);
    const Inside there(far);
    Netlink other;
    other.add_address(2, relay_address(Segment::uplink));
    other.set_up(2);
  }
};

std::string ipv6_addresses() {
  std::ifstream file("/proc/thread-self/net/if_inet6");
  return {std::istreambuf_iterator<char>(file), {}};
}

void broadcast_datagram() {
  const Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ASSERT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on), 0);
  ASSERT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, "far", 4), 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(67);
  to.sin_addr.s_addr = INADDR_BROADCAST;
  const Bytes odd(301, 0x5b);
  ASSERT_EQ(::sendto(fd.get(), odd.data(), odd.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to),
            301);
}

// libtins computes all checksums again when it writes, so what was right before comes out the same.
Bytes rewritten(const Bytes& frame) {
  return Tins::EthernetII(frame.data(), static_cast<std::uint32_t>(frame.size())).serialize();
}

class Checksums : public LabTest, public testing::WithParamInterface<bool> {};

TEST_P(Checksums, OfAKernelSocketAreWhole) {
  const bool offloads = GetParam();
  Pair pair(true);
  const Inside here(pair.near);
  Tap tap(Segment::uplink, 2);
  {
    const Inside there(pair.far);
    set_offloads("far", offloads);
    broadcast_datagram();
  }
  std::vector<Frame> heard;
  tap.drain(heard, 10);
  std::erase_if(heard,
                [](const Frame& f) { return ethertype(f) != 0x0800; });  // IPv6 is not quiet over there
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].checksum_completed, offloads);
  EXPECT_EQ(heard[0].bytes, rewritten(heard[0].bytes));
}
INSTANTIATE_TEST_SUITE_P(Offloads, Checksums, testing::Bool());

TEST(Checksum, IsCompletedForUdpAndTcpAlone) {
  for (const std::size_t size : {0U, 1U, 2U, 301U, 1472U}) {
    const Bytes right = udp_frame(test_mac, server_address(0), server_address(1), size);
    Bytes wrong = right;
    wrong[40] ^= 0x55;
    EXPECT_TRUE(complete_checksum(wrong));
    EXPECT_EQ(wrong, right) << size;
  }
  const Bytes tcp = (Tins::EthernetII(test_mac, test_mac) / Tins::IP("192.0.2.7", "192.0.2.8") /
                     Tins::TCP(1, 2) / Tins::RawPDU("abc"))
                        .serialize();
  Bytes wrong = tcp;
  wrong[50] ^= 0xff;
  EXPECT_TRUE(complete_checksum(wrong));
  EXPECT_EQ(wrong, tcp);
}

TEST(Checksum, ThatComesOutAsZeroIsWrittenAsAllOnes) {
  Bytes frame = udp_frame(test_mac, server_address(0), server_address(1), 2);
  frame[42] = frame[43] = 0;
  ASSERT_TRUE(complete_checksum(frame));
  std::copy_n(frame.begin() + 40, 2,
              frame.begin() + 42);  // adds the complement of the sum, so the sum becomes all ones
  ASSERT_TRUE(complete_checksum(frame));
  EXPECT_EQ(frame[40], 0xff);
  EXPECT_EQ(frame[41], 0xff);
}

TEST(Checksum, IsLeftAloneInWhatIsNoWholeDatagram) {
  const Bytes whole = udp_frame(test_mac, server_address(0), server_address(1));
  const auto untouched = [&](std::size_t at, std::uint8_t value) {
    Bytes frame = whole, copy;
    frame[at] = value;
    copy = frame;
    return !complete_checksum(frame) && frame == copy;
  };
  EXPECT_TRUE(untouched(13, 0x06));  // ARP
  EXPECT_TRUE(untouched(14, 0x44));  // header of 16 octets
  EXPECT_TRUE(untouched(14, 0x4f));  // header longer than the packet
  EXPECT_TRUE(untouched(16, 0x01));  // total length beyond the frame
  EXPECT_TRUE(untouched(20, 0x20));  // more fragments
  EXPECT_TRUE(untouched(21, 0x01));  // a later fragment
  EXPECT_TRUE(untouched(23, 1));     // ICMP
  for (std::size_t size = 0; size < 42; ++size) {
    Bytes runt(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), copy = runt;
    EXPECT_FALSE(complete_checksum(runt)) << size;
    EXPECT_EQ(runt, copy);
  }
}

TEST(OpenChecksum, LeavesTheSumOfThePseudoHeaderAlone) {
  const Bytes whole = udp_frame(Mac::broadcast, server_address(0), server_address(1));
  Bytes open = whole;
  ASSERT_TRUE(complete_checksum(open));
  const Bytes right = open;
  EXPECT_EQ(open_checksum(open), 34U);
  EXPECT_NE(open, right);
  EXPECT_TRUE(complete_checksum(open));
  EXPECT_EQ(open, right);
}

TEST(OpenChecksum, LeavesAWrongOneAlone) {
  Bytes frame = udp_frame(Mac::broadcast, server_address(0), server_address(1));
  ASSERT_TRUE(complete_checksum(frame));
  frame[40] ^= 1;
  const Bytes wrong = frame;
  EXPECT_FALSE(open_checksum(frame));
  EXPECT_EQ(frame, wrong);
}

// A socket of the relay's takes such a datagram in; and one that reads frames is told.
TEST_F(LabTest, AnOpenChecksumIsCompletedOnlyByWhoReadsIt) {
  Pair pair(true);
  const Inside here(pair.near);
  Tap tap(Segment::uplink, 2);
  Bytes frame = udp_frame(Mac::broadcast, server_address(0), server_address(1));
  complete_checksum(frame);
  {
    const Inside there(pair.far);
    set_offloads("far", true);
    Tap open(Segment::uplink, 2);
    open.leave_checksums_open(true);
    open.send(frame);
  }
  std::vector<Frame> heard;
  tap.drain(heard, 10);
  std::erase_if(heard, [](const Frame& f) { return ethertype(f) == 0x86dd; });
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].bytes, frame);
  EXPECT_TRUE(heard[0].checksum_completed);
}

TEST_F(LabTest, ATagIsPutBackWhereItWasOnTheWire) {
  Pair pair(true);
  const Inside here(pair.near);
  Tap tap(Segment::uplink, 2);
  Bytes tagged = udp_frame(Mac::broadcast, server_address(0), server_address(1));
  const std::uint8_t tag[] = {0x81, 0x00, 0x60, 0x07};
  tagged.insert(tagged.begin() + 12, tag, tag + 4);
  {
    const Inside there(pair.far);
    Tap(Segment::uplink, 2).send(tagged);
  }
  std::vector<Frame> heard;
  tap.drain(heard, 10);
  std::erase_if(heard, [](const Frame& f) { return ethertype(f) == 0x86dd; });
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].bytes, tagged);
}

// The Lab also switches IPv6 off by sysctl, where it can; this is what holds where it cannot.
TEST_F(LabTest, AQuietLinkMakesNoIpv6AddressOfItsOwn) {
  Pair pair(true);
  {
    const Inside there(pair.far);
    if (ipv6_addresses().find("far") == std::string::npos)
      GTEST_SKIP() << "this kernel has no IPv6 to be silenced";
  }
  const Inside here(pair.near);
  EXPECT_EQ(ipv6_addresses().find("near"), std::string::npos);
}

}  // namespace
}  // namespace relayspec
