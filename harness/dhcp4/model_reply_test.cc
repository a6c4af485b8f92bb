// SPDX-License-Identifier: Apache-2.0
// Replies that must or may be dropped: one example at least for each row of reply_rows.cc but those about
// malformed options, and the boundaries on both sides.
#include "harness/dhcp4/testing_replies.h"

namespace relayspec::dhcp4 {
namespace {

const Example droppable_replies[] = {
    // RFC 1542, section 4.1.2.
    {"a request to giaddr", [](Stimulus& s) { s.message.op = boot_request; }, dropped,
     "MALF-op-1-serverside-to-giaddr"},
    {"a request of a server by broadcast",
     [](Stimulus& s) {
       s.message.op = boot_request;
       s.envelope.ip_dst = Ipv4("255.255.255.255");
     },
     dropped, "MALF-op-1-serverside"},
    {"reply, giaddr 0", [](Stimulus& s) { s.message.giaddr = Ipv4(); }, dropped,
     "RFC1542-4.1.2-giaddr-zero-discard"},
    {"reply, giaddr is loopback", [](Stimulus& s) { giaddr(s, "127.0.0.1"); }, dropped,
     "MALF-giaddr-reply-loopback"},
    {"reply, giaddr of another relay", [](Stimulus& s) { s.message.giaddr = another_relay; }, dropped,
     "RFC1542-4.1.2-giaddr-foreign-discard"},
    {"reply, giaddr that the relay has lost",
     [](Stimulus& s) {
       s.world.lost_addresses.insert(relay_address(Segment::downlink1)), giaddr(s, "203.0.113.1");
     },
     dropped, "RFC1542-4.1.2-giaddr-foreign-discard"},
    {"reply, giaddr that the relay got later",
     [](Stimulus& s) {
       s.world.further_addresses = {{Segment::downlink0, Ipv4("192.0.2.7")}};
       giaddr(s, "192.0.2.7");
     },
     due, "IF-secondary-giaddr-reply"},
    {"reply, giaddr of the uplink", [](Stimulus& s) { giaddr(s, "198.51.100.1"); }, dropped,
     "RFC1542-4.1.2-giaddr-serverside-address"},
    {"reply, giaddr that the relay got later on its uplink",
     [](Stimulus& s) {
       s.world.further_addresses = {{Segment::uplink, Ipv4("198.51.100.9")}};
       giaddr(s, "198.51.100.9");
     },
     dropped, "RFC1542-4.1.2-giaddr-serverside-address"},
    {"reply, giaddr of the uplink, with an echo",
     [](Stimulus& s) {
       giaddr(s, "198.51.100.1");
       echoed(s);
     },
     either, "RFC3046-3.1-circuit-id-vs-giaddr"},
    {"reply, giaddr of the uplink, which the operator has chosen",
     [](Stimulus& s) {
       settings(s).giaddr = Ipv4("198.51.100.1");
       giaddr(s, "198.51.100.1");
       echoed(s);
     },
     due, "IF-reply-dst-any-own"},
    {"reply to the giaddr of the uplink, no address on the only downlink",
     [](Stimulus& s) {
       settings(s).giaddr = Ipv4("198.51.100.1");
       settings(s).downlinks = 1;
       loses(s, Segment::downlink0);
       giaddr(s, "198.51.100.1");
       s.envelope.ip_dst = relay_address(Segment::uplink);
     },
     either, "IF-no-ipv4-address"},
    {"reply to a shared giaddr without an echo",
     [](Stimulus& s) {
       settings(s).giaddr = Ipv4("198.51.100.1");
       giaddr(s, "198.51.100.1");
     },
     either, "RFC3527-shared-giaddr-no-echo"},
    {"reply, giaddr of a downlink that is not relayed for",
     [](Stimulus& s) {
       settings(s).downlinks = 1;
       giaddr(s, "203.0.113.1");
     },
     either, "RFC1542-4.1.1-per-interface-enable"},
    {"reply, giaddr of the only downlink", [](Stimulus& s) { settings(s).downlinks = 1; }, due,
     "RFC1542-4.1.2-reply-delivered"},
    {"the VPN that the relay has asked for", [](Stimulus& s) { names_vpn(s, "red"); }, due,
     "RFC6607-5-only-vss-echoed"},
    {"another VPN in an option that is cut off",
     [](Stimulus& s) {
       settings(s).vss = "red";
       add_option82(s);
       ends_with(s, {code::relay_agent, 20, 151, 5, 0, 'b', 'l', 'u', 'e'});
     },
     either, "MALF-truncated-option-reply"},
    {"another VPN", [](Stimulus& s) { names_vpn(s, "blue"); }, dropped,
     "RFC6607-5.1-server-assigned-unknown"},

    // What a relay may deliver or drop.
    {"reply of an unknown server", [](Stimulus& s) { s.envelope.ip_src = Ipv4("198.51.100.77"); }, either,
     "SEC-unknown-server-reply"},
    {"reply of a server that is not in use", [](Stimulus& s) { s.envelope.ip_src = server_address(1); },
     either, "SEC-unknown-server-reply"},
    {"reply of the second server of two",
     [](Stimulus& s) {
       settings(s).servers = 2;
       s.envelope.ip_src = server_address(1);
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply of a server of the list",
     [](Stimulus& s) {
       settings(s).server_list = {Ipv4("198.51.100.77")};
       s.envelope.ip_src = Ipv4("198.51.100.77");
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply of a server that is not in the list",
     [](Stimulus& s) { settings(s).server_list = {Ipv4("198.51.100.77")}; }, either,
     "SEC-unknown-server-reply"},
    {"reply to the relay in a link broadcast", [](Stimulus& s) { s.envelope.eth_dst = Mac::broadcast; },
     either, "RFC1122-3.3.6-link-broadcast-ip-unicast"},
    {"reply by broadcast", [](Stimulus& s) { s.envelope.ip_dst = Ipv4("255.255.255.255"); }, either,
     "RFC1542-4.1-reply-by-broadcast"},
    {"reply by directed broadcast",
     [](Stimulus& s) { s.envelope.ip_dst = lab_topology()[Segment::uplink].broadcast(); }, either,
     "RFC1542-4.1-reply-by-broadcast"},
    {"reply from port 66", [](Stimulus& s) { s.envelope.sport = std::uint16_t{66}; }, either,
     "MALF-sport-not-67-reply"},
    {"reply from port 68", [](Stimulus& s) { s.envelope.sport = std::uint16_t{68}; }, either,
     "MALF-sport-not-67-reply"},
    {"RFC 8357: reply to port 67",
     [](Stimulus& s) {
       echoed(s);
       settings(s).source_port = 8067;
     },
     either, "RFC8357-3.1-port-67-too"},
    {"reply with IP options",
     [](Stimulus& s) { s.rewrite = [](Bytes f) { return with_ip_options(std::move(f), Bytes(4, 1)); }; },
     either, "RFC1122-3.2.1.8-ip-options"},
    {"reply of 1472 octets", [](Stimulus& s) { s.size = 1472; }, due, "RFC1542-2.1-larger-accepted"},
    {"reply of 1473 octets", [](Stimulus& s) { s.size = 1473; }, either, "MALF-jumbo"},
    {"reply of 236 octets", [](Stimulus& s) { s.size = 236; }, either, "RFC1542-2.1-min-300-discard-reply"},
    {"reply of 299 octets", [](Stimulus& s) { s.size = 299; }, either, "RFC1542-2.1-min-300-discard-reply"},
    {"reply of 300 octets", [](Stimulus& s) { s.size = 300; }, due, "RFC1542-4.1.2-reply-delivered"},

    // The client's hardware.
    {"reply, hlen 17", [](Stimulus& s) { hardware(s, 1, 17); }, either, "MALF-hlen-over-16-reply"},
    {"reply, hlen 16", [](Stimulus& s) { hardware(s, 1, 16); }, either, "MALF-hlen-odd-for-ethernet"},
    {"reply, hlen 7", [](Stimulus& s) { hardware(s, 1, 7); }, either, "MALF-hlen-odd-for-ethernet"},
    {"reply, hlen 5", [](Stimulus& s) { hardware(s, 1, 5); }, either, "MALF-hlen-odd-for-ethernet"},
    {"reply, hlen 0 of Ethernet", [](Stimulus& s) { hardware(s, 1, 0); }, either,
     "MALF-hlen-odd-for-ethernet"},
    {"reply, InfiniBand without the flag", [](Stimulus& s) { hardware(s, 32, 0); }, either,
     "RFC4390-2.2-hlen0-no-broadcast-bit"},
    {"reply, IEEE 1394 without the flag", [](Stimulus& s) { hardware(s, 24, 0); }, either,
     "RFC4390-2.2-hlen0-no-broadcast-bit"},
    {"reply, IEEE 1394 with a chaddr, without the flag", [](Stimulus& s) { hardware(s, 24, 6); }, either,
     "RFC2855-3-1394-chaddr-ignored"},
    {"reply, htype 31 without the flag", [](Stimulus& s) { hardware(s, 31, 6); }, either, "RFC3456-htype-31"},
    {"reply, chaddr is a group", [](Stimulus& s) { s.message.chaddr = Bytes{1, 0, 0x5e, 0, 0, 1}; }, either,
     "MALF-chaddr-group-reply"},
    {"reply, chaddr is a group, with the flag",
     [](Stimulus& s) {
       flag(s);
       s.message.chaddr = Bytes{1, 0, 0x5e, 0, 0, 1};
       s.memory.note_sent(encode(plain_request().message.with({.chaddr = s.message.chaddr})),
                          Segment::downlink0);
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply, chaddr 0", [](Stimulus& s) { s.message.chaddr = Bytes(6, 0); }, either,
     "MALF-chaddr-group-reply"},

    // The client's address.
    {"reply, yiaddr 223.255.255.255", [](Stimulus& s) { yiaddr(s, "223.255.255.255"); }, due,
     "MALF-yiaddr-off-subnet"},
    {"reply, yiaddr is a group", [](Stimulus& s) { yiaddr(s, "224.0.0.0"); }, either,
     "MALF-yiaddr-bad-reply"},
    {"reply, yiaddr is everyone", [](Stimulus& s) { yiaddr(s, "255.255.255.255"); }, either,
     "MALF-yiaddr-bad-reply"},
    {"reply, yiaddr is loopback", [](Stimulus& s) { yiaddr(s, "127.0.0.1"); }, either,
     "MALF-yiaddr-bad-reply"},
    {"reply, yiaddr is the relay's", [](Stimulus& s) { yiaddr(s, "192.0.2.1"); }, either,
     "MALF-yiaddr-bad-reply"},
    {"reply, yiaddr is a directed broadcast address", [](Stimulus& s) { yiaddr(s, "192.0.2.255"); }, either,
     "MALF-yiaddr-bad-reply"},
    {"reply, yiaddr is a group, with the flag",
     [](Stimulus& s) {
       flag(s);
       yiaddr(s, "224.0.0.0");
     },
     due, "MALF-yiaddr-off-subnet"},
    {"reply, ciaddr is a group",
     [](Stimulus& s) {
       s.message.yiaddr = Ipv4();
       s.message.ciaddr = Ipv4("224.0.0.1");
     },
     either, "MALF-yiaddr-bad-reply"},
    {"reply, ciaddr is a group beside yiaddr", [](Stimulus& s) { s.message.ciaddr = Ipv4("224.0.0.1"); }, due,
     "RFC1542-4.1.2-reply-delivered"},
    {"reply without an address and flag", [](Stimulus& s) { s.message.yiaddr = Ipv4(); }, either,
     "RFC1542-4.1.2-broadcast-fallback"},
    {"reply with the flag, without an address",
     [](Stimulus& s) {
       flag(s);
       s.message.yiaddr = Ipv4();
     },
     due, "RFC1542-4.1.2-reply-delivered"},

    // Option 82 and the dialect proxy.
    {"proxy: the first of several OFFERs",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       settings(s).servers = 2;
     },
     either, "PROXY-first-offer-only"},
    {"proxy: reply to nothing",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       s.message.xid = 0x51020305;
     },
     either, "RFC1542-4.1.2-uses-htype-hlen-chaddr"},
    {"proxy: the OFFER of one server", [](Stimulus& s) { in(s, Dialect::proxy); }, due,
     "RFC1542-4.1.2-reply-delivered"},
    {"reply with option 82, option 82 off", [](Stimulus& s) { says_82(s); }, either,
     "RFC3046-82-off-reply-with-82"},
    {"reply to a request that had option 82 already",
     [](Stimulus& s) {
       s.memory.note_sent(encode(plain_request().message.plus(some_option82())), Segment::downlink0);
       echoed(s);
     },
     either, "RFC3046-2.1-trusted-82-not-stripped"},
    {"reply to a request whose option 82 was replaced",
     [](Stimulus& s) {
       s.memory.note_sent(encode(plain_request().message.plus(some_option82())), Segment::downlink0);
       echoed(s);
       settings(s).option82_policy = AgentOptionPolicy::replace;
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply without the echo", [](Stimulus& s) { add_option82(s); }, either, "RFC3046-2.2-reply-without-82"},
    {"reply with another echo",
     [](Stimulus& s) {
       echoed(s);
       s.message = replacing(std::move(s.message), code::relay_agent,
                             option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 'k'}));
     },
     either, "RFC3046-2.2-echo-only-own"},
    {"reply with an echo that the relay has not sent",
     [](Stimulus& s) {
       add_option82(s);
       says_82(s);
     },
     either, "RFC3046-2.2-echo-only-own"},
    {"reply with the echo", echoed, due, "RFC1542-4.1.2-reply-delivered"},
};

TEST(ModelOfReplies, PlainOnesAreDelivered) {
  const Outcome o = plain_reply().outcome();
  EXPECT_EQ(o.fate, due);
  EXPECT_EQ(o.rule, "RFC1542-4.1.2-reply-delivered");
}

TEST(ModelOfReplies, ThatMustOrMayBeDropped) { expect_verdicts(plain_reply(), reply_examples()); }

}  // namespace

std::span<const Example> reply_examples() { return droppable_replies; }

}  // namespace relayspec::dhcp4
