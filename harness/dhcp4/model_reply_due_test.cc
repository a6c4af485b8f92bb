// SPDX-License-Identifier: Apache-2.0
// Replies that are due, each by the rule that it is due by.
#include "harness/dhcp4/testing_replies.h"

namespace relayspec::dhcp4 {
namespace {

const Example due_replies[] = {
    {"reply without a UDP checksum", [](Stimulus& s) { s.envelope.udp_checksum = std::uint16_t{0}; }, due,
     "RFC951-3-udp-cksum-zero-accepted"},
    {"RFC 8357: reply to the relay's port",
     [](Stimulus& s) {
       echoed(s);
       settings(s).source_port = 8067;
       s.envelope.dport = std::uint16_t{8067};
     },
     due, "RFC8357-3.1-receives-on-that-port"},
    {"reply to another address of the relay",
     [](Stimulus& s) { s.envelope.ip_dst = relay_address(Segment::uplink); }, due, "IF-reply-dst-any-own"},
    {"reply, IEEE 1394 with the flag",
     [](Stimulus& s) {
       flag(s);
       hardware(s, 24, 0);
       add(s, option::of(code::client_id, {1, 2, 3}));
     },
     due, "RFC3456-htype-31"},
    {"reply, htype 31 with the flag",
     [](Stimulus& s) {
       flag(s);
       hardware(s, 31, 6);
     },
     due, "RFC3456-htype-31"},
    {"reply, InfiniBand with the flag",
     [](Stimulus& s) {
       flag(s);
       hardware(s, 32, 0);
       add(s, option::of(code::client_id, {1, 2, 3}));
     },
     due, "RFC4390-2.2-ipoib-reply-broadcast"},
    {"reply, InfiniBand with the flag, without a client identifier",
     [](Stimulus& s) {
       flag(s);
       hardware(s, 32, 0);
     },
     either, "RFC6842-2-zero-chaddr"},
    {"RFC 5107: the ACK for a renewal",
     [](Stimulus& s) {
       override_server_id(s);
       retype(s, Type::ack);
       s.message.ciaddr = *s.message.yiaddr;
     },
     due, "RFC5107-renew-ack-unicast"},
    {"RFC 5107: an ACK",
     [](Stimulus& s) {
       override_server_id(s);
       retype(s, Type::ack);
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"RFC 5107: a NAK",
     [](Stimulus& s) {
       override_server_id(s);
       retype(s, Type::nak);
       s.message.yiaddr = Ipv4();
     },
     due, "RFC5107-renew-nak"},
    {"reply after a restart", [](Stimulus& s) { s.memory.note_restart(); }, due,
     "RFC1542-4.1.2-stateless-after-restart"},
    {"reply after a restart to nothing",
     [](Stimulus& s) {
       s.memory.note_restart();
       s.message.xid = 0x51020305;
     },
     due, "RFC1542-4.1.2-uses-htype-hlen-chaddr"},
    {"the second OFFER for a request", [](Stimulus& s) { answered(s, 2); }, due, "SRV-all-offers-relayed"},
    {"the first OFFER for a request", [](Stimulus& s) { answered(s, 1); }, due,
     "RFC1542-4.1.2-reply-delivered"},
    {"an ACK behind two OFFERs",
     [](Stimulus& s) {
       answered(s, 2);
       retype(s, Type::ack);
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply without option 82 of a server that has received none",
     [](Stimulus& s) {
       add_option82(s);
       s.memory.note_received(exchange_of(plain_request().message), encode(plain_request().message), true, 0);
     },
     due, "RFC3046-2.2-reply-without-82"},
    {"reply with the echo in two instances",
     [](Stimulus& s) {
       echoed(s);
       s.message = without(s.message, code::relay_agent);
       add(s, option::of(code::relay_agent, {1, 4, 'p', 'o'}));
       add(s, option::of(code::relay_agent, {'r', 't'}));
     },
     due, "RFC3396-7-split-82-in-reply"},
    {"reply to nothing", [](Stimulus& s) { s.message.xid = 0x51020305; }, due,
     "RFC1542-4.1.2-uses-htype-hlen-chaddr"},
    {"reply, hops 1", [](Stimulus& s) { s.message.hops = std::uint8_t{1}; }, due,
     "RFC2131-table3-server-hops-copied"},
    {"reply, hops 255", [](Stimulus& s) { s.message.hops = std::uint8_t{255}; }, due,
     "RFC2131-table3-server-hops-copied"},
    {"link selection: reply to the uplink",
     [](Stimulus& s) {
       uplink_as_giaddr(s);
       s.envelope.ip_dst = relay_address(Segment::uplink);
       echoed(s);
     },
     due, "RFC3527-3-giaddr-reachable"},
    {"an echo that names no VPN",
     [](Stimulus& s) {
       echoed(s);
       settings(s).vss = "red";
     },
     due, "RFC6607-5-only-vss-echoed"},
    {"BOOTP reply",
     [](Stimulus& s) { set_options(s, {option::address(code::router, relay_address(Segment::downlink0))}); },
     due, "RFC1542-5.4-bootp-reply-delivered"},
    {"reply with another cookie, option 82 off",
     [](Stimulus& s) {
       s.message.cookie = Bytes{1, 2, 3, 4};
     },
     due, "RFC1542-3.5-other-cookie-passes"},
    {"reply with an unknown type", [](Stimulus& s) { retype(s, type_of(10)); }, due,
     "RFC2131-msgtype-unknown-reply"},
    {"a NAK without the flag",
     [](Stimulus& s) {
       retype(s, Type::nak);
       s.message.yiaddr = Ipv4();
     },
     due, "RFC2131-4.3.2-nak-without-bit"},
    {"a NAK with the flag",
     [](Stimulus& s) {
       flag(s);
       retype(s, Type::nak);
       s.message.yiaddr = Ipv4();
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"the ACK for an INFORM",
     [](Stimulus& s) {
       retype(s, Type::ack);
       s.message.ciaddr = *s.message.yiaddr;
       s.message.yiaddr = Ipv4();
     },
     due, "RFC2131-4.3.5-inform-ack"},
    {"the ACK for a renewal",
     [](Stimulus& s) {
       retype(s, Type::ack);
       s.message.ciaddr = *s.message.yiaddr;
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"an ACK", [](Stimulus& s) { retype(s, Type::ack); }, due, "RFC1542-4.1.2-reply-delivered"},
    {"reply, yiaddr of another network", [](Stimulus& s) { yiaddr(s, "203.0.113.100"); }, due,
     "MALF-yiaddr-off-subnet"},
    {"reply with the flag alone", flag, due, "RFC1542-4.1.2-reply-delivered"},
    {"reply with reserved flags", [](Stimulus& s) { s.message.flags = std::uint16_t{0x4000}; }, due,
     "RFC1542-2.2-mbz-ignored-reply"},
    {"reply with a client identifier",
     [](Stimulus& s) {
       add(s, option::of(code::client_id, {1, 2, 3}));
     },
     due, "RFC6842-3-client-id-echo-passes"},
    {"a NAK with a client identifier",
     [](Stimulus& s) {
       flag(s);
       retype(s, Type::nak);
       s.message.yiaddr = Ipv4();
       add(s, option::of(code::client_id, {1, 2, 3}));
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"reply with overload",
     [](Stimulus& s) {
       add(s, option::number(code::overload, 1));
       s.message.file = Bytes{code::host_name, 1, 'h', code::end};
     },
     due, "RFC2131-4.1-overload-untouched-reply"},
    {"reply with a split option", [](Stimulus& s) { add(s, option::number32(code::lease_time, 1)); }, due,
     "RFC3396-7-split-options-pass"},
    {"reply with PADs between options",
     [](Stimulus& s) {
       add(s, option::pads(3));
       add(s, option::text(80, "x"));
     },
     due, "RFC2132-2-pad-between-options"},
    {"reply of 301 octets", [](Stimulus& s) { s.size = 301; }, due, "RFC1542-2.1-larger-accepted"},
};

TEST(ModelOfReplies, ThatAreDue) { expect_verdicts(plain_reply(), due_reply_examples()); }

}  // namespace

std::span<const Example> due_reply_examples() { return due_replies; }

}  // namespace relayspec::dhcp4
