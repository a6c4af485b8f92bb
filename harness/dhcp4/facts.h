// SPDX-License-Identifier: Apache-2.0
// What can be said of a stimulus before any rule is looked at; the model's rows are written with it.
#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "harness/dhcp4/model.h"

namespace relayspec::dhcp4 {

inline constexpr std::uint8_t udp_protocol = 17;
inline const Ipv4 all_hosts("255.255.255.255");

/// A prefix of one, three or four bits' length or of an octet's, as far as rules speak of such.
inline bool is_loopback(Ipv4 a) { return (a & Ipv4(0x000000ffU)) == Ipv4(0x0000007fU); }
inline bool is_of_this_network(Ipv4 a) { return (a & Ipv4(0x000000ffU)) == Ipv4(); }
/// Multicast, and what is reserved above it.
inline bool is_of_no_host(Ipv4 a) { return (a & Ipv4(0x000000e0U)) == Ipv4(0x000000e0U); }

/// Of the first 4 octets.
Ipv4 address_in(std::span<const std::uint8_t> octets);

/// The layers below UDP, as far as the octets go.
struct Layers {
  bool tagged = false;
  std::uint16_t vlan = 0;  ///< 0: a priority tag
  bool ipv4 = false;
  bool header_checksum_good = false;
  bool lengths_fit = false;  ///< IP header and total length
  bool fragment = false;
  bool has_options = false;
  std::uint8_t protocol = 0;
  std::size_t segment_size = 0;  ///< octets behind the IP header
  Ipv4 destination;              ///< where the IP header is whole
  std::size_t udp_length = 0;    ///< as the UDP header says; 0 where there is none
};
Layers layers_of(std::span<const std::uint8_t> frame);

struct Facts {
  Facts(const World&, const Memory&, Segment, std::span<const std::uint8_t> frame);
  /// Of a datagram that nothing is odd about below UDP.
  Facts(const World&, const Memory&, Segment, Datagram);

  const World& world;
  const Memory& memory;
  Segment segment;
  Layers layers;
  std::optional<Datagram> datagram;    ///< whole UDP datagram
  std::optional<Message> message;      ///< when the fixed fields are there
  std::optional<OptionsArea> options;  ///< when the cookie is DHCP's

  const RelaySettings& settings() const { return world.settings; }
  bool strict() const { return world.dialect == Dialect::strict; }
  bool proxy() const { return world.dialect == Dialect::proxy; }

  // The datagram.
  std::size_t size() const { return datagram->payload.size(); }
  bool from_server() const;
  bool from_client() const { return segment != Segment::uplink; }
  bool to_limited_broadcast() const;
  bool to_directed_broadcast() const;
  bool to_relay() const { return world.is_relays(datagram->ip_dst); }
  bool to_another_link_address() const {
    const Mac& to = datagram->eth_dst;
    return (*to.begin() & 1) == 0 && to != world.topology[segment].relay.mac;
  }
  /// For another host: the relay's host routes it.
  bool in_transit() const {
    const Ipv4 to = layers.destination;
    return to != all_hosts && to != world.topology[segment].broadcast() && !world.is_relays(to) &&
           to != Ipv4();
  }
  bool impossible_source() const;

  // The fixed fields.
  std::uint8_t op() const { return *message->op; }
  std::uint8_t hops() const { return *message->hops; }
  std::uint8_t hlen() const { return *message->hlen; }
  bool ethernet() const { return message->htype == 1 && hlen() == 6; }
  bool flag() const { return (*message->flags & broadcast_flag) != 0; }
  Ipv4 giaddr() const { return *message->giaddr; }
  bool fresh() const { return giaddr() == Ipv4(); }
  Mac chaddr() const { return Mac(message->chaddr->data()); }
  ExchangeKey key() const { return exchange_of(*message); }
  /// Neither by chaddr nor by option 61: a relay may drop it (RFC 6842, section 2).
  bool says_not_who() const { return (hlen() == 0 || chaddr() == Mac()) && !has(code::client_id); }

  // The options.
  bool has(std::uint8_t code) const;
  std::size_t count(std::uint8_t code) const;
  std::optional<Bytes> option(std::uint8_t code) const;
  /// The message type; unset for BOOTP, and for one that is no single octet.
  std::optional<std::uint8_t> type() const { return type_; }
  bool is(Type t) const { return type() == static_cast<std::uint8_t>(t); }
  bool known_type() const { return type() && *type() >= 1 && *type() <= 8; }
  bool truncated_option() const;
  bool code_without_length() const;
  bool empty_valued_option() const;
  bool only_pads() const;
  bool bad_overload() const;
  bool overloaded_option82() const;  ///< in file or sname
  bool pads_between() const;
  bool split_option() const;
  bool names_unknown_server() const;  ///< in option 54
  bool broken_option82() const;       ///< sub-options that do not fill it
  bool trusted() const { return settings().trusted_downlinks.contains(segment); }
  bool adds_option82() const { return settings().option82; }

 private:
  void read_message();

  std::optional<std::uint8_t> type_;  // most rows ask for it
};

/// The largest message that a link with an MTU of 1500 carries in one datagram, octets.
inline constexpr std::size_t link_payload = 1472;
/// Option 82 in one instance, octets, and what the operator has it hold.
inline std::size_t largest_option82(const RelaySettings& s) {
  return 257 + s.circuit_id.size() + s.remote_id.size() + s.subscriber_id.size() + s.relay_id.size() +
         s.vss.size();
}
/// A limit that a relay may have of its own is not below what every host can receive (RFC 2131, section 2).
inline constexpr std::size_t least_size_limit = 576;
/// Above it a relay adds no option 82 (RFC 3046, section 2.1).
inline std::size_t size_limit(const RelaySettings& s) {
  return std::min<std::size_t>(s.max_size.value_or(link_payload), link_payload);
}

/// Fates in the tables' own words: a message is due where it has to come.
inline constexpr Fate due = Fate::must_come, either = Fate::may_come, dropped = Fate::must_not_come;

struct Row {
  const char* rule;
  Fate fate;
  bool (*applies)(const Facts&);
};
/// The tables, the more specific rows first; the last one always applies.
std::span<const Row> frame_rows();
std::span<const Row> request_rows();
std::span<const Row> reply_rows();

/// The first row that applies; null when none does.
const Row* first_that_applies(std::span<const Row>, const Facts&);

}  // namespace relayspec::dhcp4
