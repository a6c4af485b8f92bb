// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/lab.h"

#include <fcntl.h>

#include "harness/lab/testing.h"

namespace relayspec {
namespace {

bool is_arp(const Frame& f) { return f.origin == Origin::relay && ethertype(f) == 0x0806; }

bool is_forwarded(const Frame& f) {
  return f.segment == Segment::uplink && f.origin == Origin::relay && ethertype(f) == 0x0800;
}

Bytes arp_reply(const Frame& question) {
  const Tins::EthernetII parsed(question.bytes.data(), static_cast<std::uint32_t>(question.bytes.size()));
  const auto& arp = parsed.rfind_pdu<Tins::ARP>();
  return Tins::ARP::make_arp_reply(arp.sender_ip_addr(), arp.target_ip_addr(), arp.sender_hw_addr(),
                                   server_mac(0))
      .serialize();
}

Bytes client_datagram() {
  return udp_frame(relay_mac(Segment::downlink0), server_address(0), host_address(Segment::downlink0, 10));
}

// One datagram through the relay's kernel; the question that it asks for the server first is answered.
std::vector<Frame> send_through(Lab& lab) {
  lab.inject(Segment::downlink0, client_datagram());
  return receive_until(lab, [&](const Frame& f) {
    if (is_arp(f)) lab.inject(f.segment, arp_reply(f));
    return is_forwarded(f);
  });
}

TEST_F(LabTest, ForwardsBetweenTheSegmentsAsARouterDoes) {
  Lab lab;
  const std::vector<Frame> seen = send_through(lab);
  ASSERT_FALSE(seen.empty());
  Bytes expected = client_datagram();
  const Bytes& out = seen.back().bytes;
  ASSERT_EQ(out.size(), expected.size());
  const Tins::EthernetII frame(out.data(), static_cast<std::uint32_t>(out.size()));
  EXPECT_EQ(frame.dst_addr(), server_mac(0));
  EXPECT_EQ(frame.src_addr(), relay_mac(Segment::uplink));
  EXPECT_EQ(frame.rfind_pdu<Tins::IP>().ttl(), 63);
  EXPECT_TRUE(std::equal(out.begin() + 26, out.end(), expected.begin() + 26))
      << "addresses, ports and payload";
}

TEST_F(LabTest, RecordsBothOriginsInTheOrderOfTheirStamps) {
  Lab lab;
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const std::vector<Frame> seen = send_through(lab);
  const auto after = std::chrono::system_clock::now().time_since_epoch();
  ASSERT_EQ(seen.size(), 4U) << "datagram, question, answer, datagram";
  const Origin origins[] = {Origin::harness, Origin::relay, Origin::harness, Origin::relay};
  const Segment segments[] = {Segment::downlink0, Segment::uplink, Segment::uplink, Segment::uplink};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].origin, origins[i]) << i;
    EXPECT_EQ(seen[i].segment, segments[i]) << i;
    EXPECT_GT(seen[i].time, i == 0 ? before : seen[i - 1].time) << i;
  }
  EXPECT_LT(seen.back().time, after);
  EXPECT_EQ(seen.front().bytes, client_datagram());
}

TEST_F(LabTest, WhatIsSentComesBackOnceAlsoWhenOthersMaySend) {
  Lab lab;
  const auto back = [&] {
    lab.inject(Segment::uplink, client_datagram());
    return lab.receive(Clock::now());
  };
  for (const bool alone : {true, false}) {
    if (!alone) lab.settle_hosts();
    const std::vector<Frame> seen = back();
    ASSERT_EQ(seen.size(), 1U) << alone;
    EXPECT_EQ(seen[0].origin, Origin::harness);
    EXPECT_EQ(seen[0].bytes, client_datagram());
    EXPECT_FALSE(seen[0].checksum_completed);
  }
}

TEST_F(LabTest, StampsTellTheTimeOfArrivalAndNotOfReading) {
  Lab lab;
  lab.settle_hosts();  // so that the kernel stamps what is sent
  lab.inject(Segment::downlink1, udp_frame(test_mac, server_address(0), server_address(1)));
  const auto sent = std::chrono::system_clock::now().time_since_epoch();
  lab.inject(Segment::downlink0, udp_frame(test_mac, server_address(0), server_address(1)));
  const std::vector<Frame> seen = lab.receive(soon());
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].segment, Segment::downlink1);
  EXPECT_LE(seen[0].time, sent);
  EXPECT_GE(seen[1].time, sent);
}

TEST_F(LabTest, FlushedNeighboursAreAskedForAgain) {
  Lab lab;
  const auto questions = [&] {
    const auto seen = send_through(lab);
    return std::count_if(seen.begin(), seen.end(), is_arp);
  };
  EXPECT_EQ(questions(), 1);
  EXPECT_EQ(questions(), 0) << "the kernel knows the server now";
  lab.flush_neighbours(Segment::downlink0);
  EXPECT_EQ(questions(), 0) << "another segment's neighbours were flushed";
  lab.flush_neighbours(Segment::uplink);
  EXPECT_EQ(questions(), 1);
}

