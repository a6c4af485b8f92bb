// SPDX-License-Identifier: Apache-2.0
// What becomes of a message that comes in from a client network. The first row that applies decides: what
// must be dropped, what a relay is free to drop, and what must be relayed, each by its own rule.
#include <algorithm>

#include "harness/dhcp4/facts.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint8_t leasequery = 10;  // RFC 4388

using Policy = AgentOptionPolicy;

bool is_group_or_no_host(Ipv4 a) { return is_of_no_host(a) || is_loopback(a) || is_of_this_network(a); }

// RFC 3046, section 2.1.1: an address that this relay itself puts into giaddr.
bool is_giaddr_of_the_relay(const Facts& f) {
  const auto served = std::span(all_downlinks).first(f.settings().downlinks);
  return std::any_of(served.begin(), served.end(),
                     [&](Segment downlink) { return f.giaddr() == f.world.giaddr_of(downlink); });
}

// Option 82 in a request that no relay has passed on (RFC 3046, section 2.1).
bool client_says_82(const Facts& f) { return f.fresh() && f.has(code::relay_agent); }
bool untrusted_82(const Facts& f) {
  return f.adds_option82() && client_says_82(f) && !f.trusted() &&
         f.settings().option82_policy == Policy::rfc;
}

bool readable_options(const Facts& f) { return !f.truncated_option() && !f.code_without_length(); }

// RFC 6842, section 2: a client without a link address says who it is in option 61.
bool says_who_by_61_alone(const Facts& f) {
  return f.hlen() == 0 && f.chaddr() == Mac() && f.has(code::client_id);
}

// There may be no room for option 82: by the operator's limit, by the link's, or by one that the relay has
// where nobody has set any.
bool near_a_limit(const Facts& f) {
  return f.adds_option82() && f.fresh() &&
         f.size() + largest_option82(f.settings()) > f.settings().max_size.value_or(least_size_limit);
}

// Among the servers that the relay is set up with.
bool has_server(const Facts& f, bool (*like)(const Topology&, Ipv4)) {
  const auto& list = f.settings().server_list;
  return std::any_of(list.begin(), list.end(), [&](Ipv4 a) { return like(f.world.topology, a); });
}

