// SPDX-License-Identifier: Apache-2.0
// What the unit tests of the core share: a configuration like a small site, messages made by hand, a buffer
// with room.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "relay/hex.h"
#include "relayspec/relay/core.h"

namespace relayspec::relay::test {

inline constexpr Ipv4 downlink0{0xc0000201}, downlink0_secondary{0xc0000202}, downlink1{0xcb007101},
    uplink{0xc6336401};  // 192.0.2.1 and .2, 203.0.113.1, 198.51.100.1
inline constexpr Ipv4 server1{0xc6336402}, server2{0xc6336403};  // 198.51.100.2 and .3
inline constexpr Ipv4 client_address{0xc0000264};                // 192.0.2.100
inline constexpr Ipv4 foreign_address{0xc6120007};               // 198.18.0.7
inline constexpr Ingress from_downlink0{0, false}, from_downlink1{1, false},
    from_uplink{{}, true, Ipv4{0xc6336402}};

inline Config site() {
  Config config;
  config.downlinks = {{.addresses = {downlink0, downlink0_secondary},
                       .broadcasts = {Ipv4{0xc00002ff}},
                       .trusted = false,
                       .agent_information = hex("01 02 63 30  02 06 02 00 5e 00 53 01")},
                      {.addresses = {downlink1},
                       .broadcasts = {Ipv4{0xcb0071ff}},
                       .trusted = true,
                       .agent_information = hex("01 02 63 31  02 06 02 00 5e 00 53 02")}};
  config.uplink_address = uplink;
  config.own_addresses = {downlink0, downlink0_secondary, downlink1, uplink};
  config.own_broadcasts = {{0xc00002ff}, {0xcb0071ff}, {0xc63364ff}};
  config.servers = {server1, server2};
  return config;
}

/// A message whose fixed fields all have unusual values, so that a field that is cleared or swapped is
/// noticed.
inline Octets message(std::uint8_t op, std::string_view options) {
  Octets octets =
      hex("00 01 06 00"               // op, htype, hlen, hops
          "c0 ff ee 01"               // xid
          "00 0b 00 00"               // secs, flags
          "00 00 00 00  00 00 00 00"  // ciaddr, yiaddr
          "c6 33 64 63  00 00 00 00"  // siaddr, giaddr
          "02 00 5e 00 53 aa"         // chaddr, and what stands behind hlen
          "a1 a2 a3 a4 a5 a6 a7 a8 a9 aa");
  octets[0] = op;
  for (int i = 0; i < 64 + 128; ++i) octets.push_back(static_cast<std::uint8_t>(0x40 + i));
  const auto rest = hex(options);
  octets.insert(octets.end(), rest.begin(), rest.end());
  return octets;
}

inline constexpr std::string_view cookie = "63 82 53 63";

inline Octets request(std::string_view options) { return message(boot_request, options); }

/// A reply to `downlink0` for `client_address`.
inline Octets reply(std::string_view options) {
  auto octets = message(boot_reply, options);
  Message view(octets, octets.size());
  view.set_address(at::giaddr, downlink0);
  view.set_address(at::yiaddr, client_address);
  return octets;
}

inline void put(Octets& octets, std::size_t offset, std::string_view value) {
  const auto what = hex(value);
  std::copy(what.begin(), what.end(), octets.begin() + static_cast<std::ptrdiff_t>(offset));
}

struct Outcome {
  Decision decision;
  Octets octets;
};

/// Lets the relay handle the message. Behind it in the buffer stand octets that must never show up.
inline Outcome handle(const Config& config, ServerMemory& memory, Ingress ingress, Octets octets) {
  const auto size = octets.size();
  octets.resize(size + 520, 0xdb);
  Message message(octets, size);
  Outcome outcome;
  outcome.decision = relay::handle(config, memory, ingress, message);
  outcome.octets.assign(message.octets().begin(), message.octets().end());
  return outcome;
}

inline Outcome handle(const Config& config, Ingress ingress, Octets octets) {
  ServerMemory memory(64);
  return handle(config, memory, ingress, std::move(octets));
}

inline void expect_dropped(const Outcome& outcome, Drop reason) {
  EXPECT_EQ(outcome.decision.action, Decision::Action::drop);
  EXPECT_EQ(outcome.decision.reason, reason) << describe(outcome.decision.reason);
}

}  // namespace relayspec::relay::test
