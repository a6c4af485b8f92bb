// SPDX-License-Identifier: Apache-2.0
// Below DHCP: one example at least for each row of frame_rows.cc, and the boundaries on both sides.
#include "harness/dhcp4/testing_model.h"
#include "harness/octets.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint16_t ip_header = 20, udp_header = 8, packet = ip_header + udp_header + 300;

// With the checksum of the IP header made right.
template <std::uint8_t protocol>
Bytes with_protocol(Bytes frame) {
  frame[23] = protocol;
  return with_ip_total_length(std::move(frame), packet);
}

template <std::uint16_t octets>
Bytes with_total_length(Bytes frame) {
  return with_ip_total_length(std::move(frame), octets);
}

Bytes as_ipv6(Bytes frame) {
  frame[12] = 0x86;
  frame[13] = 0xdd;
  return frame;
}

template <std::uint8_t version_and_header>
Bytes with_ip_version(Bytes frame) {
  frame[14] = version_and_header;
  return with_ip_total_length(std::move(frame), packet);
}

// RFC 791: an option that says to be longer than the header is.
Bytes with_broken_ip_option(Bytes frame) { return with_ip_options(std::move(frame), {0x83, 0xff, 4, 0}); }

// NOLINTBEGIN(performance-unnecessary-value-param): all have the type of Stimulus::rewrite.
const Example frames_of_clients[] = {
    {"priority tag", [](Stimulus& s) { s.rewrite = [](Bytes f) { return with_vlan_tag(std::move(f), 0); }; },
     either, "MALF-vlan-priority-tag"},
    {"VLAN 1", [](Stimulus& s) { s.rewrite = [](Bytes f) { return with_vlan_tag(std::move(f), 1); }; },
     dropped, "MALF-vlan-priority-tag"},
    {"priority 7, VLAN 0",
     [](Stimulus& s) { s.rewrite = [](Bytes f) { return with_vlan_tag(std::move(f), 0xe000); }; }, either,
     "MALF-vlan-priority-tag"},
    {"another ethertype", [](Stimulus& s) { s.rewrite = as_ipv6; }, dropped,
     "RFC1542-4.1.1-destination-independent"},
    {"a frame of 33 octets", [](Stimulus& s) { s.rewrite = [](Bytes f) { return f.resize(33), f; }; },
     dropped, "RFC1542-4.1.1-destination-independent"},
    {"no frame", [](Stimulus& s) { s.rewrite = [](Bytes) { return Bytes{}; }; }, dropped,
     "RFC1542-4.1.1-destination-independent"},

    {"total length as long as the frame", [](Stimulus& s) { s.rewrite = with_total_length<packet>; }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"total length above the frame", [](Stimulus& s) { s.rewrite = with_total_length<packet + 1>; }, dropped,
     "MALF-ip-total-length-mismatch"},
    {"total length above the frame, and a bad IP checksum",
     [](Stimulus& s) { s.rewrite = [](Bytes f) { return f[16] = 0x10, f; }; }, dropped,
     "MALF-ip-total-length-mismatch"},
    {"total length below the header", [](Stimulus& s) { s.rewrite = with_total_length<ip_header - 1>; },
     dropped, "MALF-ip-total-length-mismatch"},
    {"IP header of 16 octets", [](Stimulus& s) { s.rewrite = with_ip_version<0x44>; }, dropped,
     "MALF-ip-total-length-mismatch"},
    {"IP version 6", [](Stimulus& s) { s.rewrite = with_ip_version<0x65>; }, dropped,
     "MALF-ip-total-length-mismatch"},
    {"trailer of the frame", [](Stimulus& s) { s.envelope.trailer = Bytes(9, 0xee); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"octets behind the datagram", [](Stimulus& s) { s.envelope.slack = Bytes(9, 0xee); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"bad IP checksum", [](Stimulus& s) { s.envelope.ip_checksum = std::uint16_t{1}; }, dropped,
     "RFC1122-3.2.1.2-bad-ip-cksum"},
    {"first fragment", [](Stimulus& s) { s.rewrite = [](Bytes f) { return fragments(f, 64).front(); }; },
     either, "RFC1122-3.3.2-reassembly"},
    {"last fragment", [](Stimulus& s) { s.rewrite = [](Bytes f) { return fragments(f, 64).back(); }; },
     either, "RFC1122-3.3.2-reassembly"},
    {"TCP", [](Stimulus& s) { s.rewrite = with_protocol<6>; }, dropped, "RFC6926-tcp67-not-relayed"},
    {"ESP", [](Stimulus& s) { s.rewrite = with_protocol<50>; }, dropped, "RFC3046-2.1-ipsec-untouched"},
    {"AH", [](Stimulus& s) { s.rewrite = with_protocol<51>; }, dropped, "RFC3046-2.1-ipsec-untouched"},
    {"protocol 49", [](Stimulus& s) { s.rewrite = with_protocol<49>; }, dropped,
     "RFC1542-4.1.1-destination-independent"},
    {"ICMP", [](Stimulus& s) { s.rewrite = with_protocol<1>; }, dropped,
     "RFC1542-4.1.1-destination-independent"},

    {"7 octets behind the IP header", [](Stimulus& s) { s.rewrite = with_total_length<ip_header + 7>; },
     dropped, "MALF-ip-total-length-mismatch"},
    {"8 octets behind the IP header", [](Stimulus& s) { s.rewrite = with_total_length<ip_header + 8>; },
     dropped, "MALF-udp-length-too-big"},
    {"UDP length 0", [](Stimulus& s) { s.envelope.udp_length = std::uint16_t{0}; }, dropped,
     "MALF-udp-length-under-8"},
    {"UDP length 7", [](Stimulus& s) { s.envelope.udp_length = std::uint16_t{7}; }, dropped,
     "MALF-udp-length-under-8"},
    {"UDP length as long as the packet",
     [](Stimulus& s) { s.envelope.udp_length = std::uint16_t{udp_header + 300}; }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"UDP length above the packet",
     [](Stimulus& s) { s.envelope.udp_length = std::uint16_t{udp_header + 301}; }, dropped,
     "MALF-udp-length-too-big"},
    {"IP option longer than the header", [](Stimulus& s) { s.rewrite = with_broken_ip_option; }, either,
     "RFC1122-3.2.1.8-ip-options"},
    {"bad UDP checksum", [](Stimulus& s) { s.envelope.udp_checksum = std::uint16_t{1}; }, dropped,
     "RFC1122-4.1.3.4-bad-udp-cksum"},
    {"bad UDP checksum in transit",
     [](Stimulus& s) {
       s.envelope.udp_checksum = std::uint16_t{1};
       s.envelope.eth_dst = relay_mac(s.segment);
       s.envelope.ip_dst = server_address(0);
     },
     either, "RFC1542-4.1-transit-unicast-untouched"},

    {"port 66", [](Stimulus& s) { s.envelope.dport = std::uint16_t{66}; }, dropped,
     "RFC1542-4.1.1-destination-independent"},
    {"port 67", [](Stimulus& s) { s.envelope.dport = std::uint16_t{67}; }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"port 68", [](Stimulus& s) { s.envelope.dport = std::uint16_t{68}; }, dropped,
     "RFC1542-4.1-dport-68-discard-client"},
    {"to port 68 by directed broadcast",
     [](Stimulus& s) {
       s.envelope.ip_dst = lab_topology()[Segment::downlink0].broadcast();
       s.envelope.dport = std::uint16_t{68};
     },
     dropped, "RFC1542-4.1-dport-68-discard-client"},
    {"to the port of RFC 8357 from a client",
     [](Stimulus& s) {
       add_option82(s);
       settings(s).source_port = 8067;
       s.envelope.dport = std::uint16_t{8067};
     },
     dropped, "RFC1542-4.1.1-destination-independent"},
    {"to another host's link address",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.eth_dst = Mac("02:00:5e:0c:00:0b");
     },
     dropped, "RFC1542-4.1-transit-unicast-untouched"},
    {"to the link address of the relay's other interface",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.eth_dst = relay_mac(Segment::uplink);
     },
     dropped, "RFC1542-4.1-transit-unicast-untouched"},
    {"broadcast to a group's link address",
     [](Stimulus& s) { s.envelope.eth_dst = Mac("01:00:5e:7f:00:01"); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"to a server",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.ip_dst = server_address(0);
     },
     either, "RFC1542-4.1-transit-unicast-untouched"},
    {"to another network's directed broadcast address",
     [](Stimulus& s) { s.envelope.ip_dst = lab_topology()[Segment::downlink1].broadcast(); }, either,
     "RFC1542-4.1-transit-unicast-untouched"},
    {"to an address that the relay has lost",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.world.lost_addresses.insert(relay_address(Segment::downlink0));
     },
     either, "RFC1542-4.1-transit-unicast-untouched"},
    {"to 0.0.0.0", [](Stimulus& s) { s.envelope.ip_dst = Ipv4(); }, due, "RFC1542-4.1.1-request-relayed"},

    {"empty datagram", [](Stimulus& s) { s.size = 0; }, dropped, "MALF-empty-udp"},
    {"1 octet", [](Stimulus& s) { s.size = 1; }, dropped, "MALF-short-all-lengths"},
    {"235 octets", [](Stimulus& s) { s.size = 235; }, dropped, "MALF-short-all-lengths"},
    {"236 octets", [](Stimulus& s) { s.size = 236; }, either, "RFC1542-2.1-min-300-discard"},
    {"strict: 299 octets",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.size = 299;
     },
     dropped, "RFC1542-2.1-min-300-discard"},
    {"strict: 300 octets",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.size = 300;
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"op 0", [](Stimulus& s) { s.message.op = std::uint8_t{0}; }, dropped, "RFC1542-2.1-op-valid-only"},
    {"op 1", [](Stimulus& s) { s.message.op = std::uint8_t{1}; }, due, "RFC1542-4.1.1-request-relayed"},
    {"op 3", [](Stimulus& s) { s.message.op = std::uint8_t{3}; }, dropped, "RFC1542-2.1-op-valid-only"},
    {"op 255", [](Stimulus& s) { s.message.op = std::uint8_t{255}; }, dropped, "RFC1542-2.1-op-valid-only"},
};

