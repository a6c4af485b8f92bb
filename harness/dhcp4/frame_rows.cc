// SPDX-License-Identifier: Apache-2.0
// Below DHCP: what a host does not take in, a relay does not relay.
#include "harness/dhcp4/facts.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint8_t tcp = 6, esp = 50, ah = 51;

const Row frame_table[] = {
    // IEEE 802.1Q: VLAN 0 is a priority alone; any other VLAN is another network.
    {"MALF-vlan-priority-tag", either, [](const Facts& f) { return f.layers.tagged && f.layers.vlan == 0; }},
    {"MALF-vlan-priority-tag", dropped, [](const Facts& f) { return f.layers.tagged; }},
    {"RFC1542-4.1.1-destination-independent", dropped, [](const Facts& f) { return !f.layers.ipv4; }},
    {"MALF-ip-total-length-mismatch", dropped, [](const Facts& f) { return !f.layers.lengths_fit; }},
    {"RFC1122-3.2.1.2-bad-ip-cksum", dropped, [](const Facts& f) { return !f.layers.header_checksum_good; }},
    // RFC 1122, section 3.3.2: put together before they count; whether they fit, one alone does not show.
    {"RFC1122-3.3.2-reassembly", either, [](const Facts& f) { return f.layers.fragment; }},
    {"RFC6926-tcp67-not-relayed", dropped, [](const Facts& f) { return f.layers.protocol == tcp; }},
    {"RFC3046-2.1-ipsec-untouched", dropped,
     [](const Facts& f) { return f.layers.protocol == esp || f.layers.protocol == ah; }},
    {"RFC1542-4.1.1-destination-independent", dropped,
     [](const Facts& f) { return f.layers.protocol != udp_protocol; }},
    {"MALF-ip-total-length-mismatch", dropped, [](const Facts& f) { return f.layers.segment_size < 8; }},
    {"MALF-udp-length-under-8", dropped, [](const Facts& f) { return f.layers.udp_length < 8; }},
    {"MALF-udp-length-too-big", dropped,
     [](const Facts& f) { return f.layers.udp_length > f.layers.segment_size; }},
    // All else that a datagram needs has been looked at: its IP options do not fit their header.
    {"RFC1122-3.2.1.8-ip-options", either, [](const Facts& f) { return !f.datagram; }},
    // A router looks at the IP header alone (RFC 1812, section 5.2.2).
    {"RFC1122-4.1.3.4-bad-udp-cksum", dropped,
     [](const Facts& f) { return f.datagram->udp_checksum == Checksum::bad && !f.in_transit(); }},
    // No host takes in a frame that is for another one.
    {"RFC1542-4.1-transit-unicast-untouched", dropped,
     [](const Facts& f) { return f.to_another_link_address(); }},
    // RFC 1542, section 4.1: a datagram for another host is routed, and not relayed as well.
    {"RFC1542-4.1-transit-unicast-untouched", either,
     [](const Facts& f) { return f.in_transit() && f.from_client(); }},
    {"RFC3203-2.2-forcerenew-transit", either,
     [](const Facts& f) { return f.in_transit() && f.message && f.type() == 9; }},
    {"HOP-chain-reply-direct", either, [](const Facts& f) { return f.in_transit(); }},
    {"RFC1542-4.1-dport-68-discard-client", dropped,
     [](const Facts& f) { return f.datagram->dport == 68 && f.from_client(); }},
    {"RFC1542-4.1-dport-68-discard-server", dropped, [](const Facts& f) { return f.datagram->dport == 68; }},
    // RFC 8357, section 3.1: its port is for the servers' answers.
    {"RFC1542-4.1.1-destination-independent", dropped,
     [](const Facts& f) {
       return f.datagram->dport != 67 &&
              (f.from_client() || f.datagram->dport != f.world.port_towards_servers());
     }},
    {"MALF-empty-udp", dropped, [](const Facts& f) { return f.size() == 0; }},
    {"MALF-short-all-lengths", dropped, [](const Facts& f) { return !f.message; }},
    {"RFC1542-2.1-min-300-discard", dropped,
     [](const Facts& f) { return f.strict() && f.size() < 300 && f.from_client(); }},
    {"RFC1542-2.1-min-300-discard-reply", dropped,
     [](const Facts& f) { return f.strict() && f.size() < 300; }},
    {"RFC1542-2.1-op-valid-only", dropped,
     [](const Facts& f) { return f.op() != boot_request && f.op() != boot_reply; }},
};

}  // namespace

std::span<const Row> frame_rows() { return frame_table; }

}  // namespace relayspec::dhcp4
