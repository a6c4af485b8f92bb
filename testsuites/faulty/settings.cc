#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

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

[[noreturn]] void complain(const std::string& what) {
  std::fprintf(stderr, "relayspec-faulty: %s\n", what.c_str());
  std::exit(2);
}

std::string text(const char* variable) {
  const char* v = std::getenv(variable);
  return v ? v : "";
}

std::vector<std::string> words(const char* variable) {
  std::istringstream in(text(variable));
  std::vector<std::string> out;
  for (std::string w; in >> w;) out.push_back(w);
  return out;
}

Address address(const char* variable, const std::string& s) {
  in_addr a{};
  if (inet_pton(AF_INET, s.c_str(), &a) != 1)
    complain(std::string(variable) + ": '" + s + "' is no IPv4 address");
  return ntohl(a.s_addr);
}

bool is_fault(const std::string& name) {
  const auto changes = spoilers();
  return std::find(std::begin(faults), std::end(faults), name) != std::end(faults) ||
         std::any_of(changes.begin(), changes.end(), [&](const Spoiler& s) { return s.name == name; });
}

void list_all() {
  for (const char* f : faults) std::printf("--fault %s\n", f);
  for (const Spoiler& s : spoilers()) std::printf("--fault %s\n", s.name);
  for (const char* v : variants) std::printf("--variant %s\n", v);
}

void read_environment(Settings& s) {
  const auto names = words("RELAY_DOWNLINKS"), addresses = words("RELAY_DOWNLINK_ADDRESSES");
  if (names.empty() || names.size() != addresses.size())
    complain("RELAY_DOWNLINKS needs names, and RELAY_DOWNLINK_ADDRESSES as many addresses");
  for (std::size_t i = 0; i < names.size(); ++i) {
    s.downlinks.push_back({names[i], address("RELAY_DOWNLINK_ADDRESSES", addresses[i])});
  }
  s.uplink = {text("RELAY_UPLINK"), address("RELAY_UPLINK_ADDRESS", text("RELAY_UPLINK_ADDRESS"))};
  for (const std::string& a : words("RELAY_SERVERS")) s.servers.push_back(address("RELAY_SERVERS", a));
  if (s.servers.empty()) complain("RELAY_SERVERS names no server");
  s.max_hops = s.way("hop-limit-16") ? 16 : 4;
  if (!text("RELAY_MAX_HOPS").empty()) s.max_hops = static_cast<unsigned>(std::stoul(text("RELAY_MAX_HOPS")));
  if (!text("RELAY_MIN_SECS").empty()) s.min_secs = static_cast<unsigned>(std::stoul(text("RELAY_MIN_SECS")));
  s.option82 = text("RELAY_OPTION82") == "on";
  s.rewrite = text("RELAY_SERVER_ID") == "rewrite";
  s.circuit_id = text("RELAY_CIRCUIT_ID");
  s.remote_id = text("RELAY_REMOTE_ID");
}

}  // namespace

Settings read_settings(int argc, char** argv) {
  Settings s;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--list") {
      list_all();
      std::exit(0);
    }
    if (i + 1 == argc || (word != "--fault" && word != "--variant")) {
      complain("usage: relayspec-faulty [--fault NAME] [--variant NAME]; --list shows the names");
    }
    (word == "--fault" ? s.fault : s.variant) = argv[++i];
  }
  if (!s.fault.empty() && !is_fault(s.fault))
    complain("--fault " + s.fault + ": there is no such fault; see --list");
  if (!s.variant.empty() &&
      std::find(std::begin(variants), std::end(variants), s.variant) == std::end(variants)) {
    complain("--variant " + s.variant + ": there is no such variant; see --list");
  }
  read_environment(s);
  return s;
}

}  // namespace relayspec::faulty
