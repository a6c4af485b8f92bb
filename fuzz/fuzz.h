// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: a claim that must hold, and a site drawn from the first octets of the input.
// What follows them is the message.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "relayspec/relay/core.h"

#define MUST_HOLD(claim) \
  ((claim) ? void()      \
           : (std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim), std::abort()))

/// What a target defines; libFuzzer and the replay call it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace relayspec::relay::fuzz {

using Octets = std::vector<std::uint8_t>;

inline constexpr std::size_t site_octets = 8;
inline constexpr Ipv4 downlink0{0xc0000201}, second_on_downlink0{0xc0000281}, downlink1{0xcb007101},
    uplink{0xc6336401};
inline constexpr Ipv4 servers[] = {{0xc6336402}, {0xc6336403}};

/// Bits of the first octet; the three highest are the policy.
enum : std::uint8_t { with_option82 = 1, rewriting = 2, by_giaddr = 4, trusting = 8, one_server = 16 };
/// Bits of the third octet.
enum : std::uint8_t { classic_length = 1, least_secs = 2, remembering = 4 };
/// Bits of the sixth octet: giaddr of all downlinks, RFC 5010, RFC 6607, addresses.
enum : std::uint8_t {
  sharing_giaddr = 1,
  with_flags = 2,
  with_vpn = 4,
  two_addresses = 8,
  no_address = 16,
  one_downlink = 32
};
/// Bits of the seventh octet: how the message came. The two highest are the source: a host's, none, the
/// relay's own, a group.
enum : std::uint8_t { from_second = 1, by_unicast = 2 };

/// Sub-options that fill so many octets: a circuit-id that tells the downlinks apart, further ones.
inline Octets agent_information(std::size_t length, std::uint8_t downlink) {
  Octets content;
  std::uint8_t code = 1;
  while (length >= content.size() + 2) {
    const auto value = std::min<std::size_t>(length - content.size() - 2, 255);
    content.push_back(code++);
    content.push_back(static_cast<std::uint8_t>(value));
    content.insert(content.end(), value, static_cast<std::uint8_t>(0xa5 + downlink));
  }
  return content;
}

struct Site {
  Config config;
  Ingress from_client{0, false, {}, false}, from_server{{}, true, servers[0], true};
  bool remembers = false;  ///< the relay's memory holds the lease that the message is about
  std::span<const std::uint8_t> message;

  Site(const std::uint8_t* data, std::size_t size) {
    const auto drawn = std::min(size, site_octets);
    const auto draw = [&](std::size_t i) { return i < drawn ? data[i] : std::uint8_t{0}; };
    message = {data + drawn, size - drawn};

    config.option82 = draw(0) & with_option82;
    config.server_id = draw(0) & rewriting ? ServerId::rewrite : ServerId::transparent;
    config.server_id_address = draw(0) & by_giaddr ? ServerIdAddress::giaddr : ServerIdAddress::uplink;
    config.option82_policy = static_cast<Option82Policy>((draw(0) >> 5) % 5);
    config.max_hops = draw(1) % 18U;
    config.min_length = draw(2) & classic_length ? classic_minimum : fixed_fields;
    config.min_secs = draw(2) & least_secs ? 5 : 0;
    remembers = draw(2) & remembering;
    config.max_size = draw(3) == 0 ? 1472 : draw(3) * 8U;
    set_downlinks(draw(4) | (draw(7) & 1U) << 8U, draw(0), draw(5));
    set_ways(draw(6));
    config.servers.assign(servers, servers + (draw(0) & one_server ? 1 : 2));
  }

  /// The giaddr of requests from a downlink that has an address.
  Ipv4 giaddr(std::size_t downlink) const {
    return config.shared_giaddr.is_zero() ? config.downlinks[downlink].addresses.front()
                                          : config.shared_giaddr;
  }

