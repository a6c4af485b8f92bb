// What the fuzz targets share: a claim that must hold, and a site drawn from the first octets of the input.
// What follows them is the message.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "relayspec/relay/core.h"

#define MUST_HOLD(claim) \
  ((claim) ? void()      \
           : (std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim), std::abort()))

/// What a target defines; libFuzzer and the replay call it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace relayspec::relay::fuzz {

using Octets = std::vector<std::uint8_t>;

inline constexpr std::size_t site_octets = 5;
inline constexpr Ipv4 downlink0{0xc0000201}, downlink1{0xcb007101}, uplink{0xc6336401};
inline constexpr Ipv4 servers[] = {{0xc6336402}, {0xc6336403}};

/// Bits of the first octet; the three highest are the policy.
enum : std::uint8_t { with_option82 = 1, rewriting = 2, by_giaddr = 4, trusting = 8, one_server = 16 };

struct Site {
  Config config;
  bool remembers = false;  ///< the relay's memory holds the lease that the message is about
  Octets message;

  Site(const std::uint8_t* data, std::size_t size) {
    const Octets drawn(data, data + std::min(size, site_octets));
    const auto draw = [&](std::size_t i) { return i < drawn.size() ? drawn[i] : std::uint8_t{0}; };
    message.assign(data + drawn.size(), data + size);

    config.option82 = draw(0) & with_option82;
    config.server_id = draw(0) & rewriting ? ServerId::rewrite : ServerId::transparent;
    config.server_id_address = draw(0) & by_giaddr ? ServerIdAddress::giaddr : ServerIdAddress::uplink;
    config.option82_policy = static_cast<Option82Policy>((draw(0) >> 5) % 5);
    config.max_hops = draw(1) % 18U;
    config.min_length = draw(2) & 1 ? classic_minimum : fixed_fields;
    config.min_secs = draw(2) & 2 ? 5 : 0;
    remembers = draw(2) & 4;
    config.max_size = draw(3) == 0 ? 1472 : draw(3) * 8U;
    Octets content;  // one sub-option, its value recognisable
    if (draw(4) >= 2) content.assign(draw(4), 0xa5);
    if (draw(4) >= 2) content[0] = 1, content[1] = static_cast<std::uint8_t>(draw(4) - 2);

    config.downlinks = {{{downlink0}, {Ipv4{0xc00002ff}}, (draw(0) & trusting) != 0, content},
                        {{downlink1}, {Ipv4{0xcb0071ff}}, false, content}};
    config.uplink_address = uplink;
    config.own_addresses = {downlink0, downlink1, uplink};
    config.servers.assign(servers, servers + (draw(0) & one_server ? 1 : 2));
  }
};

struct Outcome {
  Decision decision;
  Octets octets;
};

/// Lets a relay that has just started handle the message, from a buffer with as much room as the largest
/// option needs.
inline Outcome handle(const Site& site, Ingress ingress) {
  ServerMemory memory(16);
  Octets buffer = site.message;
  buffer.resize(buffer.size() + 257, 0xdb);
  Message message(buffer, site.message.size());
  if (site.remembers && message.size() >= fixed_fields && message.hlen() <= chaddr_length)
    memory.acknowledged(lease_of(message, 0, message.ciaddr()), servers[1]);
  const auto decision = relay::handle(site.config, memory, ingress, message);
  return {decision, {message.octets().begin(), message.octets().end()}};
}

inline bool same(const Outcome& a, const Outcome& b) {
  return a.octets == b.octets && a.decision.action == b.decision.action &&
         a.decision.reason == b.decision.reason && a.decision.downlink == b.decision.downlink &&
         a.decision.source == b.decision.source && a.decision.destination == b.decision.destination &&
         a.decision.station == b.decision.station;
}

}  // namespace relayspec::relay::fuzz
