// SPDX-License-Identifier: Apache-2.0
// Requests that a relay must drop or is free to drop: one example at least for each of these rows of
// request_rows.cc, and the boundaries on both sides.
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;

void from_downlink1(Stimulus& s) { s.segment = Segment::downlink1; }
void from_address(Stimulus& s, const char* a) { s.envelope.ip_src = Ipv4(a); }
void hops(Stimulus& s, std::uint8_t n) { s.message.hops = n; }
void hlen(Stimulus& s, std::uint8_t n) { s.message.hlen = n; }
void secs(Stimulus& s, std::uint16_t n) {
  settings(s).min_secs = 5;
  s.message.secs = n;
}

const Example droppable_requests[] = {
    // RFC 1542, section 4.1.1.
    {"the second downlink", from_downlink1, due, "RFC1542-4.1.1-request-relayed"},
    {"a downlink that is not relayed for",
     [](Stimulus& s) {
       from_downlink1(s);
       settings(s).downlinks = 1;
     },
     dropped, "RFC1542-4.1.1-per-interface-enable"},
    {"the downlink that is relayed for alone", [](Stimulus& s) { settings(s).downlinks = 1; }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"from 126.255.255.255", [](Stimulus& s) { from_address(s, "126.255.255.255"); }, due,
     "RFC1542-4.1-accept-src-legal"},
    {"from loopback", [](Stimulus& s) { from_address(s, "127.0.0.1"); }, dropped,
     "RFC1812-4.2.2.11-src-multicast"},
    {"from 223.255.255.255", [](Stimulus& s) { from_address(s, "223.255.255.255"); }, due,
     "RFC1542-4.1-accept-src-legal"},
    {"from a multicast group", [](Stimulus& s) { from_address(s, "224.0.0.0"); }, dropped,
     "RFC1812-4.2.2.11-src-multicast"},
    {"from class E", [](Stimulus& s) { from_address(s, "240.0.0.1"); }, dropped,
     "RFC1812-4.2.2.11-src-multicast"},
    {"from everyone", [](Stimulus& s) { from_address(s, "255.255.255.255"); }, dropped,
     "RFC1812-4.2.2.11-src-multicast"},
    {"from a directed broadcast address", [](Stimulus& s) { from_address(s, "192.0.2.255"); }, dropped,
     "RFC1812-4.2.2.11-src-multicast"},
    {"a server's reply on a downlink",
     [](Stimulus& s) {
       s.message.op = boot_reply;
       s.envelope.ip_src = server_address(0);
     },
     dropped, "SEC-clientside-spoofed-server-source"},
    {"the reply of a server that is not in use, on a downlink",
     [](Stimulus& s) {
       s.message.op = boot_reply;
       s.envelope.ip_src = server_address(1);
     },
     dropped, "MALF-op-2-clientside-broadcast"},
    {"a reply on a downlink by broadcast", [](Stimulus& s) { s.message.op = boot_reply; }, dropped,
     "MALF-op-2-clientside-broadcast"},
    {"a reply on a downlink by unicast",
     [](Stimulus& s) {
       s.message.op = boot_reply;
       unicast_to_relay(s);
     },
     dropped, "MALF-op-2-clientside"},

    {"hops 3", [](Stimulus& s) { hops(s, 3); }, due, "RFC1542-4.1.1-request-relayed"},
    {"hops 4", [](Stimulus& s) { hops(s, 4); }, either, "RFC951-8-hops-limit-3-legacy"},
    {"hops 16", [](Stimulus& s) { hops(s, 16); }, either, "RFC951-8-hops-limit-3-legacy"},
    {"hops 17", [](Stimulus& s) { hops(s, 17); }, dropped, "RFC1542-4.1.1-hops-over-16-discard"},
    {"hops 255", [](Stimulus& s) { hops(s, 255); }, dropped, "RFC1542-4.1.1-hops-over-16-discard"},
    {"limit 16, hops 17",
     [](Stimulus& s) {
       settings(s).max_hops = 16;
       hops(s, 17);
     },
     dropped, "RFC1542-4.1.1-hops-over-16-discard"},
    {"limit 2, hops 2",
     [](Stimulus& s) {
       settings(s).max_hops = 2;
       hops(s, 2);
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"limit 2, hops 3",
     [](Stimulus& s) {
       settings(s).max_hops = 2;
       hops(s, 3);
     },
     dropped, "RFC1542-4.1.1-hops-threshold-configurable"},
    {"strict: limit 8, hops 9",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       settings(s).max_hops = 8;
       hops(s, 9);
     },
     dropped, "RFC1542-4.1.1-hops-threshold-configurable"},
    {"strict: hops 5",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       hops(s, 5);
     },
     dropped, "RFC1542-4.1.1-hops-default-4"},
    {"secs below the threshold", [](Stimulus& s) { secs(s, 4); }, dropped,
     "RFC1542-4.1.1-secs-threshold-configurable"},

    // RFC 3046, sections 2.1 and 2.1.1.
    {"giaddr of the receiving interface, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       giaddr(s, "192.0.2.1");
     },
     dropped, "RFC3046-2.1.1-own-giaddr-discard"},
    {"giaddr of another own interface, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       giaddr(s, "203.0.113.1");
     },
     dropped, "RFC3046-2.1.1-own-giaddr-other-interface"},
    {"giaddr of an address that the relay got later, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       s.world.further_addresses = {{Segment::downlink0, Ipv4("10.9.9.9")}};
       giaddr(s, "10.9.9.9");
     },
     dropped, "RFC3046-2.1.1-own-address-as-giaddr"},
    {"giaddr of the uplink, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       giaddr(s, "198.51.100.1");
     },
     dropped, "RFC3046-2.1.1-own-address-as-giaddr"},
    {"link selection: giaddr of the uplink",
     [](Stimulus& s) {
       add_option82(s);
       settings(s).link_selection = true;
       giaddr(s, "198.51.100.1");
     },
     dropped, "RFC3046-2.1.1-own-giaddr-discard"},
    {"no address on the downlink", [](Stimulus& s) { loses(s, s.segment); }, either, "IF-no-ipv4-address"},
    {"giaddr of an address that the relay has lost, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       loses(s, Segment::downlink1);
       giaddr(s, "203.0.113.1");
     },
     either, "IF-address-change-runtime"},
    {"policy discard",
     [](Stimulus& s) {
       add_option82(s, Policy::discard);
       says_82(s);
     },
     dropped, "POLICY-discard-drops"},
    {"policy discard on a trusted circuit",
     [](Stimulus& s) {
       add_option82(s, Policy::discard);
       trust(s);
       says_82(s);
     },
     dropped, "POLICY-discard-drops"},
    {"link selection, option 82 from a client",
     [](Stimulus& s) {
       add_option82(s);
       settings(s).link_selection = true;
       says_82(s);
     },
     dropped, "RFC3527-4-untrusted-guard"},
    {"empty option 82 from a client",
     [](Stimulus& s) {
       add_option82(s);
       add(s, option::of(code::relay_agent, {}));
     },
     either, "RFC3046-2.1-untrusted-82-empty"},
    {"strict: empty option 82 from a client",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       add_option82(s);
       add(s, option::of(code::relay_agent, {}));
     },
     dropped, "RFC3046-2.1-untrusted-82-empty"},
    {"option 82 of a client as the first option",
     [](Stimulus& s) {
       add_option82(s);
       s.message.options->insert(s.message.options->begin(), some_option82());
     },
     dropped, "RFC3046-2.1-untrusted-82-before-53"},
    {"option 82 of a client as the first option, the last one truncated",
     [](Stimulus& s) {
       add_option82(s);
       s.message.options->insert(s.message.options->begin(), some_option82());
       ends_with(s, {code::client_id, 7, 1, 2, 3});
     },
     either, "MALF-truncated-option"},
    {"option 82 of a client",
     [](Stimulus& s) {
       add_option82(s);
       says_82(s);
     },
     dropped, "RFC3046-2.1-untrusted-with-82-giaddr0-discard"},
    {"option 82 of a client while another circuit is trusted",
     [](Stimulus& s) {
       add_option82(s);
       settings(s).trusted_downlinks = {Segment::downlink1};
       says_82(s);
     },
     dropped, "RFC3046-2.1-untrusted-with-82-giaddr0-discard"},
    {"truncated option 82 of a client",
     [](Stimulus& s) {
       add_option82(s);
       ends_with(s, {code::relay_agent, 6, 1, 4, 'p', 'o', 'r'});
     },
     either, "MALF-truncated-option"},
    {"a client's option 82 without a length",
     [](Stimulus& s) {
       add_option82(s);
       ends_with(s, {code::relay_agent});
     },
     either, "MALF-code-without-length"},

    // The layers below.
    {"unicast to the relay in a link broadcast",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.eth_dst = Mac::broadcast;
     },
     either, "RFC1122-3.3.6-link-broadcast-ip-unicast"},
    {"from the relay's own address", [](Stimulus& s) { from_address(s, "192.0.2.1"); }, either,
     "RFC1812-src-own-address"},
    {"chaddr of another host", [](Stimulus& s) { s.message.chaddr = Bytes{2, 0, 0, 0, 0, 0x99}; }, either,
     "SEC-chaddr-vs-source-mac"},
    {"IP options",
     [](Stimulus& s) { s.rewrite = [](Bytes f) { return with_ip_options(std::move(f), Bytes(4, 1)); }; },
     either, "RFC1122-3.2.1.8-ip-options"},
    {"1472 octets", [](Stimulus& s) { s.size = 1472; }, due, "RFC1542-2.1-larger-accepted"},
    {"1473 octets", [](Stimulus& s) { s.size = 1473; }, either, "MALF-jumbo"},
    {"299 octets", [](Stimulus& s) { s.size = 299; }, either, "RFC1542-2.1-min-300-discard"},
    {"300 octets", [](Stimulus& s) { s.size = 300; }, due, "RFC1542-4.1.1-request-relayed"},

    // giaddr and the client's link address.
    {"giaddr of the relay, option 82 off", [](Stimulus& s) { giaddr(s, "192.0.2.1"); }, either,
     "RFC3046-2.1.1-own-giaddr-82-off"},
    {"giaddr of a server", [](Stimulus& s) { giaddr(s, "198.51.100.5"); }, either,
     "MALF-giaddr-server-address"},
    {"giaddr is a directed broadcast address", [](Stimulus& s) { giaddr(s, "192.0.2.255"); }, either,
     "MALF-giaddr-broadcast"},
    {"giaddr is the limited broadcast address", [](Stimulus& s) { giaddr(s, "255.255.255.255"); }, either,
     "MALF-giaddr-broadcast"},
    {"giaddr is a multicast group", [](Stimulus& s) { giaddr(s, "224.0.0.1"); }, either,
     "MALF-giaddr-multicast"},
    {"giaddr is loopback", [](Stimulus& s) { giaddr(s, "127.0.0.1"); }, either, "MALF-giaddr-multicast"},
    {"giaddr is 0.0.0.1", [](Stimulus& s) { giaddr(s, "0.0.0.1"); }, either, "MALF-giaddr-multicast"},
    {"giaddr of another relay", [](Stimulus& s) { giaddr(s, "192.0.2.200"); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"hlen 5", [](Stimulus& s) { hlen(s, 5); }, either, "MALF-hlen-odd-for-ethernet"},
    {"hlen 0 of Ethernet without a client identifier",
     [](Stimulus& s) {
       hlen(s, 0);
       s.message.chaddr = Bytes{};
     },
     either, "RFC6842-2-zero-chaddr"},
    {"hlen 0 of Ethernet with chaddr",
     [](Stimulus& s) {
       hlen(s, 0);
       add(s, option::of(code::client_id, {0, 1, 2, 3}));
     },
     either, "MALF-hlen-odd-for-ethernet"},
    {"hlen 7", [](Stimulus& s) { hlen(s, 7); }, either, "MALF-hlen-odd-for-ethernet"},
    {"hlen 16", [](Stimulus& s) { hlen(s, 16); }, either, "MALF-hlen-odd-for-ethernet"},
    {"hlen 17", [](Stimulus& s) { hlen(s, 17); }, either, "MALF-hlen-over-16-request"},
    {"hlen 17 of another hardware type",
     [](Stimulus& s) {
       s.message.htype = std::uint8_t{6};
       hlen(s, 17);
     },
     either, "MALF-hlen-over-16-request"},
};

}  // namespace

TEST(ModelOfRequests, PlainOnesAreRelayed) {
  const Outcome o = plain_request().outcome();
  EXPECT_EQ(o.fate, due);
  EXPECT_EQ(o.rule, "RFC1542-4.1.1-request-relayed");
}

TEST(ModelOfRequests, ThatMustOrMayBeDropped) { expect_verdicts(plain_request(), request_examples()); }

std::span<const Example> request_examples() { return droppable_requests; }

}  // namespace relayspec::dhcp4