TEST_F(LabTest, NothingButTheOwnFramesIsOnTheLinks) {
  Lab lab;
  for (const Segment s : all_segments) {
    lab.inject(s, udp_frame(test_mac, host_address(Segment::downlink0, 99), server_address(1)));
  }
  // A frame for another host, a broadcast and one for a host that is not played: all get no answer, and the
  // datagram that goes through in the end proves that there was time for one.
  lab.inject(Segment::uplink, udp_frame(Mac::broadcast, Ipv4("255.255.255.255"), Ipv4("0.0.0.0")));
  const std::vector<Frame> seen = send_through(lab);
  EXPECT_EQ(seen.size(), 3U + 1U + 4U);
  for (const Frame& f : seen) EXPECT_NE(ethertype(f), 0x86dd) << "IPv6 speaks by itself";
}

TEST_F(LabTest, ReceiveComesBackAtItsDeadlineAndForItsWakeDescriptor) {
  Lab lab;
  EXPECT_TRUE(lab.receive(Clock::now()).empty());

  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  const auto start = Clock::now();
  ASSERT_EQ(::write(pipe[1], "x", 1), 1);
  EXPECT_TRUE(lab.receive(soon(), pipe[0]).empty());
  EXPECT_LT(Clock::now() - start, 9s);

  lab.inject(Segment::uplink, client_datagram());
  EXPECT_EQ(lab.receive(Clock::now() - 1s, pipe[0]).size(), 1U) << "what is there comes first";
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_F(LabTest, AHoleInTheRecordIsNotPassedOver) {
  Lab lab;
  lab.settle_hosts();  // so that what is sent is heard
  const Bytes large = udp_frame(test_mac, server_address(0), server_address(1), 1472);
  for (int i = 0; i < 100'000; ++i) lab.inject(Segment::downlink1, large);
  try {
    while (!lab.receive(Clock::now()).empty()) {
    }
    FAIL() << "no frame was missed";
  } catch (const FramesLost& e) {
    EXPECT_EQ(e.segment, Segment::downlink1);
    EXPECT_GT(e.count, 0U);
  }
}

TEST_F(LabTest, AFrameThatNoLinkTakesIsRefused) {
  Lab lab;
  EXPECT_THROW(lab.inject(Segment::uplink, Bytes(1600)), LabError);
  EXPECT_THROW(lab.inject(Segment::uplink, Bytes(3)), LabError);
}

// Some relays set the addresses of their interfaces themselves.
TEST_F(LabTest, AnAddressThatIsThereAlreadyCanBeAdded) {
  Lab lab;
  EXPECT_NO_THROW(lab.add_address(Segment::downlink0, relay_address(Segment::downlink0)));
}

TEST_F(LabTest, SettledHostsAreRealOnes) {
  Lab lab;
  lab.settle_hosts();
  const Ipv4 client = host_address(Segment::downlink0, 10);
  for (std::size_t n = 0; n < server_count; ++n) {
    lab.inject(Segment::downlink0, udp_frame(relay_mac(Segment::downlink0), server_address(n), client));
    // Nobody listens at that port, and the server's kernel says so to the client: it has the address and a
    // way back.
    receive_until(lab, [&](const Frame& f) {
      if (f.origin != Origin::relay || f.segment != Segment::downlink0) return false;
      if (ethertype(f) == 0x0806) lab.inject(f.segment, arp_reply(f));
      if (ethertype(f) != 0x0800) return false;
      const Tins::EthernetII frame(f.bytes.data(), static_cast<std::uint32_t>(f.bytes.size()));
      const auto* icmp = frame.find_pdu<Tins::ICMP>();
      return icmp != nullptr && icmp->type() == Tins::ICMP::DEST_UNREACHABLE && icmp->code() == 3 &&
             frame.rfind_pdu<Tins::IP>().src_addr() == server_address(n);
    });
  }
}

TEST_F(LabTest, RunsCommandsInsideASide) {
  Lab lab;
  const auto run = [&](Segment s, const std::string& script) {
    const int status = lab.run_inside(s, {"/bin/sh", "-ec", script}, {{"ANSWER", "42"}});
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  };
  EXPECT_EQ(run(Segment::downlink0, "exit $ANSWER"), 42);
  EXPECT_EQ(run(Segment::downlink0, "kill -SEGV $$"), -SIGSEGV);
  EXPECT_EQ(run(Segment::uplink, "grep -q eth0: /proc/net/dev && ! grep -q eth1: /proc/net/dev"), 0);
  const std::string is_here =
      R"sh([ "$(readlink $RELAYSPEC_SERVER_NET)" = "$(readlink /proc/self/ns/net)" ])sh";
  EXPECT_EQ(run(Segment::uplink, is_here), 0);
  EXPECT_EQ(run(Segment::downlink0, is_here), 1);
  EXPECT_EQ(WEXITSTATUS(lab.run_inside(Segment::uplink, {"/no/such/command"}, {})), 127);
}

}  // namespace
}  // namespace relayspec
