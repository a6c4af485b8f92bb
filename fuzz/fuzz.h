// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets of the relay share: a site drawn from the first octets of the input. What follows
// them is the message.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "fuzz/claim.h"
#include "fuzz/pool.h"
#include "fuzz/room.h"
#include "relayspec/relay/core.h"

namespace relayspec::relay::fuzz {

using Octets = std::vector<std::uint8_t>;

inline constexpr std::size_t site_octets = 8;
inline constexpr Ipv4 downlink0{0xc0000201}, second_on_downlink0{0xc0000281}, downlink1{0xcb007101},
    uplink{0xc6336401};
inline constexpr Ipv4 servers[] = {{0xc6336402}, {0xc6336403}};

/// Bits of the first octet; the three highest are the policy.
enum : std::uint8_t { with_option82 = 1, rewriting = 2, by_giaddr = 4, trusting = 8, one_server = 16 };
/// Bits of the third octet; the last: the relay's memory has no room.
enum : std::uint8_t { classic_length = 1, least_secs = 2, remembering = 4, without_memory = 8 };
/// Bits of the sixth octet: giaddr of all downlinks, RFC 5010, RFC 6607, addresses, RFC 3527, RFC 5107.
enum : std::uint8_t {
  sharing_giaddr = 1,
  with_flags = 2,
  with_vpn = 4,
  two_addresses = 8,
  no_address = 16,
  one_downlink = 32,
  selecting_link = 64,
  overriding = 128
};
/// Bits of the seventh octet: how the message came, a reply from a client or a request from a server. The two
/// highest are the source: a host's, none, the relay's own, a group.
enum : std::uint8_t { from_second = 1, by_unicast = 2, from_other_side = 4 };
/// Bits of the eighth octet: the length of option 82, and what the downlinks are like.
enum : std::uint8_t { long_option82 = 1, trusting_second = 2, same_circuit = 4 };

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

/// What the settings octets of an input say.
class Drawn {
 public:
  using Settings = std::array<std::uint8_t, site_octets>;
  struct Hash {
    std::size_t operator()(const Settings& s) const { return std::bit_cast<std::size_t>(s); }
  };

  explicit Drawn(const Settings& s) {
    config.option82 = s[0] & with_option82;
    config.server_id = s[0] & rewriting    ? ServerId::rewrite
                       : s[5] & overriding ? ServerId::override_
                                           : ServerId::transparent;
    config.server_id_address = s[0] & by_giaddr ? ServerIdAddress::giaddr : ServerIdAddress::uplink;
    config.option82_policy = static_cast<Option82Policy>((s[0] >> 5) % 5);
    config.max_hops = s[1] % 18U;
    config.min_length = s[2] & classic_length ? classic_minimum : fixed_fields;
    config.min_secs = s[2] & least_secs ? 5 : 0;
    config.max_size = s[3] == 0 ? 1472 : std::min(s[3] * 8U, 1472U);
    set_downlinks(s);
    config.servers.assign(servers, servers + (s[0] & one_server ? 1 : 2));
  }

  Config config;

  /// The same for the same octets, made once.
  static const Config& config_of(const Settings& settings) {
    static std::unordered_map<Settings, Drawn, Hash> known;
    constexpr std::size_t most = 4096;
    if (known.size() > most) known.clear();
    return known.try_emplace(settings, settings).first->second.config;
  }

 private:
  void set_downlinks(const Settings& s) {
    const std::size_t content = s[4] | (s[7] & long_option82 ? 0x100U : 0U);
    const Ipv4 addresses[] = {downlink0, downlink1}, broadcasts[] = {{0xc00002ff}, {0xcb0071ff}};
    config.downlinks.resize(s[5] & one_downlink ? 1 : 2);
    for (std::size_t i = 0; i < config.downlinks.size(); ++i) {
      auto& downlink = config.downlinks[i];
      downlink.addresses = {addresses[i]};
      downlink.broadcasts = {broadcasts[i]};
      if (!config.option82) continue;
      const std::size_t circuit = s[7] & same_circuit ? 0 : i;
      downlink.agent_information = agent_information(content % 480, static_cast<std::uint8_t>(circuit));
      set_sub_options(downlink, addresses[i], s[5]);
    }
    config.downlinks[0].trusted = (s[0] & trusting) != 0;
    config.downlinks.back().trusted |= (s[7] & trusting_second) != 0;
    auto& first = config.downlinks[0].addresses;
    if (s[5] & no_address) first.clear();
    if (s[5] & two_addresses) first.push_back(second_on_downlink0);
    if (s[5] & sharing_giaddr || (config.option82 && s[5] & selecting_link)) config.shared_giaddr = uplink;
    config.uplink_address = uplink;
    config.own_addresses = {downlink1, uplink};
    config.own_addresses.insert(config.own_addresses.end(), first.begin(), first.end());
    config.own_broadcasts = {{0xc00002ff}, {0xcb0071ff}, {0xc63364ff}};
  }

