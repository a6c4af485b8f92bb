// SPDX-License-Identifier: Apache-2.0
// What replay makes of captures that other tools recorded of real clients, relays and servers
// (captures/README.md), whole, cut short and damaged.
#include "harness/live/translate.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/toml.h"
#include "relayspec/harness/datagram.h"

namespace relayspec::live {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

fs::path of(const std::string& name) { return fs::path(RELAYSPEC_CAPTURES) / name; }

std::string octets_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> messages_in(const Translation& t) {
  std::vector<std::string> all;
  for (const Packet& p : t.packets)
    all.push_back(type_name(decode_udp(p.frame)->payload) + " on " + interface_name(p.segment));
  return all;
}

Translation read(const fs::path& path) { return translated(read_capture(path), {}); }

const std::vector<std::string> of_one_network{
    "DISCOVER on downlink0", "OFFER on uplink0", "REQUEST on downlink0", "ACK on uplink0",
    "DISCOVER on downlink0", "OFFER on uplink0", "REQUEST on downlink0", "ACK on uplink0"};

TEST(Translated, TheClientsSide) {
  const Translation t = read(of("client-side.pcapng"));
  EXPECT_EQ(messages_in(t), of_one_network);
  EXPECT_THAT(t.remarks, IsEmpty());
}

// A network is told by giaddr: the clients of the second one retry their DISCOVER.
TEST(Translated, TheServersSideIsOfTwoNetworks) {
  const Translation t = read(of("server-side.pcap"));
  EXPECT_THAT(
      messages_in(t),
      ElementsAre("DISCOVER on downlink0", "OFFER on uplink0", "REQUEST on downlink0", "ACK on uplink0",
                  "DISCOVER on downlink1", "OFFER on uplink0", "DISCOVER on downlink1", "OFFER on uplink0",
                  "DISCOVER on downlink1", "OFFER on uplink0", "DISCOVER on downlink0", "OFFER on uplink0",
                  "REQUEST on downlink0", "ACK on uplink0"));
  for (const Packet& p : t.packets) {
    const auto d = decode_udp(p.frame);
    if (p.segment == Segment::uplink) continue;
    EXPECT_EQ(giaddr_of(d->payload), Ipv4()) << "as the client sent it";
    EXPECT_EQ(decode(d->payload).hops, 0);
  }
}

// Each message shows twice there, before the relay and behind it, and is sent once.
TEST(Translated, EachMessageOfAllInterfacesOnce) {
  EXPECT_EQ(messages_in(read(of("any.pcap"))).size(), messages_in(read(of("server-side.pcap"))).size());
}

TEST(Translated, TaggedFrames) {
  EXPECT_THAT(messages_in(read(of("vlan.pcap"))),
              ElementsAre("DISCOVER on downlink0", "OFFER on uplink0", "DISCOVER on downlink0",
                          "OFFER on uplink0", "DISCOVER on downlink0", "OFFER on uplink0"));
}

class CorruptedCapture : public ::testing::TestWithParam<const char*> {
 protected:
  CorruptedCapture() {
    std::string name = (fs::path(::testing::TempDir()) / "relayspec-captures-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~CorruptedCapture() override { fs::remove_all(folder); }

  /// How many packets are read of such a file; unset where it is refused, by one line that names it.
  std::optional<std::size_t> packets_of(const std::string& octets, const std::string& what) {
    const fs::path path = folder / "corrupted";
    std::ofstream(path, std::ios::binary) << octets;
    try {
      return read(path).packets.size();
    } catch (const InputError& e) {
      const std::string line = e.what();
      EXPECT_NE(line.find("corrupted"), std::string::npos) << what << ": " << line;
      EXPECT_EQ(line.find('\n'), std::string::npos) << what << ": " << line;
      return std::nullopt;
    }
  }

  fs::path folder;
};

// What stands in front of the cut is still read.
TEST_P(CorruptedCapture, CutShort) {
  const std::string whole = octets_of(of(GetParam()));
  const std::size_t all = read(of(GetParam())).packets.size();
  std::size_t before = 0;
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    const auto packets = packets_of(whole.substr(0, size), "cut at " + std::to_string(size));
    if (!packets) {
      EXPECT_LT(size, 256U) << "refused at " << size;
      continue;
    }
    EXPECT_LE(*packets, all);
    EXPECT_GE(*packets + 1, before) << size;
    before = *packets;
  }
  EXPECT_GE(before + 1, all);
}

TEST_P(CorruptedCapture, Damaged) {
  const std::string whole = octets_of(of(GetParam()));
  std::size_t read_all_the_same = 0;
  for (std::size_t at = 0; at < whole.size(); at += 41) {
    for (const char damage : {'\0', '\xff', '\x80'}) {
      std::string octets = whole;
      octets[at] = damage;
      if (packets_of(octets, "damaged at " + std::to_string(at))) ++read_all_the_same;
    }
  }
  EXPECT_GT(read_all_the_same, whole.size() / 41) << "an octet of a message corrupts no file";
}

INSTANTIATE_TEST_SUITE_P(OfOtherTools, CorruptedCapture,
                         ::testing::Values("client-side.pcapng", "server-side.pcap", "any.pcap", "vlan.pcap"),
                         [](const auto& p) {
                           std::string name = p.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace relayspec::live