// RFC 8357: the port that the relay sends from is the one that servers answer to.
void use_port_8067(Stimulus& s) {
  add_option82(s);
  settings(s).source_port = 8067;
}

const Example frames_of_servers[] = {
    {"reply to port 68", [](Stimulus& s) { s.envelope.dport = std::uint16_t{68}; }, dropped,
     "RFC1542-4.1-dport-68-discard-server"},
    {"reply to port 68 by broadcast",
     [](Stimulus& s) {
       s.envelope.ip_dst = Ipv4("255.255.255.255");
       s.envelope.dport = std::uint16_t{68};
     },
     dropped, "RFC1542-4.1-dport-68-discard-server"},
    {"reply to port 66", [](Stimulus& s) { s.envelope.dport = std::uint16_t{66}; }, dropped,
     "RFC1542-4.1.1-destination-independent"},
    {"reply to the other port of RFC 8357",
     [](Stimulus& s) {
       use_port_8067(s);
       echo(s);
       s.envelope.dport = std::uint16_t{8067};
     },
     due, "RFC8357-3.1-receives-on-that-port"},
    {"reply to a port that is not in use",
     [](Stimulus& s) {
       use_port_8067(s);
       s.envelope.dport = std::uint16_t{8066};
     },
     dropped, "RFC1542-4.1.1-destination-independent"},
    {"reply to the client", [](Stimulus& s) { s.envelope.ip_dst = host_address(Segment::downlink0, 100); },
     either, "HOP-chain-reply-direct"},
    {"reply to the client on port 68",
     [](Stimulus& s) {
       s.envelope.ip_dst = host_address(Segment::downlink0, 100);
       s.envelope.dport = std::uint16_t{68};
     },
     either, "HOP-chain-reply-direct"},
    {"FORCERENEW to the client",
     [](Stimulus& s) {
       s.envelope.ip_dst = host_address(Segment::downlink0, 100);
       s.envelope.dport = std::uint16_t{68};
       retype(s, type_of(9));
     },
     either, "RFC3203-2.2-forcerenew-transit"},
    {"strict: reply of 299 octets",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.size = 299;
     },
     dropped, "RFC1542-2.1-min-300-discard-reply"},
    {"strict: reply of 300 octets",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.size = 300;
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply of 235 octets", [](Stimulus& s) { s.size = 235; }, dropped, "MALF-short-all-lengths"},
    {"reply with op 3", [](Stimulus& s) { s.message.op = std::uint8_t{3}; }, dropped,
     "RFC1542-2.1-op-valid-only"},
};
// NOLINTEND(performance-unnecessary-value-param)

TEST(ModelOfFrames, FromClients) { expect_verdicts(plain_request(), frame_examples()); }
TEST(ModelOfFrames, FromServers) { expect_verdicts(plain_reply(), reply_frame_examples()); }

}  // namespace

std::span<const Example> frame_examples() { return frames_of_clients; }
std::span<const Example> reply_frame_examples() { return frames_of_servers; }

}  // namespace relayspec::dhcp4
