#include "testsuites/faulty/names.h"

#include <algorithm>
#include <cstdio>

#include "testsuites/faulty/spoil.h"

namespace relayspec::faulty {
namespace {

// Faults that are more than a change of octets; where they strike, the code asks wrong("name").
constexpr const char* faults[] = {
    // giaddr and hops
    "giaddr-is-uplink", "giaddr-overwritten", "giaddr-of-other-downlink", "giaddr-is-broadcast-address",
    "giaddr-not-filled-in", "hops-not-raised", "hops-raised-by-two", "hops-raised-in-replies",
    "hops-not-raised-behind-relay", "hop-limit-one-lower", "hop-limit-one-higher", "hop-limit-missing",
    "over-hop-limit-relayed-late", "loop-to-own-giaddr",
    // servers
    "first-server-only", "last-server-only", "servers-in-turn", "copies-doubled", "request-source-foreign",
    "request-sport-68", "request-ttl-1", "request-port-68-taken", "other-sport-dropped",
    "retransmissions-dropped", "request-dport-68", "request-checksum-zero", "rebroadcast-on-other-downlink",
    "rebroadcast-on-same-downlink", "transit-relayed-again",
    // what is relayed at all
    "discover-dropped", "request-dropped", "inform-dropped", "decline-dropped", "release-dropped",
    "unknown-type-dropped", "bootp-request-dropped", "nak-dropped", "unknown-reply-dropped",
    "bootp-reply-dropped", "other-cookie-dropped", "op-unchecked-from-clients", "op-unchecked-from-servers",
    "behind-relay-dropped", "legal-source-dropped", "secs-zero-dropped", "min-secs-one-lower",
    "min-secs-one-higher", "min-secs-in-host-order", "min-secs-ignored", "reply-without-yiaddr-dropped",
    // delivery
    "reply-on-all-downlinks", "reply-on-last-used-downlink", "reply-on-first-downlink", "reply-by-xid-alone",
    "foreign-giaddr-delivered", "giaddr-zero-delivered", "unicast-despite-flag", "unicast-to-own-mac",
    "unicast-to-earlier-client", "unicast-to-siaddr", "link-unicast-ip-broadcast",
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
    "server-id-of-first-server", "server-id-rewritten-in-offer-only",
    // option 82
    "option82-when-off", "option82-not-added", "option82-not-stripped", "option82-strip-cuts-rest",
    "option82-strip-leaves-header", "option82-first", "option82-behind-end", "option82-length-wrong",
    "option82-empty", "option82-behind-relay", "option82-accepted-from-client", "option82-in-discover-only",
    "option82-not-in-bootp", "circuit-id-same-everywhere", "circuit-id-setting-ignored",
    "remote-id-setting-ignored", "option82-of-other-relay-removed", "option82-strip-last-only",
    // stability
    "crash-on-hlen-over-16", "hang-on-hlen-over-16", "crash-on-runt", "hang-on-runt", "crash-on-overrun",
    "hang-on-empty-option", "stops-after-100-messages", "stops-after-foreign-giaddr"};

// Ways of being right.
constexpr const char* variants[] = {
    "source-giaddr", "broadcast-always", "kernel-neighbour",   "fill-300",    "option82-in-padding",
    "stateful",      "hop-limit-16",     "known-servers-only", "two-threads", "slow-start",
    "chatty",        "short-dropped",    "strip-exactly"};

}  // namespace

bool is_fault(std::string_view name) {
  const auto changes = spoilers();
  return std::find(std::begin(faults), std::end(faults), name) != std::end(faults) ||
         std::any_of(changes.begin(), changes.end(), [&](const Spoiler& s) { return s.name == name; });
}

bool is_variant(std::string_view name) {
  return std::find(std::begin(variants), std::end(variants), name) != std::end(variants);
}

void list_all() {
  for (const char* f : faults) std::printf("--fault %s\n", f);
  for (const Spoiler& s : spoilers()) std::printf("--fault %s\n", s.name);
  for (const char* v : variants) std::printf("--variant %s\n", v);
}

}  // namespace relayspec::faulty