const Row request_table[] = {
    // RFC 1542, section 4.1.1.
    {"RFC1542-4.1.1-per-interface-enable", dropped,
     [](const Facts& f) { return index(f.segment) >= f.settings().downlinks; }},
    {"RFC1812-4.2.2.11-src-multicast", dropped, [](const Facts& f) { return f.impossible_source(); }},
    {"SEC-clientside-spoofed-server-source", dropped,
     [](const Facts& f) { return f.op() == boot_reply && f.from_server(); }},
    {"MALF-op-2-clientside-broadcast", dropped,
     [](const Facts& f) { return f.op() == boot_reply && !f.to_relay(); }},
    {"MALF-op-2-clientside", dropped, [](const Facts& f) { return f.op() == boot_reply; }},
    {"RFC1542-4.1.1-hops-over-16-discard", dropped, [](const Facts& f) { return f.hops() > 16; }},
    {"RFC1542-4.1.1-hops-threshold-configurable", dropped,
     [](const Facts& f) { return f.settings().max_hops && f.hops() > *f.settings().max_hops; }},
    {"RFC1542-4.1.1-hops-default-4", dropped,
     [](const Facts& f) { return f.strict() && !f.settings().max_hops && f.hops() > 4; }},
    {"RFC1542-4.1.1-secs-threshold-configurable", dropped,
     [](const Facts& f) { return f.settings().min_secs && *f.message->secs < *f.settings().min_secs; }},
    // RFC 3046, sections 2.1 and 2.1.1.
    {"RFC3046-2.1.1-own-giaddr-discard", dropped,
     [](const Facts& f) {
       return f.adds_option82() && f.giaddr() == f.world.giaddr_of(f.segment) &&
              f.world.is_relays(f.giaddr());
     }},
    {"RFC3046-2.1.1-own-giaddr-other-interface", dropped,
     [](const Facts& f) {
       return f.adds_option82() && is_giaddr_of_the_relay(f) && f.world.is_relays(f.giaddr());
     }},
    {"RFC3046-2.1.1-own-address-as-giaddr", dropped,
     [](const Facts& f) { return f.adds_option82() && f.world.is_relays(f.giaddr()); }},
    {"POLICY-discard-drops", dropped,
     [](const Facts& f) {
       return f.adds_option82() && client_says_82(f) && f.settings().option82_policy == Policy::discard;
     }},
    {"RFC3527-4-untrusted-guard", dropped,
     [](const Facts& f) { return f.settings().link_selection && untrusted_82(f); }},
    {"RFC3046-2.1-untrusted-82-empty", either,
     [](const Facts& f) { return untrusted_82(f) && f.option(code::relay_agent) == Bytes{} && !f.strict(); }},
    {"RFC3046-2.1-untrusted-82-empty", dropped,
     [](const Facts& f) { return untrusted_82(f) && f.option(code::relay_agent) == Bytes{}; }},
    {"RFC3046-2.1-untrusted-82-before-53", dropped,
     [](const Facts& f) {
       return untrusted_82(f) && readable_options(f) &&
              code_of(f.options->elements.front()) == code::relay_agent;
     }},
    {"RFC3046-2.1-untrusted-with-82-giaddr0-discard", dropped,
     [](const Facts& f) { return untrusted_82(f) && readable_options(f); }},

    // What a relay may pass on or drop.
    {"IF-no-ipv4-address", either,
     [](const Facts& f) { return f.fresh() && f.world.is_unnumbered(f.segment); }},
    {"IF-address-change-runtime", either,
     [](const Facts& f) { return f.world.lost_addresses.contains(f.giaddr()); }},
    {"RFC1122-3.3.6-link-broadcast-ip-unicast", either,
     [](const Facts& f) { return f.datagram->eth_dst.is_broadcast() && f.to_relay(); }},
    {"RFC1812-src-own-address", either, [](const Facts& f) { return f.world.is_relays(f.datagram->ip_src); }},
    {"SEC-chaddr-vs-source-mac", either,
     [](const Facts& f) {
       return f.fresh() && f.ethernet() && f.chaddr() != f.datagram->eth_src && f.to_limited_broadcast();
     }},
    {"RFC1122-3.2.1.8-ip-options", either, [](const Facts& f) { return f.layers.has_options; }},
    {"MALF-jumbo", either, [](const Facts& f) { return f.size() > link_payload; }},
    {"RFC1542-2.1-min-300-discard", either, [](const Facts& f) { return f.size() < 300; }},
    {"RFC951-8-hops-limit-3-legacy", either,
     [](const Facts& f) { return !f.settings().max_hops && !f.strict() && f.hops() > 3; }},
    // A client that has just begun, and a datagram whose TTL, less one, is nothing (RFC 1542, section 4.1.1).
    {"RFC1542-4.1.1-secs-threshold", either,
     [](const Facts& f) { return !f.settings().min_secs && *f.message->secs == 0; }},
    {"RFC1542-4.1.1-ttl", either, [](const Facts& f) { return f.datagram->ttl <= 1; }},
    {"RFC6842-2-zero-chaddr", either, [](const Facts& f) { return f.says_not_who(); }},
    {"RFC3046-2.1.1-own-giaddr-82-off", either, [](const Facts& f) { return f.world.is_relays(f.giaddr()); }},
    {"MALF-giaddr-server-address", either,
     [](const Facts& f) { return f.world.topology.server_at(f.giaddr()).has_value(); }},
    {"MALF-giaddr-broadcast", either,
     [](const Facts& f) {
       return f.giaddr() == all_hosts || f.world.topology.is_directed_broadcast(f.giaddr());
     }},
    {"MALF-giaddr-multicast", either,
     [](const Facts& f) { return !f.fresh() && is_group_or_no_host(f.giaddr()); }},
    {"MALF-hlen-over-16-request", either, [](const Facts& f) { return f.hlen() > 16; }},
    {"MALF-hlen-odd-for-ethernet", either,
     [](const Facts& f) { return f.message->htype == 1 && f.hlen() != 6 && !says_who_by_61_alone(f); }},
    {"MALF-bad-cookie-dhcp", either, [](const Facts& f) { return f.adds_option82() && !f.options; }},
    {"MALF-truncated-option", either, [](const Facts& f) { return f.truncated_option(); }},
    {"MALF-code-without-length", either, [](const Facts& f) { return f.code_without_length(); }},
    {"MALF-only-pads", either, [](const Facts& f) { return f.only_pads(); }},
    {"RFC3046-2.1-no-end-present", either, [](const Facts& f) { return f.options && !f.options->end; }},
    {"MALF-zero-length-options", either, [](const Facts& f) { return f.empty_valued_option(); }},
    {"MALF-duplicate-53", either, [](const Facts& f) { return f.count(code::message_type) > 1; }},
    {"MALF-msgtype-reserved", either,
     [](const Facts& f) {
       return f.has(code::message_type) && (!f.type() || *f.type() == 0 || *f.type() == 255);
     }},
    {"MALF-57-len-1", either,
     [](const Facts& f) {
       return f.has(code::max_message_size) && f.option(code::max_message_size)->size() != 2;
     }},
    {"MALF-overload-illegal", either, [](const Facts& f) { return f.bad_overload(); }},
    {"RFC2131-op-vs-msgtype-mismatch", either,
     [](const Facts& f) { return f.is(Type::offer) || f.is(Type::ack) || f.is(Type::nak); }},
    {"RFC4388-7-leasequery-from-client", either,
     [](const Facts& f) { return f.fresh() && f.type() == leasequery; }},
    {"MALF-82-suboption-overrun-request", either,
     [](const Facts& f) { return f.has(code::relay_agent) && f.broken_option82(); }},
    {"MALF-duplicate-82-request", either,
     [](const Facts& f) {
       return f.count(code::relay_agent) > 1 && (!f.fresh() || f.settings().option82_policy == Policy::rfc);
     }},
    {"SEC-client-giaddr-nonzero", either,
     [](const Facts& f) { return !f.fresh() && f.trusted() && f.has(code::relay_agent); }},
    {"RFC3046-2.1-82-in-overloaded-request", either,
     [](const Facts& f) { return f.adds_option82() && f.overloaded_option82(); }},
    {"RFC1542-4.1.1-options-intact", either,
     [](const Facts& f) { return client_says_82(f) && !f.adds_option82(); }},
    {"PROXY-auth-option90", either,
     [](const Facts& f) { return f.proxy() && f.has(code::authentication) && f.has(code::server_id); }},

    // What has to be relayed, and the rule that a loss breaks: of the odd ones what is odd about them.
    {"SRV-retransmissions-all-relayed", due,
     [](const Facts& f) { return f.memory.times_sent(f.datagram->payload) > 1; }},
    {"RFC1542-3.5-other-cookie-passes", due, [](const Facts& f) { return !f.options; }},
    {"RFC4388-6.3-leasequery-transit", due, [](const Facts& f) { return f.type() == leasequery; }},
    {"RFC1542-4.1.1-hops-16-boundary", due,
     [](const Facts& f) { return f.hops() == 16 || (f.settings().max_hops == 16U && f.hops() > 4); }},
    {"RFC1542-4.1.1-hops-threshold-configurable", due,
     [](const Facts& f) { return f.settings().max_hops && f.hops() > 4; }},
    {"RFC1542-4.1.1-hops-default-4", due, [](const Facts& f) { return f.strict() && f.hops() == 4; }},
    {"RFC1542-4.1.1-secs-threshold-configurable", due,
     [](const Facts& f) { return f.settings().min_secs.has_value(); }},
    {"POLICY-append-keeps-and-adds", due,
     [](const Facts& f) { return client_says_82(f) && f.settings().option82_policy == Policy::append; }},
    {"POLICY-replace-takes-the-place", due,
     [](const Facts& f) { return client_says_82(f) && f.settings().option82_policy == Policy::replace; }},
    {"POLICY-forward-leaves-as-is", due,
     [](const Facts& f) {
       return f.adds_option82() && f.has(code::relay_agent) &&
              f.settings().option82_policy == Policy::forward;
     }},
    {"RFC3046-2.1-trusted-82-kept", due, [](const Facts& f) { return client_says_82(f) && f.trusted(); }},
    {"RFC3046-2.1.1-relayed-82-kept", due, [](const Facts& f) { return f.has(code::relay_agent); }},
    {"RFC3046-2.1-already-over-maxsize", due,
     [](const Facts& f) { return f.settings().max_size && f.fresh() && f.size() > *f.settings().max_size; }},
    {"RFC3046-2.1-over-maxsize-forward-without", due, [](const Facts& f) { return near_a_limit(f); }},
    {"RFC4390-2.1-ipoib-request", due, [](const Facts& f) { return f.message->htype != 1 && f.hlen() == 0; }},
    {"RFC3456-htype-31", due, [](const Facts& f) { return f.message->htype != 1; }},
    {"RFC6842-2-zero-chaddr", due, [](const Facts& f) { return f.hlen() == 0; }},
    {"RFC951-3-udp-cksum-zero-accepted", due,
     [](const Facts& f) { return f.datagram->udp_checksum == Checksum::absent; }},
    {"HOP-relayed-unicast-accepted", due, [](const Facts& f) { return !f.fresh() && f.to_relay(); }},
    // RFC 1542, section 4.1.1: another relay sends from port 67.
    {"MALF-sport-not-68", due,
     [](const Facts& f) { return f.datagram->sport != 68 && (f.fresh() || f.datagram->sport != 67); }},
    {"RFC1542-4.1-accept-src-zero", due,
     [](const Facts& f) {
       return f.datagram->ip_src == Ipv4() && (f.to_relay() || f.to_directed_broadcast());
     }},
    {"RFC1542-4.1-accept-directed-broadcast", due, [](const Facts& f) { return f.to_directed_broadcast(); }},
    {"PROXY-state-loss-renew", due,
     [](const Facts& f) {
       return f.proxy() && f.memory.relay_was_restarted() && f.to_relay() && f.is(Type::request);
     }},
    {"RFC5107-4-no-state", due,
     [](const Facts& f) {
       return f.settings().server_id == ServerIdMode::override_suboption && f.memory.relay_was_restarted() &&
              f.to_relay();
     }},
    {"PROXY-renew-accepted", due,
     [](const Facts& f) { return f.proxy() && f.to_relay() && f.is(Type::request); }},
    {"RFC5107-1-renew-accepted", due,
     [](const Facts& f) {
       return f.settings().server_id == ServerIdMode::override_suboption && f.to_relay() &&
              f.is(Type::request);
     }},
    {"RFC5107-1-release-accepted", due,
     [](const Facts& f) {
       return f.settings().server_id == ServerIdMode::override_suboption && f.to_relay() &&
              f.is(Type::release);
     }},
    {"RFC2131-4.4.4-release-via-relay", due, [](const Facts& f) { return f.is(Type::release); }},
    {"RFC1542-4.1-accept-unicast-to-self", due, [](const Facts& f) { return f.to_relay(); }},
    {"RFC2131-4.4.4-decline-relayed", due, [](const Facts& f) { return f.is(Type::decline); }},
    {"RFC2131-4.3.5-inform-relayed", due, [](const Facts& f) { return f.is(Type::inform); }},
    {"PROXY-request-other-server", due, [](const Facts& f) { return f.proxy() && f.names_unknown_server(); }},
    {"RFC2132-9.7-server-id-kept-request", due, [](const Facts& f) { return f.names_unknown_server(); }},
    {"RFC2131-4.3.2-rebinding-relayed", due,
     [](const Facts& f) { return f.is(Type::request) && f.message->ciaddr != Ipv4(); }},
    {"RFC1542-4.1-accept-src-legal", due, [](const Facts& f) { return f.datagram->ip_src != Ipv4(); }},
    {"RFC1542-4.1.1-bootp-request-relayed", due, [](const Facts& f) { return !f.has(code::message_type); }},
    {"RFC2131-msgtype-unknown-tolerated", due,
     [](const Facts& f) { return f.has(code::message_type) && !f.known_type(); }},
    {"RFC1542-2.2-mbz-ignored-request", due,
     [](const Facts& f) { return (*f.message->flags & 0x7fff) != 0; }},
    {"RFC2132-9.10-max-message-size-request", due,
     [](const Facts& f) { return f.has(code::max_message_size); }},
    {"RFC2131-4.1-overload-untouched-request", due, [](const Facts& f) { return f.has(code::overload); }},
    {"RFC3396-7-split-options-pass", due, [](const Facts& f) { return f.split_option(); }},
    {"RFC2132-2-pad-between-options", due, [](const Facts& f) { return f.pads_between(); }},
    {"RFC1542-2.1-larger-accepted", due, [](const Facts& f) { return f.size() > 300; }},
    {"HOP-loop-self", due,
     [](const Facts& f) {
       return has_server(f, [](const Topology& t, Ipv4 a) { return t.owner_of(a).has_value(); });
     }},
    {"RFC1542-4.1.1-destination-broadcast-multicast", due,
     [](const Facts& f) {
       return has_server(f, [](const Topology& t, Ipv4 a) {
         return a.is_multicast() || a == all_hosts || t.is_directed_broadcast(a);
       });
     }},
    {"SRV-on-client-link", due,
     [](const Facts& f) {
       return has_server(f, [](const Topology& t, Ipv4 a) { return t[Segment::downlink0].contains(a); });
     }},
    {"SRV-unroutable", due,
     [](const Facts& f) {
       return has_server(f, [](const Topology& t, Ipv4 a) { return !t[Segment::uplink].contains(a); });
     }},
    {"SRV-one-dead", due,
     [](const Facts& f) { return has_server(f, [](const Topology& t, Ipv4 a) { return !t.server_at(a); }); }},
    {"RFC1542-4.1.1-request-relayed", due, [](const Facts&) { return true; }},
};

}  // namespace

std::span<const Row> request_rows() { return request_table; }

}  // namespace relayspec::dhcp4
