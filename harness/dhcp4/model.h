// SPDX-License-Identifier: Apache-2.0
// The model: what a relay has to do with a DHCPv4 message, any message. Pure: the same world, memory and
// stimulus give the same outcome. Every row of its tables is one clause; nothing else in the harness says
// what a relay does.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/dhcp4/compare.h"
#include "harness/dhcp4/memory.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/relayed.h"
#include "relayspec/harness/settings.h"

namespace relayspec::dhcp4 {

/// What stays the same from one message to the next.
struct World {
  Topology topology = Topology::documentation();
  RelaySettings settings = {};
  Dialect dialect = Dialect::rfc;
  bool proxy_is_giaddr = false;  ///< in the dialect `proxy` clients see giaddr as Server Identifier
  struct FurtherAddress {
    Segment segment;
    Ipv4 address;
  };
  std::vector<FurtherAddress> further_addresses = {};  ///< of the relay, besides those of the topology
  std::set<Ipv4> lost_addresses = {};  ///< of the topology, that the relay has not at the moment
  bool shares_links = false;           ///< others than the relay and the hosts of the harness send there too

  bool is_relays(Ipv4) const;
  /// The segment on which the relay has this address, or had it.
  std::optional<Segment> owner_of(Ipv4) const;
  /// The relay has no address there at the moment.
  bool is_unnumbered(Segment) const;
  /// What the relay has to put into giaddr of a downlink's requests.
  Ipv4 giaddr_of(Segment downlink) const;
  /// The Server Identifier that clients of a downlink see in the dialect `proxy`.
  Ipv4 proxy_id(Segment downlink) const;
  /// The giaddr that a server answers to, by the one that it got: that one, if a relay of this network can
  /// have put it in, else the one that it should have.
  Ipv4 giaddr_of_answer(std::optional<Ipv4> got, Segment downlink) const;
  /// Its UDP port towards the servers: 67 but for RFC 8357.
  std::uint16_t port_towards_servers() const;
  std::size_t request_copies() const;
};

enum class Fate : std::uint8_t { must_come, may_come, must_not_come };

struct Outcome {
  Fate fate = Fate::must_come;
  std::string rule;  ///< that says so: broken by a loss, or by what comes out
  /// Every rule that a loss may break of one that has to come, and that would of one that may come if nothing
  /// else were odd about it; the most general one last.
  std::vector<std::string> due_by = {};
  bool routed = false;           ///< what comes out is the datagram itself, once, on the way to its receiver
  std::vector<Expected> copies;  ///< what comes out where, if anything does
  bool on_any = false;           ///< only one of the copies comes, whichever
};

struct Facts;

class Model {
 public:
  explicit Model(World world) : world_(std::move(world)) {}

  World& world() { return world_; }
  const World& world() const { return world_; }

  /// Of any frame on any segment.
  Outcome outcome(Segment, std::span<const std::uint8_t> frame, const Memory&) const;
  /// The same without the copies.
  Outcome fate(Segment, std::span<const std::uint8_t> frame, const Memory&) const;
  /// Both of what is known of it, without `due_by`.
  Outcome outcome(const Facts&) const;
  Outcome fate(const Facts&) const;

  /// A client's message as servers get it.
  Relayed relayed(const Message&, Segment downlink, const Memory&) const;
  /// A server's message as its client gets it.
  Delivered delivered(const Message&, const Memory&) const;

  /// Those that a reply may belong to, as far as its giaddr and the request for it say.
  std::vector<Segment> networks_of(const Message& reply, const Memory&) const;

  Expected expected(const Relayed&, std::size_t server) const;
  Expected expected(const Delivered&, Segment downlink) const;
  /// A datagram that passes through the relay's host to another one: as it was sent, with the receiver's link
  /// address in front of it.
  Expected routed(const Bytes& message, const Envelope& sent, Segment to, const Mac& receiver) const;

 private:
  World world_;
};

}  // namespace relayspec::dhcp4
