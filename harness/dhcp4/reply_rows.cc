// SPDX-License-Identifier: Apache-2.0
// What becomes of a message that comes in from the servers' network. The first row that applies decides.
#include "harness/dhcp4/facts.h"
#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint8_t vss = 151;                        // RFC 6607
constexpr std::uint8_t ieee_1394 = 24, infiniband = 32;  // htype

bool is_group(const Mac& m) { return (*m.begin() & 1) != 0 || m == Mac(); }

bool is_no_host(Ipv4 a, const Facts& f) {
  return is_of_no_host(a) || is_loopback(a) || f.world.is_relays(a) ||
         f.world.topology.is_directed_broadcast(a);
}

/// A downlink's address, or the one that the operator has chosen for all.
bool names_client_network(const Facts& f) {
  if (!f.world.is_relays(f.giaddr())) return false;
  const auto owner = f.world.owner_of(f.giaddr());
  return owner != Segment::uplink || f.giaddr() == f.world.giaddr_of(Segment::downlink0);
}

/// A network on which the relay has no address at the moment, whose giaddr is another network's.
bool is_for_unnumbered(const Facts& f) {
  if (f.world.lost_addresses.empty()) return false;
  const auto networks = Model(f.world).networks_of(*f.message, f.memory);
  return std::any_of(networks.begin(), networks.end(), [&](Segment s) { return f.world.is_unnumbered(s); });
}

bool echo_is_own(const Facts& f) {
  const auto echo = f.memory.echo(f.key());
  return echo && f.option(code::relay_agent) == *echo;
}