  // In the order of their codes.
  static void set_sub_options(Downlink& downlink, Ipv4 address, std::uint8_t further) {
    auto& information = downlink.agent_information;
    const auto add = [&](std::uint8_t code, const Octets& value) {
      information.insert(information.end(), {code, static_cast<std::uint8_t>(value.size())});
      information.insert(information.end(), value.begin(), value.end());
    };
    const auto octet = [&](unsigned shift) { return static_cast<std::uint8_t>(address.value >> shift); };
    if (further & selecting_link) add(5, {octet(24), octet(16), octet(8), 0});
    if (further & with_flags) add(10, {0});
    if (further & with_flags) downlink.flags_at = information.size() - 1;
    if (further & overriding) add(11, {octet(24), octet(16), octet(8), octet(0)});
    if (!(further & with_vpn)) return;
    downlink.vpn = {0, 'v', 'p', 'n'};
    add(151, downlink.vpn);
    add(152, {});
  }
};

struct Site {
  std::array<std::uint8_t, site_octets> settings{};  ///< what `config` and `room` were drawn from
  const Config& config;
  Ingress from_client{0, false, {}, false}, from_server{{}, true, servers[0], true};
  bool remembers = false;  ///< the relay's memory holds the lease that the message is about
  std::size_t room = 16;   ///< leases that the relay's memory holds
  bool other_side = false;
  std::span<const std::uint8_t> message;

  Site(const std::uint8_t* data, std::size_t size)
      : settings(settings_in(data, size)), config(Drawn::config_of(settings)) {
    const auto drawn = std::min(size, site_octets);
    message = {data + drawn, size - drawn};
    remembers = settings[2] & remembering;
    room = settings[2] & without_memory ? 0 : 16;
    set_ways(size > 6 ? data[6] : 0);
  }

  /// By its op, unless the input has it otherwise.
  const Ingress& way_of_message() const {
    const bool reply = !message.empty() && message[0] == boot_reply;
    return reply != other_side ? from_server : from_client;
  }

  /// The giaddr of requests from a downlink that has an address.
  Ipv4 giaddr(std::size_t downlink) const {
    return config.shared_giaddr.is_zero() ? config.downlinks[downlink].addresses.front()
                                          : config.shared_giaddr;
  }

 private:
  static std::array<std::uint8_t, site_octets> settings_in(const std::uint8_t* data, std::size_t size) {
    std::array<std::uint8_t, site_octets> octets{};
    std::copy_n(data, std::min(size, site_octets), octets.begin());
    octets[6] = 0;
    return octets;
  }

  void set_ways(std::uint8_t bits) {
    if (bits & from_second && config.downlinks.size() == 2) from_client.downlink = 1;
    from_client.unicast = bits & by_unicast;
    other_side = bits & from_other_side;
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
  const auto size = site.message.size();
  const Room room(size + 514);
  const auto octets = room.octets();
  std::fill(std::copy(site.message.begin(), site.message.end(), octets.begin()), octets.end(), 0xdb);
  Message message(octets, size);
  const auto decision = relay::handle(site.config, memory, ingress, message);
  const Unguarded memory_of_the_check;
  return {decision, Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(message.size()))};
}

/// A relay that has just started, but for the one lease that it may remember.
inline Outcome handle(const Site& site, const Ingress& ingress) {
  ServerMemory memory(std::min<std::size_t>(site.room, 1));
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
