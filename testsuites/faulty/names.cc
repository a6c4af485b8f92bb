// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/names.h"

#include <algorithm>
#include <cstdio>

#include "testsuites/faulty/corrupt.h"
#include "testsuites/faulty/narrow.h"
#include "testsuites/faulty/successive.h"
#include "testsuites/faulty/variants.h"

namespace relayspec::faulty {
namespace {

// Faults that are more than a change of octets; where they strike, the code asks wrong("name").
constexpr const char* faults[] = {
    // giaddr and hops
    "giaddr-is-uplink", "giaddr-overwritten", "giaddr-of-other-downlink", "giaddr-is-broadcast-address",
    "giaddr-not-filled-in", "hops-not-raised", "hops-raised-by-2", "hops-raised-in-replies",
    "hops-not-raised-behind-relay", "hop-limit-one-lower", "hop-limit-one-higher", "hop-limit-missing",
    "hop-limit-missing-on-the-second-network", "hop-limit-may-exceed-16", "82-left-out-behind-leading-pads",
    "over-hop-limit-relayed-late", "loop-to-own-giaddr",
    // servers
    "first-server-only", "last-server-only", "servers-in-turn", "each-64th-copy-for-the-second-server-lost",
    "copies-doubled", "request-source-foreign", "request-sport-68", "request-ttl-1", "request-port-68-taken",
    "other-sport-dropped", "retransmissions-dropped", "request-dport-68", "request-checksum-zero",
    "rebroadcast-on-other-downlink", "rebroadcast-on-same-downlink", "transit-relayed-again",
    // what is relayed at all
    "discover-dropped", "request-dropped", "inform-dropped", "decline-dropped", "release-dropped",
    "unknown-type-dropped", "bootp-request-dropped", "reply-dropped", "nak-dropped", "unknown-reply-dropped",
    "bootp-reply-dropped", "other-cookie-dropped", "op-unchecked-from-clients", "op-unchecked-from-servers",
    "behind-relay-dropped", "legal-source-dropped", "min-secs-one-lower", "min-secs-one-higher",
    "min-secs-in-host-order", "min-secs-ignored", "reply-without-yiaddr-dropped",
    // delivery
    "reply-on-all-downlinks", "reply-on-last-used-downlink", "reply-on-first-downlink", "reply-by-xid-alone",
    "foreign-giaddr-delivered", "giaddr-zero-delivered", "unicast-despite-flag", "reply-always-broadcast",
    "unicast-to-own-mac", "unicast-to-earlier-client", "unicast-to-siaddr", "link-unicast-ip-broadcast",
    "link-broadcast-ip-unicast", "arp-asked-first", "reply-dport-67", "reply-sport-68", "reply-checksum-zero",
    "reply-checksum-wrong", "reply-source-server", "reply-source-uplink", "reply-ttl-0",
    "unicast-to-ciaddr-first", "link-unicast-on-broadcast", "directed-broadcast", "flags-compared-whole",
    "any-flag-broadcasts", "reply-doubled", "reply-port-68-taken", "nak-unicast-to-nobody",
    "uplink-giaddr-to-all-downlinks",
    // Server Identifier
    "server-id-is-uplink", "server-id-is-giaddr", "server-id-is-source", "server-id-not-rewritten",
    "server-id-not-rewritten-in-nak", "server-id-rewritten-in-ack-only", "server-id-not-restored",
    "server-id-not-restored-in-release", "server-id-not-restored-in-decline",
    "server-id-not-restored-in-second-copy", "server-id-per-copy", "server-id-of-last-offer",
    "server-id-of-first-server", "server-id-rewritten-in-offer-only", "server-not-learned-from-acks",
    "server-not-learned-from-an-ack-alone", "server-of-the-first-offer-stays-after-the-ack",
    "server-in-overloaded-fields-not-learned", "server-of-the-last-reply-taken", "server-of-a-nak-taken",
    "servers-kept-by-16-octets", "servers-kept-by-all-but-the-first-octet",
    "servers-kept-by-all-but-the-last-octet", "servers-kept-by-the-leased-address-alone",
    "server-of-the-first-offer-under-an-xid-stays", "server-restored-is-the-only-one",
    "offer-without-54-teaches-zero", "offer-without-54-makes-forget",
    "inform-that-names-the-relay-makes-forget", "crash-on-a-discover-that-names-the-relay",
    "server-id-not-rewritten-in-overloaded-sname",
    // requests without a source address
    "zero-source-to-the-relay-dropped", "zero-source-to-the-subnet-dropped",
    "zero-source-to-the-relay-dropped-beside-82", "zero-source-to-the-subnet-dropped-beside-82",
    "zero-source-checksums-not-looked-at", "zero-source-udp-length-not-looked-at",
    "half-filled-checksum-without-source-refused", "zero-source-for-others-relayed",
    "zero-source-in-frames-to-others-relayed", "zero-checksum-without-source-refused",
    "fragment-at-8-relayed", "tagged-frames-relayed", "zero-source-ip-length-not-looked-at",
    "flags-of-zero-source-clear",
    // first messages
    "reply-before-any-request-dropped", "echo-before-any-request-left", "first-request-of-a-network-dropped",
    // option 82 of two
    "own-echo-known-by-length", "own-echo-known-by-parts", "own-echo-known-behind-its-first-octet",
    "own-echo-known-before-its-last-octet", "own-echo-known-by-its-beginning", "own-echo-known-by-its-end",
    "own-echo-in-instances-left", "own-echo-of-a-unicast-request-left", "own-echo-without-vpn-control-left",
    "append-strips-all-of-the-echo", "own-echo-in-instances-left-under-forward",
    "append-strips-nothing-beside-a-vpn", "append-strips-nothing-of-the-untrusted",
    "flags-give-way-to-a-vpn-under-replace", "flags-give-way-to-a-vpn-under-forward",
    "flags-give-way-to-a-vpn-under-discard", "crash-on-long-echo-of-a-shared-giaddr",
    "server-id-of-1-of-2-not-restored-for-unknown-clients", "append-strips-whole-instances-alone",
    "flags-give-way-to-a-vpn", "relay-id-gives-way-to-subscriber-id", "vpn-gives-way-to-link-selection",
    "source-port-suboption-not-appended", "subscriber-id-missing-in-releases",
    "remote-id-missing-on-the-second-network", "remote-id-doubled-in-declines",
    // option 82
    "option82-when-off", "option82-not-added", "option82-not-stripped", "option82-strip-cuts-rest",
    "option82-strip-leaves-header", "option82-first", "option82-behind-end", "option82-length-wrong",
    "option82-empty", "option82-behind-relay", "option82-accepted-from-client", "option82-in-discover-only",
    "option82-not-in-bootp", "circuit-id-same-everywhere", "circuit-id-setting-ignored",
    "remote-id-setting-ignored", "option82-of-other-relay-removed", "option82-strip-last-only",
    // stability
    "crash-on-hlen-over-16", "hang-on-hlen-over-16", "crash-on-runt", "hang-on-runt", "crash-on-overrun",
    "hang-on-empty-option", "stops-after-100-messages", "floods-after-100-messages",
    "stops-after-foreign-giaddr",
    // requests, and what came before
    "floor-one-lower", "floor-missing", "floor-missing-for-replies", "martian-source-relayed",
    "martian-source-of-replies-relayed", "own-source-relayed", "reply-from-client-side-relayed",
    "leaks-descriptor-per-message", "leaks-memory-per-message", "same-xid-of-second-client-dropped",
    "renewal-of-unknown-client-dropped", "second-network-of-a-client-dropped", "unicast-requests-dropped",
    "unicast-release-dropped", "dead-after-link-flap", "dead-after-uplink-flap", "address-change-ignored",
    "link-broadcast-unicast-relayed", "giaddr-setting-ignored", "link-selection-leaves-giaddr",
    "giaddr-of-first-message", "giaddr-is-last-address", "giaddr-in-turns", "own-uplink-giaddr-relayed",
    "own-other-giaddr-relayed", "own-secondary-giaddr-relayed", "addressless-giaddr-zero",
    "first-message-only-right", "first-request-without-giaddr", "first-reply-with-hops-raised",
    "replace-keeps-second-instance", "flags-put-into-others-option", "trusted-82-moved-to-the-end",
    "max-size-drops-instead", "max-size-drops-what-is-longer", "max-size-cuts", "override-restores-54",
    "source-port-ignored", "source-port-without-option", "source-port-one-higher",
    "server-id-restored-in-signed-requests", "server-id-not-restored-for-unknown-clients",
    "renewals-to-first-server-only",
    // replies, and whose they are
    "second-reply-to-an-xid-dropped", "reply-without-82-dropped", "shared-giaddr-untold-to-all",
    "crash-on-overrunning-echo", "secondary-giaddr-not-delivered", "giaddr-zero-delivered-by-circuit-id",
    "foreign-giaddr-delivered-by-circuit-id", "old-giaddr-still-delivered", "shared-giaddr-to-first-downlink",
    "shared-giaddr-unchecked", "shared-giaddr-needs-an-echo", "forcerenew-broadcast",
    "shared-giaddr-to-last-client", "split-echo-read-in-part", "override-changes-54",
    "server-id-rewritten-in-signed-replies", "server-id-of-bad-length-rewritten",
    "server-id-not-rewritten-in-overloaded-fields", "flag-of-last-request", "reply-hlen-ignored",
    "unicast-to-group-chaddr", "impossible-yiaddr-sent-twice",
    // what is remembered of a transaction
    "giaddr-zero-delivered-by-xid", "uplink-giaddr-delivered-by-xid", "foreign-giaddr-delivered-by-xid",
    "reply-by-its-destination", "discovers-with-a-seen-xid-dropped",
    // policies, trust, size, and what is stripped
    "forged-82-behind-pad-accepted", "forged-82-before-type-accepted", "forged-82-behind-type-accepted",
    "forged-82-at-the-end-accepted", "empty-82-accepted", "82-behind-end-refused",
    "policy-applied-behind-relay", "append-applied-behind-relay", "replace-applied-behind-relay",
    "discard-applied-behind-relay", "server-of-a-release-by-option-50", "untrusted-82-behind-relay-dropped",
    "link-selection-behind-relay", "option82-behind-relay-without-one", "trusted-everywhere",
    "trusted-without-82-not-added", "policy-append-replaces", "policy-append-keeps", "policy-replace-appends",
    "policy-replace-keeps", "policy-forward-adds", "policy-forward-drops", "policy-discard-ignored",
    "policy-discard-replaces", "trusted-second-82-added", "trusted-82-replaced", "trusted-ignored",
    "max-size-one-lower", "max-size-one-higher", "max-size-counts-udp-header",
    "max-size-counts-ip-and-udp-headers", "max-size-ignored", "mtu-ignored", "option82-split-needlessly",
    "option82-split-at-254", "option82-cut-at-255", "option82-length-wraps", "policy-append-in-front",
    "max-size-without-the-option", "option82-behind-a-cut-off-option", "overloaded-82-stripped",
    "82-behind-end-stripped", "trusted-82-stripped-in-reply", "changed-echo-left-in-reply",
    "option82-stripped-in-offer-only", "option82-not-stripped-in-nak", "option82-not-stripped-in-bootp",
    "first-82-left-in-reply", "second-82-left-in-reply", "option82-left-in-padding",
    "option82-trace-in-padding",
    // the echo
    "link-selection-echo-needed", "circuit-id-read-in-first-place-only", "vss-foreign-delivered",
    "unicast-echo-left-on-trusted", "echo-without-control-left-on-trusted", "crash-on-long-echo",
    "server-id-not-rewritten-in-sname", "max-size-counts-one-header", "max-size-counts-a-header-too-many",
    "crash-on-suboption-overrun", "hang-on-empty-suboption", "crash-on-unknown-circuit-id",
    // what is in option 82
    "subscriber-id-empty-when-unset", "source-port-suboption-by-default", "circuit-id-of-earlier-message",
    "circuit-id-changes-at-restart", "circuit-id-with-nul", "remote-id-with-nul",
    "circuit-id-only-without-remote-id", "link-selection-missing", "link-selection-in-discover-only",
    "link-selection-not-in-bootp", "link-selection-of-other-downlink", "link-selection-is-interface-address",
    "link-selection-is-giaddr", "link-selection-in-host-order", "link-selection-with-mask",
    "override-missing", "override-in-discover-only", "override-missing-in-renewals",
    "override-is-first-server", "flags-inverted", "flags-always-broadcast", "flags-always-unicast",
    "flags-by-link-address", "flags-by-ciaddr", "flags-by-broadcast-bit", "flags-other-bits-set",
    "flags-in-lowest-bit", "flags-of-2-octets", "flags-for-unicast-only", "flags-missing",
    "subscriber-id-missing", "subscriber-id-with-nul", "subscriber-id-cut-at-8", "relay-id-missing",
    "relay-id-with-nul", "relay-id-differs-per-downlink", "relay-id-changes-at-restart",
    "relay-id-in-discover-only", "source-port-without-suboption", "source-port-suboption-with-data",
    "vss-missing", "vss-without-control", "vss-in-discover-only", "vss-control-in-discover-only",
    "vss-with-nul", "vss-control-with-data", "vss-of-type-1", "vss-without-type",
    // of few messages, or of few servers
    "forgery-of-other-network-kept", "forgery-in-2-parts-kept", "clients-own-link-selection-kept",
    "trust-of-one-is-trust-of-all", "replace-keeps-a-single-instance", "append-needs-something-to-append-to",
    "replace-needs-something-to-replace", "forward-never-adds", "discard-adds-nothing-either",
    "source-port-behind-relay", "own-giaddr-relayed-after-2-hops", "loops-for-ever", "default-hop-limit-3",
    "default-hop-limit-5", "hop-limit-below-4-ignored", "default-server-instead-of-configured",
    "informs-to-first-server-only", "servers-behind-a-dead-one-given-up", "servers-dropped-after-a-refusal",
    "server-named-twice-gets-2-copies-each", "server-on-client-link-by-broadcast", "goes-round-in-itself",
    "broadcast-server-on-every-link", "second-copy-with-other-circuit-id", "rebroadcast-from-second-network",
    "renewal-without-offer-to-first-server-only", "leaks-memory-per-reply", "leaks-memory-per-runt",
    "leaks-descriptor-per-broken-option", "leaks-memory-per-broken-echo", "leaks-memory-per-foreign-giaddr",
    "server-believed-on-client-side", "broadcast-replies-from-clients-delivered",
    "unknown-types-from-clients-delivered", "requests-from-the-uplink-relayed", "stops-after-100-drops",
    "offers-become-neighbours", "firewire-chaddr-sent-to", "zeros-sent-to", "nak-with-flag-to-nobody",
    "naks-on-first-downlink-only", "unknown-types-to-unknown-clients-everywhere",
    "odd-naks-to-unknown-clients-everywhere", "remote-id-alone-everywhere", "unknown-circuit-id-everywhere",
    "vpn-answers-to-first-network", "reply-left-short", "echo-behind-many-pads-left", "echo-without-end-left",
    "trace-beside-remote-id", "server-id-not-rewritten-in-renewals", "server-id-not-rewritten-without-yiaddr",
    "server-id-not-rewritten-in-nak-after-offer", "server-id-not-rewritten-in-nak-out-of-the-blue",
    "server-id-of-first-offer", "pad-suboption-behind-remote-id", "authentication-by-default",
    "override-gives-way-to-flags", "override-missing-in-releases", "reply-to-unknown-client-dropped",
    "stops-when-a-downlink-is-down", "serves-every-interface", "port-4011-taken", "icmp-for-dropped-requests",
    "zero-sum-sent-as-zero", "servers-behind-an-unroutable-one-dropped", "renewing-acks-dropped",
    "loops-for-ever-with-2-servers", "server-id-not-rewritten-in-nak-to-a-reboot",
    "server-id-not-restored-in-declines-of-unknown-clients",
    // answers
    "reply-to-the-port-of-the-request", "reply-to-the-sender-of-the-request",
    "reply-to-the-port-of-the-request-beside-82",
    // links, ports
    "deaf-where-down-at-start", "source-port-deaf", "servers-unheard-where-down-at-start",
    "exits-where-uplink-is-down", "refuses-an-uplink-without-a-link-address",
    "stays-deaf-without-its-interface", "stays-deaf-without-its-uplink", "dies-with-its-interface",
    "leaks-few-octets-per-message", "full-after-512-clients",
    // datagrams that no socket gives
    "udp-length-ignored", "ethernet-trailer-relayed", "bad-ip-checksum-accepted",
    "fragments-first-part-relayed", "udp-length-overrun-accepted", "bad-udp-checksum-accepted",
    "other-hosts-datagram-relayed", "other-hosts-frame-relayed", "transit-relayed-again-beside-82",
    "release-in-transit-relayed", "forcerenew-in-transit-relayed", "zero-checksum-refused",
    "bad-udp-checksum-in-replies-accepted", "bad-ip-checksum-in-replies-accepted",
    "fragments-first-part-of-replies-relayed", "ip-length-not-looked-at", "tcp-read-as-udp",
    "ipsec-read-as-udp", "ip-options-counted-twice", "chaddr-is-the-senders", "zero-checksum-stays-zero",
    "fragments-joined-as-they-come", "repeated-fragment-relayed", "half-filled-checksum-refused",
    "all-ones-checksum-refused", "checksum-off-by-one-accepted", "last-octet-beyond-udp-length-relayed",
    "length-beyond-the-frame-read-on", "length-beyond-the-frame-of-replies-read-on",
    "tos-taken-for-a-broken-header", "vlan-by-its-low-octet", "secs-of-tagged-requests-cleared",
    // frames to clients
    "unicast-to-who-sent-the-frame", "reply-zero-sum-sent-as-zero", "reply-carry-carried-once",
    "reply-source-uplink-beside-aliases", "82-left-out-for-a-small-57", "82-left-out-for-a-57-above-576",
    "reply-hlen-read-by-its-low-bits", "own-echo-behind-a-long-one-left",
    // links of other kinds
    "interface-names-cut-at-14", "addresses-of-32-bits-ignored", "requests-doubled-on-a-bridge",
    "replies-doubled-on-a-bridge",
    // what was, in time
    "request-sent-again-at-rest", "reply-sent-again-at-rest", "discover-after-a-release-dropped",
    "discover-after-a-decline-dropped",
    // one downlink alone
    "circuit-id-ignored-with-one-downlink", "remote-id-ignored-with-one-downlink",
    "subscriber-id-ignored-with-one-downlink", "relay-id-ignored-with-one-downlink",
    "trust-ignored-with-one-downlink", "policy-append-ignored-with-one-downlink",
    "policy-replace-ignored-with-one-downlink", "policy-forward-ignored-with-one-downlink",
    "policy-discard-ignored-with-one-downlink", "vpn-ignored-with-one-downlink",
    "link-selection-ignored-with-one-downlink", "giaddr-ignored-with-one-downlink",
    "source-port-ignored-with-one-downlink", "flags-ignored-with-one-downlink",
    "override-ignored-with-one-downlink", "max-hops-ignored-with-one-downlink",
    "min-secs-ignored-with-one-downlink", "max-size-ignored-with-one-downlink",
    "hops-not-raised-with-one-downlink", "option82-not-stripped-with-one-downlink",
    "discover-elsewhere-after-a-release-dropped",
    // forms of requests
    "giaddr-of-requests-is-the-last-address", "giaddr-of-broadcasts-with-a-source-is-the-last-address",
    "giaddr-of-unicast-requests-is-the-last-address", "giaddr-is-where-the-request-was-sent-to",
    "third-server-missing", "fourth-server-missing", "releases-to-first-server-only",
    "bootp-to-first-server-only", "requests-of-relays-to-first-server-only-beside-82", "long-second-copy-cut",
    "circuit-id-cut-at-a-space", "remote-id-in-small-letters", "circuit-id-doubled-in-unicast-requests",
    "remote-id-missing-in-bootp", "circuit-id-of-the-clients-first-network", "override-missing-in-bootp",
    "override-missing-on-the-second-network", "flags-clear-beside-the-broadcast-bit",
    "relay-id-missing-on-the-second-network", "relay-id-missing-in-bootp",
    "relay-id-missing-in-unicast-requests",
    // forms of replies
    "replies-broadcast-beside-82", "replies-broadcast-on-the-second-network", "long-replies-broadcast",
    "bootp-replies-broadcast", "acks-to-renewals-broadcast", "acks-to-renewals-broadcast-with-override",
    "replies-from-the-second-network-delivered",
    // the servers of clients
    "servers-kept-by-xid", "servers-kept-without-the-network", "servers-kept-without-htype",
    "servers-kept-by-6-octets-of-chaddr", "servers-kept-without-the-address-in-releases",
    "a-nak-makes-forget-all", "a-decline-makes-forget-all", "server-forgotten-after-a-request",
    "server-id-not-restored-in-unicast-requests",
    // what is done to the host
    "arp-turned-off-with-override", "forwarding-turned-off-beside-82",
    // option 82 again: what is behind it, its limit, its parts
    "replace-loses-what-is-behind-a-pad", "max-size-of-768-for-requests", "part-of-a-circuit-id-everywhere"};

}  // namespace

bool is_fault(std::string_view name) {
  const auto changes = corruptions();
  const auto few = narrow_faults();
  const auto later = successive_faults();
  return std::find(std::begin(faults), std::end(faults), name) != std::end(faults) ||
         std::any_of(changes.begin(), changes.end(), [&](const Corruption& s) { return s.name == name; }) ||
         std::any_of(few.begin(), few.end(), [&](const Narrow& n) { return n.name == name; }) ||
         std::any_of(later.begin(), later.end(), [&](const Successive& s) { return s.name == name; });
}

bool is_variant(std::string_view name) {
  return std::find(std::begin(variants), std::end(variants), name) != std::end(variants);
}

void list_all() {
  for (const char* f : faults) std::printf("--fault %s\n", f);
  for (const Corruption& s : corruptions()) std::printf("--fault %s\n", s.name.c_str());
  for (const Narrow& n : narrow_faults()) std::printf("--fault %s\n", n.name);
  for (const Successive& s : successive_faults()) std::printf("--fault %s\n", s.name);
  for (const char* v : variants) std::printf("--variant %s\n", v);
}

}  // namespace relayspec::faulty
