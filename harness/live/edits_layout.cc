// SPDX-License-Identifier: Apache-2.0
// Edits of a message's size, of the datagram that it comes in, and of the frame.
#include "harness/live/edits.h"
#include "harness/octets.h"

namespace relayspec::live {
namespace {

constexpr const char* destinations[] = {"the relay's by link broadcast",
                                        "the relay's on this link",
                                        "the relay's on another link",
                                        "the subnet's broadcast",
                                        "255.255.255.255",
                                        "255.255.255.255 at the relay's link address",
                                        "the relay's, at a foreign link address"};

void edit_destination(Draft& d, std::uint32_t v) {
  const Topology& t = d.world.topology;
  const Segment here = d.stimulus.segment();
  const Segment elsewhere = here == Segment::uplink ? Segment::downlink1 : Segment::uplink;
  const Ipv4 everyone("255.255.255.255");
  d.envelope.eth_dst = t[here].relay.mac;
  d.envelope.ip_dst = t[here].relay.ipv4;
  switch (v) {
    case 0:
      d.envelope.eth_dst = Mac::broadcast;
      break;
    case 2:
      d.envelope.ip_dst = t[elsewhere].relay.ipv4;
      break;
    case 3:
      d.envelope.eth_dst = Mac::broadcast;
      d.envelope.ip_dst = t[here].broadcast();
      break;
    case 4:
      d.envelope.eth_dst = Mac::broadcast;
      d.envelope.ip_dst = everyone;
      break;
    case 5:
      d.envelope.ip_dst = everyone;
      break;
    case 6:
      d.envelope.eth_dst = Mac("02:00:5e:0e:00:01");
      break;
    default:
      break;
  }
}

constexpr const char* udp_checksums[] = {"none", "wrong"};
constexpr const char* udp_lengths[] = {"one less", "one more", "7"};

void edit_udp_length(Draft& d, std::uint32_t v) {
  constexpr std::size_t header = 8, too_little = 7;
  const std::size_t right = d.octets.size() + header;
  d.envelope.udp_length = static_cast<std::uint16_t>(v == 0 ? right - 1 : v == 1 ? right + 1 : too_little);
}

constexpr const char* ip_lengths[] = {"40 less", "8 less", "one less", "the IP header's", "one more"};

// The UDP length and the frame stay as they are.
void edit_ip_length(Draft& d, std::uint32_t v) {
  constexpr std::size_t total_length = 16;
  constexpr std::uint16_t less[] = {40, 8, 1};
  const std::uint16_t right = read16(d.frame, total_length);
  const std::uint16_t header = static_cast<std::uint16_t>((d.frame[14] & 0x0fU) * 4U);
  const int wrong = v < std::size(less) ? right - less[v] : v == 3 ? header : right + 1;
  if (wrong >= header) d.frame = with_ip_total_length(std::move(d.frame), static_cast<std::uint16_t>(wrong));
}

}  // namespace

std::vector<EditKind> layout_edits() {
  constexpr auto envelope = Stage::envelope;
  return {
      {"size",
       Stage::octets,
       Side::any,
       {301, 302, 312, 400, 548, 549, 576, 577, 1000, 1400, 1472, 299, 280,
        244, 243, 241, 240, 239, 236, 235, 100, 34,   8,    4,    1,   0},
       [](Draft& d, std::uint32_t v) { d.octets.resize(v); }},
      {"source port",
       envelope,
       Side::any,
       {67, 68, 1024, 65535, 0},
       [](Draft& d, std::uint32_t v) { d.envelope.sport = static_cast<std::uint16_t>(v); }},
      {"source",
       envelope,
       Side::any,
       {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13},
       [](Draft& d, std::uint32_t v) { d.envelope.ip_src = address_of(static_cast<Place>(v), d); },
       word_for_place},
      {"destination",
       envelope,
       Side::any,
       {1, 2, 3, 4, 5, 0, 6},
       edit_destination,
       [](std::uint32_t v) { return word_of(destinations, v); }},
      // Its link address is known to the relay's host, which routes the datagram at once.
      {"by way of the relay to server 1",
       envelope,
       Side::request,
       {0},
       [](Draft& d, std::uint32_t) {
         d.envelope.eth_dst = d.world.topology[d.stimulus.downlink].relay.mac;
         d.envelope.ip_dst = d.world.topology.servers[0].ipv4;
         d.envelope.ip_src = d.sender.lease;
       },
       [](std::uint32_t) { return std::string(); }},
      {"TTL",
       envelope,
       Side::any,
       {255, 2, 1, 0},
       [](Draft& d, std::uint32_t v) { d.envelope.ttl = static_cast<std::uint8_t>(v); }},
      {"UDP checksum",
       envelope,
       Side::any,
       {0, 1},
       [](Draft& d, std::uint32_t v) {
         d.envelope.udp_checksum = static_cast<std::uint16_t>(v == 0 ? 0 : 0xbad1);
       },
       [](std::uint32_t v) { return word_of(udp_checksums, v); }},
      {"UDP length",
       envelope,
       Side::any,
       {0, 1, 2},
       edit_udp_length,
       [](std::uint32_t v) { return word_of(udp_lengths, v); }},
      {"IP header checksum wrong",
       envelope,
       Side::any,
       {0},
       [](Draft& d, std::uint32_t) { d.envelope.ip_checksum = std::uint16_t{0xbad1}; },
       [](std::uint32_t) { return std::string(); }},
      {"octets behind the UDP datagram:",
       envelope,
       Side::any,
       {1, 8, 40},
       [](Draft& d, std::uint32_t v) { d.envelope.slack = Bytes(v, 0x5a); }},
      {"octets behind the IP packet:",
       envelope,
       Side::any,
       {1, 8, 40},
       [](Draft& d, std::uint32_t v) { d.envelope.trailer = Bytes(v, 0x5a); }},
      {"IP options",
       Stage::frame,
       Side::any,
       {4, 40},
       [](Draft& d, std::uint32_t v) { d.frame = with_ip_options(std::move(d.frame), Bytes(v, 1)); }},
      {"IP length",
       Stage::frame,
       Side::any,
       {0, 1, 2, 3, 4},
       edit_ip_length,
       [](std::uint32_t v) { return word_of(ip_lengths, v); }},
      {"VLAN tag",
       Stage::frame,
       Side::any,
       {0, 5},
       [](Draft& d, std::uint32_t v) {
         d.frame = with_vlan_tag(std::move(d.frame), static_cast<std::uint16_t>(v));
       }},
  };
}

}  // namespace relayspec::live