 private:
  void set_downlinks(std::size_t content, std::uint8_t bits, std::uint8_t further) {
    config.downlinks.resize(further & one_downlink ? 1 : 2);
    const Ipv4 addresses[] = {downlink0, downlink1}, broadcasts[] = {{0xc00002ff}, {0xcb0071ff}};
    for (std::size_t i = 0; i < config.downlinks.size(); ++i) {
      auto& downlink = config.downlinks[i];
      downlink.addresses = {addresses[i]};
      downlink.broadcasts = {broadcasts[i]};
      downlink.agent_information = agent_information(content % 480, static_cast<std::uint8_t>(i));
      auto& information = downlink.agent_information;
      if (further & with_flags) {
        information.insert(information.end(), {10, 1, 0});
        downlink.flags_at = information.size() - 1;
      }
      if (further & with_vpn) {
        downlink.vpn = {0, 'v', static_cast<std::uint8_t>('0' + i)};
        information.insert(information.end(), {151, 3, 0, 'v', static_cast<std::uint8_t>('0' + i), 152, 0});
      }
    }
    config.downlinks[0].trusted = (bits & trusting) != 0;
    if (further & two_addresses) config.downlinks[0].addresses.push_back(second_on_downlink0);
    if (further & no_address) config.downlinks[0].addresses.clear();
    if (further & sharing_giaddr) config.shared_giaddr = uplink;
    config.uplink_address = uplink;
    config.own_addresses = {downlink1, uplink};
    for (const auto& downlink : config.downlinks)
      config.own_addresses.insert(config.own_addresses.end(), downlink.addresses.begin(),
                                  downlink.addresses.end());
  }

  void set_ways(std::uint8_t bits) {
    if (bits & from_second && config.downlinks.size() == 2) from_client.downlink = 1;
    from_client.unicast = bits & by_unicast;
    const Ipv4 sources[] = {{}, {0xc0000264}, downlink1, {0xe0000001}};
    from_client.source = sources[bits >> 6U];
    const Ipv4 server_sources[] = {servers[0], servers[1], uplink, {}};
    from_server.source = server_sources[bits >> 6U];
  }
};

struct Outcome {
  Decision decision;
  Octets octets;
};

/// Lets a relay with this memory handle the message, from a buffer with as much room as the largest option
/// needs.
inline Outcome handle(const Site& site, ServerMemory& memory, const Ingress& ingress) {
  Octets octets(site.message.size() + 514, 0xdb);
  std::copy(site.message.begin(), site.message.end(), octets.begin());
  Message message(octets, site.message.size());
  const auto decision = relay::handle(site.config, memory, ingress, message);
  octets.resize(message.size());
  return {decision, std::move(octets)};
}

/// A relay that has just started, but for the one lease that it may remember.
inline Outcome handle(const Site& site, const Ingress& ingress) {
  ServerMemory memory(1);
  if (site.remembers && site.message.size() >= fixed_fields && site.message[at::hlen] <= chaddr_length) {
    Octets octets(site.message.begin(), site.message.end());
    const Message message(octets, octets.size());
    memory.acknowledged(lease_of(message, ingress.downlink.value_or(0), message.ciaddr()), servers[1]);
  }
  return handle(site, memory, ingress);
}

inline bool same(const Decision& a, const Decision& b) {
  return a.action == b.action && a.reason == b.reason && a.downlink == b.downlink && a.source == b.source &&
         a.destination == b.destination && a.link_destination == b.link_destination;
}
inline bool same(const Outcome& a, const Outcome& b) {
  return a.octets == b.octets && same(a.decision, b.decision);
}

inline bool holds(std::span<const std::uint8_t> octets, std::size_t at, Ipv4 address) {
  for (std::size_t i = 0; i < 4; ++i)
    if (octets[at + i] != static_cast<std::uint8_t>(address.value >> (24 - 8 * i))) return false;
  return true;
}

}  // namespace relayspec::relay::fuzz