const Row reply_table[] = {
    // RFC 1542, section 4.1.2: relays deliver replies alone.
    {"MALF-op-1-serverside-to-giaddr", dropped,
     [](const Facts& f) { return f.op() == boot_request && f.to_relay(); }},
    {"MALF-op-1-serverside", dropped, [](const Facts& f) { return f.op() == boot_request; }},
    {"RFC1542-4.1.2-giaddr-zero-discard", dropped, [](const Facts& f) { return f.fresh(); }},
    {"MALF-giaddr-reply-loopback", dropped, [](const Facts& f) { return is_loopback(f.giaddr()); }},
    {"RFC1542-4.1.2-giaddr-foreign-discard", dropped,
     [](const Facts& f) { return !f.world.is_relays(f.giaddr()); }},
    // RFC 1542, section 4.1.1: a network that is not relayed for has no clients of this relay.
    {"RFC1542-4.1.1-per-interface-enable", either,
     [](const Facts& f) {
       const auto owner = f.world.owner_of(f.giaddr());
       return owner && *owner != Segment::uplink && index(*owner) >= f.settings().downlinks;
     }},
    // RFC 3046, section 3.1: the echo may name a circuit where giaddr names none.
    {"RFC3046-3.1-circuit-id-vs-giaddr", either,
     [](const Facts& f) {
       return f.adds_option82() && f.has(code::relay_agent) && !names_client_network(f);
     }},
    {"RFC1542-4.1.2-giaddr-serverside-address", dropped,
     [](const Facts& f) { return !names_client_network(f); }},
    {"RFC6607-5.1-server-assigned-unknown", dropped,
     [](const Facts& f) {
       const auto named = sub_option(f.datagram->payload, vss);
       // What the end of the message cuts off names nothing.
       return !f.settings().vss.empty() && named && named->size() > 1 && !f.truncated_option() &&
              Bytes(named->begin() + 1, named->end()) !=
                  Bytes(f.settings().vss.begin(), f.settings().vss.end());
     }},

    // What a relay may deliver or drop.
    {"IF-no-ipv4-address", either, [](const Facts& f) { return is_for_unnumbered(f); }},
    {"SEC-unknown-server-reply", either, [](const Facts& f) { return !f.from_server(); }},
    {"RFC1122-3.3.6-link-broadcast-ip-unicast", either,
     [](const Facts& f) { return f.datagram->eth_dst.is_broadcast() && f.to_relay(); }},
    {"RFC1542-4.1-reply-by-broadcast", either, [](const Facts& f) { return !f.to_relay(); }},
    {"MALF-sport-not-67-reply", either, [](const Facts& f) { return f.datagram->sport != 67; }},
    {"RFC8357-3.1-port-67-too", either,
     [](const Facts& f) { return f.datagram->dport != f.world.port_towards_servers(); }},
    {"RFC1122-3.2.1.8-ip-options", either, [](const Facts& f) { return f.layers.has_options; }},
    {"MALF-jumbo", either, [](const Facts& f) { return f.size() > link_payload; }},
    {"RFC1542-2.1-min-300-discard-reply", either, [](const Facts& f) { return f.size() < 300; }},
    {"MALF-hlen-over-16-reply", either, [](const Facts& f) { return f.hlen() > 16; }},
    {"MALF-hlen-odd-for-ethernet", either,
     [](const Facts& f) { return f.message->htype == 1 && f.hlen() != 6; }},
    // Without the flag there is no link address to go to that an Ethernet interface has.
    {"RFC4390-2.2-hlen0-no-broadcast-bit", either, [](const Facts& f) { return f.hlen() == 0 && !f.flag(); }},
    {"RFC2855-3-1394-chaddr-ignored", either,
     [](const Facts& f) { return f.message->htype == ieee_1394 && !f.flag(); }},
    {"RFC3456-htype-31", either, [](const Facts& f) { return !f.ethernet() && !f.flag(); }},
    {"MALF-chaddr-group-reply", either,
     [](const Facts& f) { return f.ethernet() && !f.flag() && is_group(f.chaddr()); }},
    {"RFC6842-2-zero-chaddr", either, [](const Facts& f) { return f.says_not_who(); }},
    {"MALF-yiaddr-bad-reply", either,
     [](const Facts& f) {
       const bool leased = f.message->yiaddr != Ipv4();
       return !f.flag() && is_no_host(leased ? *f.message->yiaddr : *f.message->ciaddr, f);
     }},
    {"MALF-bad-cookie-reply", either, [](const Facts& f) { return f.adds_option82() && !f.options; }},
    {"MALF-truncated-option-reply", either, [](const Facts& f) { return f.truncated_option(); }},
    {"MALF-code-without-length", either, [](const Facts& f) { return f.code_without_length(); }},
    {"MALF-only-pads", either, [](const Facts& f) { return f.only_pads(); }},
    {"MALF-missing-end-reply", either, [](const Facts& f) { return f.options && !f.options->end; }},
    {"MALF-zero-length-options", either, [](const Facts& f) { return f.empty_valued_option(); }},
    {"MALF-duplicate-53", either, [](const Facts& f) { return f.count(code::message_type) > 1; }},
    {"MALF-msgtype-reserved", either,
     [](const Facts& f) {
       return f.has(code::message_type) && (!f.type() || *f.type() == 0 || *f.type() == 255);
     }},
    {"MALF-overload-illegal", either, [](const Facts& f) { return f.bad_overload(); }},
    {"RFC2131-op-vs-msgtype-mismatch", either,
     [](const Facts& f) {
       return f.known_type() && !f.is(Type::offer) && !f.is(Type::ack) && !f.is(Type::nak);
     }},
    {"RFC3203-2.2-forcerenew-via-giaddr", either, [](const Facts& f) { return f.type() == 9; }},
    {"PROXY-auth-option90", either,
     [](const Facts& f) { return f.proxy() && f.has(code::authentication) && f.has(code::server_id); }},
    // Its Server Identifier may be kept by exchange.
    {"RFC1542-4.1.2-uses-htype-hlen-chaddr", either,
     [](const Facts& f) { return f.proxy() && !f.memory.has_asked(f.key()); }},
    {"PROXY-first-offer-only", either,
     [](const Facts& f) { return f.proxy() && f.world.request_copies() > 1 && f.is(Type::offer); }},
    {"RFC3046-82-off-reply-with-82", either,
     [](const Facts& f) { return !f.adds_option82() && f.has(code::relay_agent); }},
    {"RFC3046-2.1-trusted-82-not-stripped", either,
     [](const Facts& f) {
       const auto policy = f.settings().option82_policy;
       return f.memory.came_with_option82(f.key()) &&
              (policy == AgentOptionPolicy::rfc || policy == AgentOptionPolicy::forward);
     }},
    {"MALF-82-suboption-overrun-reply", either, [](const Facts& f) { return f.broken_option82(); }},
    // RFC 3527, section 3: where networks share giaddr, the echo alone says which one it is.
    {"RFC3527-shared-giaddr-no-echo", either,
     [](const Facts& f) {
       const RelaySettings& s = f.settings();
       return (s.link_selection || s.giaddr) && s.downlinks > 1 && !f.has(code::relay_agent);
     }},
    // RFC 3046, sections 2.2 and 3.1: an echo that is not there, or not what the relay has sent.
    {"RFC3046-2.2-reply-without-82", either,
     [](const Facts& f) {
       // Without an echo nothing says either which VPN the server means (RFC 6607, section 5).
       return f.adds_option82() && !f.has(code::relay_agent) &&
              (!f.memory.received_without_option82(f.key()) || !f.settings().vss.empty());
     }},
    {"RFC3046-2.2-echo-only-own", either,
     [](const Facts& f) { return f.adds_option82() && f.has(code::relay_agent) && !echo_is_own(f); }},
    // RFC 1542, section 4.1.2: without flag, yiaddr and ciaddr there is no address to go to.
    {"RFC1542-4.1.2-broadcast-fallback", either,
     [](const Facts& f) {
       return !f.flag() && f.message->yiaddr == Ipv4() && f.message->ciaddr == Ipv4() && !f.is(Type::nak);
     }},

    // What has to be delivered, and the rule that a loss breaks.
    {"IF-secondary-giaddr-reply", due,
     [](const Facts& f) {
       return !f.world.topology.owner_of(f.giaddr()) && f.giaddr() != f.settings().giaddr;
     }},
    {"RFC951-3-udp-cksum-zero-accepted", due,
     [](const Facts& f) { return f.datagram->udp_checksum == Checksum::absent; }},
    {"RFC8357-3.1-receives-on-that-port", due,
     [](const Facts& f) { return f.settings().source_port.has_value(); }},
    {"IF-reply-dst-any-own", due, [](const Facts& f) { return f.datagram->ip_dst != f.giaddr(); }},
    {"RFC4390-2.2-ipoib-reply-broadcast", due,
     [](const Facts& f) { return f.message->htype == infiniband && f.hlen() == 0; }},
    {"RFC3456-htype-31", due, [](const Facts& f) { return f.message->htype != 1; }},
    {"RFC5107-renew-ack-unicast", due,
     [](const Facts& f) {
       return f.settings().server_id == ServerIdMode::override_suboption && f.is(Type::ack) &&
              f.message->ciaddr != Ipv4();
     }},
    {"RFC5107-renew-nak", due,
     [](const Facts& f) {
       return f.settings().server_id == ServerIdMode::override_suboption && f.is(Type::nak);
     }},
    {"RFC1542-4.1.2-stateless-after-restart", due,
     [](const Facts& f) { return f.memory.relay_was_restarted() && f.memory.has_asked(f.key()); }},
    {"SRV-all-offers-relayed", due,
     [](const Facts& f) {
       const std::size_t asked = f.memory.requests(f.key());
       return asked > 0 && f.memory.answers(f.key(), f.type()) > asked;
     }},
    {"RFC3046-2.2-reply-without-82", due,
     [](const Facts& f) { return f.adds_option82() && !f.has(code::relay_agent); }},
    {"RFC3396-7-split-82-in-reply", due, [](const Facts& f) { return f.count(code::relay_agent) > 1; }},
    {"RFC1542-4.1.2-uses-htype-hlen-chaddr", due,
     [](const Facts& f) { return !f.memory.has_asked(f.key()); }},
    {"RFC2131-table3-server-hops-copied", due, [](const Facts& f) { return f.hops() > 0; }},
    {"RFC3527-3-giaddr-reachable", due, [](const Facts& f) { return f.settings().link_selection; }},
    {"RFC6607-5-only-vss-echoed", due, [](const Facts& f) { return !f.settings().vss.empty(); }},
    {"RFC1542-3.5-other-cookie-passes", due, [](const Facts& f) { return !f.options; }},
    {"RFC1542-5.4-bootp-reply-delivered", due, [](const Facts& f) { return !f.has(code::message_type); }},
    {"RFC2131-msgtype-unknown-reply", due,
     [](const Facts& f) { return f.has(code::message_type) && !f.known_type(); }},
    {"RFC2131-4.3.2-nak-without-bit", due, [](const Facts& f) { return f.is(Type::nak) && !f.flag(); }},
    {"RFC2131-4.3.5-inform-ack", due,
     [](const Facts& f) { return f.message->yiaddr == Ipv4() && f.message->ciaddr != Ipv4(); }},
    {"MALF-yiaddr-off-subnet", due,
     [](const Facts& f) {
       const auto owner = f.world.topology.owner_of(f.giaddr());
       return owner && !f.settings().link_selection && f.message->yiaddr != Ipv4() &&
              !f.world.topology[*owner].contains(*f.message->yiaddr);
     }},
    {"RFC1542-2.2-mbz-ignored-reply", due, [](const Facts& f) { return (*f.message->flags & 0x7fff) != 0; }},
    {"RFC1542-4.1.2-reply-delivered", due, [](const Facts& f) { return f.is(Type::nak); }},
    {"RFC6842-3-client-id-echo-passes", due, [](const Facts& f) { return f.has(code::client_id); }},
    {"RFC2131-4.1-overload-untouched-reply", due, [](const Facts& f) { return f.has(code::overload); }},
    {"RFC3396-7-split-options-pass", due, [](const Facts& f) { return f.split_option(); }},
    {"RFC2132-2-pad-between-options", due, [](const Facts& f) { return f.pads_between(); }},
    {"RFC1542-2.1-larger-accepted", due, [](const Facts& f) { return f.size() > 300; }},
    {"RFC1542-4.1.2-reply-delivered", due, [](const Facts&) { return true; }},
};

}  // namespace

std::span<const Row> reply_rows() { return reply_table; }

}  // namespace relayspec::dhcp4
