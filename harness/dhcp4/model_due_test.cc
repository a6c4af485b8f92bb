// SPDX-License-Identifier: Apache-2.0
// Requests that a relay has to relay, each by the rule that a loss breaks: one example at least for each of
// these rows of request_rows.cc, and the boundaries on both sides.
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;

void limit(Stimulus& s, unsigned most, std::uint8_t hops) {
  settings(s).max_hops = most;
  s.message.hops = hops;
}
void override_request_server_id(Stimulus& s) {
  add_option82(s);
  settings(s).server_id = ServerIdMode::override_suboption;
  unicast_to_relay(s);
}
void server_list(Stimulus& s, const char* a) { settings(s).server_list = {Ipv4(a)}; }
void option82_and_size(Stimulus& s, std::optional<unsigned> most, std::size_t octets) {
  add_option82(s);
  settings(s).max_size = most;
  s.size = octets;
}

const Example due_requests[] = {
    {"a repeated request",
     [](Stimulus& s) {
       s.memory.note_sent(s.payload(), Segment::downlink0);
       s.memory.note_sent(s.payload(), Segment::downlink0);
     },
     due, "SRV-retransmissions-all-relayed"},
    {"a request that was sent once", [](Stimulus& s) { s.memory.note_sent(s.payload(), Segment::downlink0); },
     due, "RFC1542-4.1.1-request-relayed"},
    {"no cookie at all",
     [](Stimulus& s) {
       s.message.cookie = Bytes{};
       set_options(s, {option::raw(Bytes(64, 0x41))});
       s.message.tail = Bytes{};
     },
     due, "RFC1542-3.5-other-cookie-passes"},
    {"a LEASEQUERY of another relay",
     [](Stimulus& s) {
       from_another_relay(s);
       retype(s, type_of(10));
     },
     due, "RFC4388-6.3-leasequery-transit"},

    {"limit 16, hops 4", [](Stimulus& s) { limit(s, 16, 4); }, due, "RFC1542-4.1.1-request-relayed"},
    {"limit 8, hops 5", [](Stimulus& s) { limit(s, 8, 5); }, due,
     "RFC1542-4.1.1-hops-threshold-configurable"},
    {"limit 8, hops 8", [](Stimulus& s) { limit(s, 8, 8); }, due,
     "RFC1542-4.1.1-hops-threshold-configurable"},
    {"limit 16, hops 5", [](Stimulus& s) { limit(s, 16, 5); }, due, "RFC1542-4.1.1-hops-16-boundary"},
    {"limit 16, hops 15", [](Stimulus& s) { limit(s, 16, 15); }, due, "RFC1542-4.1.1-hops-16-boundary"},
    {"limit 16, hops 16", [](Stimulus& s) { limit(s, 16, 16); }, due, "RFC1542-4.1.1-hops-16-boundary"},
    {"strict: hops 3",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.message.hops = std::uint8_t{3};
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"strict: hops 4",
     [](Stimulus& s) {
       in(s, Dialect::strict);
       s.message.hops = std::uint8_t{4};
     },
     due, "RFC1542-4.1.1-hops-default-4"},
    {"secs at the threshold",
     [](Stimulus& s) {
       settings(s).min_secs = 7;
       s.message.secs = std::uint16_t{7};
     },
     due, "RFC1542-4.1.1-secs-threshold-configurable"},
    {"secs above the threshold",
     [](Stimulus& s) {
       settings(s).min_secs = 7;
       s.message.secs = std::uint16_t{0x0800};
     },
     due, "RFC1542-4.1.1-secs-threshold-configurable"},
    {"secs 0 without a threshold", [](Stimulus& s) { s.message.secs = std::uint16_t{0}; }, either,
     "RFC1542-4.1.1-secs-threshold"},
    {"secs 1 without a threshold", [](Stimulus& s) { s.message.secs = std::uint16_t{1}; }, due,
     "RFC1542-4.1.1-request-relayed"},

    // Option 82.
    {"policy append",
     [](Stimulus& s) {
       add_option82(s, Policy::append);
       says_82(s);
     },
     due, "POLICY-append-keeps-and-adds"},
    {"policy replace",
     [](Stimulus& s) {
       add_option82(s, Policy::replace);
       says_82(s);
     },
     due, "POLICY-replace-takes-the-place"},
    {"policy forward",
     [](Stimulus& s) {
       add_option82(s, Policy::forward);
       says_82(s);
     },
     due, "POLICY-forward-leaves-as-is"},
    {"policy forward, option 82 off, behind another relay",
     [](Stimulus& s) {
       settings(s).option82_policy = Policy::forward;
       from_another_relay(s);
       says_82(s);
     },
     due, "RFC3046-2.1.1-relayed-82-kept"},
    {"option 82 on a trusted circuit",
     [](Stimulus& s) {
       add_option82(s);
       settings(s).trusted_downlinks = {Segment::downlink0};
       says_82(s);
     },
     due, "RFC3046-2.1-trusted-82-kept"},
    {"option 82 of another relay",
     [](Stimulus& s) {
       add_option82(s);
       from_another_relay(s);
       says_82(s);
     },
     due, "RFC3046-2.1.1-relayed-82-kept"},
    {"option 82 of another relay, policy discard",
     [](Stimulus& s) {
       add_option82(s, Policy::discard);
       from_another_relay(s);
       says_82(s);
     },
     due, "RFC3046-2.1.1-relayed-82-kept"},
    {"at the limit of size", [](Stimulus& s) { option82_and_size(s, 400, 400); }, due,
     "RFC3046-2.1-over-maxsize-forward-without"},
    {"over the limit of size", [](Stimulus& s) { option82_and_size(s, 400, 401); }, due,
     "RFC3046-2.1-already-over-maxsize"},
    {"a limit of size with room for any option 82", [](Stimulus& s) { option82_and_size(s, 600, 343); }, due,
     "RFC1542-2.1-larger-accepted"},
    {"a limit of size without room for every option 82", [](Stimulus& s) { option82_and_size(s, 600, 344); },
     due, "RFC3046-2.1-over-maxsize-forward-without"},
    {"room for any option 82 up to 576 octets", [](Stimulus& s) { option82_and_size(s, std::nullopt, 319); },
     due, "RFC1542-2.1-larger-accepted"},
    {"no room for every option 82 up to 576 octets",
     [](Stimulus& s) { option82_and_size(s, std::nullopt, 320); }, due,
     "RFC3046-2.1-over-maxsize-forward-without"},
    {"another relay's message over the limit of size",
     [](Stimulus& s) {
       option82_and_size(s, 400, 401);
       from_another_relay(s);
     },
     due, "RFC1542-2.1-larger-accepted"},

    // Link, network and transport.
    {"hlen 0",
     [](Stimulus& s) {
       s.message.htype = std::uint8_t{32};
       s.message.hlen = std::uint8_t{0};
       add(s, option::of(code::client_id, {0, 1, 2, 3}));
     },
     due, "RFC4390-2.1-ipoib-request"},
    {"hlen 0 without a client identifier",
     [](Stimulus& s) {
       s.message.htype = std::uint8_t{32};
       s.message.hlen = std::uint8_t{0};
     },
     either, "RFC6842-2-zero-chaddr"},
    {"hlen 0 of Ethernet with a client identifier",
     [](Stimulus& s) {
       s.message.hlen = std::uint8_t{0};
       s.message.chaddr = Bytes{};
       add(s, option::of(code::client_id, {0, 1, 2, 3}));
     },
     due, "RFC6842-2-zero-chaddr"},
    {"htype 6", [](Stimulus& s) { s.message.htype = std::uint8_t{6}; }, due, "RFC3456-htype-31"},
    {"htype 31", [](Stimulus& s) { s.message.htype = std::uint8_t{31}; }, due, "RFC3456-htype-31"},
    {"no UDP checksum", [](Stimulus& s) { s.envelope.udp_checksum = std::uint16_t{0}; }, due,
     "RFC951-3-udp-cksum-zero-accepted"},
    {"by unicast from another relay",
     [](Stimulus& s) {
       from_another_relay(s);
       unicast_to_relay(s);
       s.envelope.ip_src = another_relay;
       s.envelope.sport = std::uint16_t{67};
     },
     due, "HOP-relayed-unicast-accepted"},
    {"from port 67", [](Stimulus& s) { s.envelope.sport = std::uint16_t{67}; }, due, "MALF-sport-not-68"},
    {"from port 67, of another relay",
     [](Stimulus& s) {
       s.envelope.sport = std::uint16_t{67};
       from_another_relay(s);
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"from port 69", [](Stimulus& s) { s.envelope.sport = std::uint16_t{69}; }, due, "MALF-sport-not-68"},
    {"TTL 0", [](Stimulus& s) { s.envelope.ttl = std::uint8_t{0}; }, either, "RFC1542-4.1.1-ttl"},
    {"TTL 1", [](Stimulus& s) { s.envelope.ttl = std::uint8_t{1}; }, either, "RFC1542-4.1.1-ttl"},
    {"TTL 2", [](Stimulus& s) { s.envelope.ttl = std::uint8_t{2}; }, due, "RFC1542-4.1.1-request-relayed"},
    {"from 0.0.0.0 to the relay",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.ip_src = Ipv4();
     },
     due, "RFC1542-4.1-accept-src-zero"},
    {"to the directed broadcast address",
     [](Stimulus& s) {
       s.envelope.ip_dst = lab_topology()[Segment::downlink0].broadcast();
       s.envelope.ip_src = Ipv4("192.0.2.10");
     },
     due, "RFC1542-4.1-accept-directed-broadcast"},
    {"from 0.0.0.0 to the directed broadcast address",
     [](Stimulus& s) { s.envelope.ip_dst = lab_topology()[Segment::downlink0].broadcast(); }, due,
     "RFC1542-4.1-accept-src-zero"},

    // Message types, and where clients send them.
    {"proxy: a renewal",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       unicast_to_relay(s);
       retype(s, Type::request);
     },
     due, "PROXY-renew-accepted"},
    {"RFC 5107: a renewal",
     [](Stimulus& s) {
       override_request_server_id(s);
       retype(s, Type::request);
     },
     due, "RFC5107-1-renew-accepted"},
    {"RFC 5107: a RELEASE",
     [](Stimulus& s) {
       override_request_server_id(s);
       retype(s, Type::release);
     },
     due, "RFC5107-1-release-accepted"},
    {"RFC 5107: a REQUEST by broadcast",
     [](Stimulus& s) {
       const Envelope by_broadcast = s.envelope;
       override_request_server_id(s);
       s.envelope = by_broadcast;
       retype(s, Type::request);
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"RFC 5107: a RELEASE by broadcast",
     [](Stimulus& s) {
       const Envelope by_broadcast = s.envelope;
       override_request_server_id(s);
       s.envelope = by_broadcast;
       retype(s, Type::release);
     },
     due, "RFC2131-4.4.4-release-via-relay"},
    {"proxy: a renewal after a restart",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       unicast_to_relay(s);
       retype(s, Type::request);
       s.memory.note_restart();
     },
     due, "PROXY-state-loss-renew"},
    {"proxy: a RELEASE after a restart",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       unicast_to_relay(s);
       retype(s, Type::release);
       s.memory.note_restart();
     },
     due, "RFC2131-4.4.4-release-via-relay"},
    {"RFC 5107: a renewal after a restart",
     [](Stimulus& s) {
       override_request_server_id(s);
       retype(s, Type::request);
       s.memory.note_restart();
     },
     due, "RFC5107-4-no-state"},
    {"RFC 5107: a DISCOVER by unicast", override_request_server_id, due,
     "RFC1542-4.1-accept-unicast-to-self"},
    {"a RELEASE by broadcast", [](Stimulus& s) { retype(s, Type::release); }, due,
     "RFC2131-4.4.4-release-via-relay"},
    {"to the relay by unicast", unicast_to_relay, due, "RFC1542-4.1-accept-unicast-to-self"},
    {"to the relay's uplink address",
     [](Stimulus& s) {
       unicast_to_relay(s);
       s.envelope.ip_dst = relay_address(Segment::uplink);
     },
     due, "RFC1542-4.1-accept-unicast-to-self"},
    {"a DECLINE", [](Stimulus& s) { retype(s, Type::decline); }, due, "RFC2131-4.4.4-decline-relayed"},
    {"an INFORM", [](Stimulus& s) { retype(s, Type::inform); }, due, "RFC2131-4.3.5-inform-relayed"},
    {"a REQUEST for an unknown server",
     [](Stimulus& s) {
       retype(s, Type::request);
       add(s, option::address(code::server_id, Ipv4("198.51.100.77")));
     },
     due, "RFC2132-9.7-server-id-kept-request"},
    {"a REQUEST for a server that is not in use",
     [](Stimulus& s) {
       retype(s, Type::request);
       add(s, option::address(code::server_id, server_address(1)));
     },
     due, "RFC2132-9.7-server-id-kept-request"},
    {"a REQUEST for the server",
     [](Stimulus& s) {
       retype(s, Type::request);
       add(s, option::address(code::server_id, server_address(0)));
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"proxy: a REQUEST for an unknown server",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       retype(s, Type::request);
       add(s, option::address(code::server_id, Ipv4("198.51.100.77")));
     },
     due, "PROXY-request-other-server"},
    {"proxy: a REQUEST for the relay",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       retype(s, Type::request);
       add(s, option::address(code::server_id, relay_address(Segment::downlink0)));
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"a REQUEST", [](Stimulus& s) { retype(s, Type::request); }, due, "RFC1542-4.1.1-request-relayed"},
    {"a REQUEST with ciaddr",
     [](Stimulus& s) {
       retype(s, Type::request);
       s.message.ciaddr = host_address(Segment::downlink0, 100);
       s.envelope.ip_src = host_address(Segment::downlink0, 100);
     },
     due, "RFC2131-4.3.2-rebinding-relayed"},
    {"from a client's own address",
     [](Stimulus& s) { s.envelope.ip_src = host_address(Segment::downlink0, 100); }, due,
     "RFC1542-4.1-accept-src-legal"},
    {"BOOTP", [](Stimulus& s) { set_options(s, {option::text(code::host_name, "host")}); }, due,
     "RFC1542-4.1.1-bootp-request-relayed"},
    {"message type 11", [](Stimulus& s) { retype(s, type_of(11)); }, due,
     "RFC2131-msgtype-unknown-tolerated"},

    // Fields and options.
    {"the flag alone", [](Stimulus& s) { s.message.flags = broadcast_flag; }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"reserved flags", [](Stimulus& s) { s.message.flags = std::uint16_t{1}; }, due,
     "RFC1542-2.2-mbz-ignored-request"},
    {"maximum size", [](Stimulus& s) { add(s, option::number16(code::max_message_size, 576)); }, due,
     "RFC2132-9.10-max-message-size-request"},
    {"split option", [](Stimulus& s) { add(s, option::text(code::host_name, ".example")); }, due,
     "RFC3396-7-split-options-pass"},
    {"PADs between options",
     [](Stimulus& s) {
       add(s, option::pads(3));
       add(s, option::text(80, "x"));
     },
     due, "RFC2132-2-pad-between-options"},
    {"301 octets", [](Stimulus& s) { s.size = 301; }, due, "RFC1542-2.1-larger-accepted"},

    // The servers that the relay is set up with.
    {"one of the servers", [](Stimulus& s) { server_list(s, "198.51.100.3"); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"the relay as its own server", [](Stimulus& s) { server_list(s, "198.51.100.1"); }, due,
     "HOP-loop-self"},
    {"a directed broadcast address as server", [](Stimulus& s) { server_list(s, "198.51.100.255"); }, due,
     "RFC1542-4.1.1-destination-broadcast-multicast"},
    {"a multicast group as server", [](Stimulus& s) { server_list(s, "239.255.0.1"); }, due,
     "RFC1542-4.1.1-destination-broadcast-multicast"},
    {"the limited broadcast address as server", [](Stimulus& s) { server_list(s, "255.255.255.255"); }, due,
     "RFC1542-4.1.1-destination-broadcast-multicast"},
    {"a server on the clients' network", [](Stimulus& s) { server_list(s, "192.0.2.77"); }, due,
     "SRV-on-client-link"},
    {"a server without a route", [](Stimulus& s) { server_list(s, "10.0.0.1"); }, due, "SRV-unroutable"},
    {"a dead server", [](Stimulus& s) { server_list(s, "198.51.100.77"); }, due, "SRV-one-dead"},
};

TEST(ModelOfRequests, ThatAreDue) { expect_verdicts(plain_request(), due_request_examples()); }

}  // namespace

std::span<const Example> due_request_examples() { return due_requests; }

}  // namespace relayspec::dhcp4
