// SPDX-License-Identifier: Apache-2.0
// What was expected of a relayed message, what came, and every difference between them: whole messages, octet
// by octet. Each difference names the rule that it breaks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/engine/protocol.h"
#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"
#include "relayspec/harness/relayed.h"

namespace relayspec {

/// Which way a relayed message goes: a request towards the servers, a reply towards the clients.
enum class Direction : std::uint8_t { request, reply };
inline const char* name(Direction d) { return d == Direction::request ? "request" : "reply"; }

/// An accepted way of addressing a datagram at both layers.
struct Form {
  Mac eth_dst;
  Ipv4 ip_dst;
};

/// Of a plain request or reply.
Option82Rules option82_rules(Direction);

struct Expected {
  Direction direction = Direction::request;
  Segment segment = Segment::uplink;  ///< where it has to come out
  Bytes message;
  std::vector<Form> forms;  ///< at least one; the first is the one asked for
  bool adds_option82 =
      false;  ///< request: the relay's own option 82 is looked at, and cut out before the comparison
  /// Request: with the relay's own option 82 or without. Reply: with the option 82 of another or without.
  bool option82_optional = false;
  /// Reply: `message` is without the relay's own echo; padding may have taken its place.
  bool strips_option82 = false;
  bool broadcast_only = false;  ///< reply: unicast is ruled out, not just advised against (dialect `proxy`)
  std::optional<std::uint16_t> sport = 67;  ///< another one where RFC 8357 is in use; unset: any
  bool checksum_optional = false;  ///< its datagram came without a UDP checksum, so the copy may lack one too
  /// Set for transit: the datagram as it was sent to another host's address. A router changes link addresses
  /// and TTL only.
  std::optional<Envelope> transit;
  Option82Rules option82 = option82_rules(direction);
  Bytes replaced = {};  ///< request: content of the option 82 that the relay's own takes the place of
  std::string server_id_rule = {};         ///< of option 54; empty: that it is kept
  std::string giaddr_rule = {};            ///< request: of giaddr; empty: that it is filled in or kept
  std::vector<Ipv4> further_giaddrs = {};  ///< request: what giaddr may be as well
  Bytes echo = {};                         ///< reply: option 82 that the relay has to take out
  Topology topology = Topology::documentation();
  std::vector<Ipv4> further_addresses;    ///< of the relay, besides those of the topology
  std::vector<Ipv4> of_other_links = {};  ///< those of them that are not on this segment
};

/// Every difference, addressing first, then the message in wire order.
std::vector<Difference> compare(const Expected&, const Datagram& observed);

/// Link, network and transport layer alone.
std::vector<Difference> compare_addressing(const Expected&, const Datagram& observed);

/// The message alone.
std::vector<Difference> compare_messages(const Expected&, std::span<const std::uint8_t> observed);

/// The relay's own option 82 in a request: differences if there is none, or if it is not well formed, not the
/// last option (RFC 3046, sections 2.0 and 2.1) or cut into instances without need (RFC 3396, section 6).
std::vector<Difference> examine_option82(const Expected&, std::span<const std::uint8_t> request);

/// A request in which another's option 82 and the relay's own are joined, with each of them in an option of
/// its own, theirs where it was sent; unset where they are not joined.
std::optional<Bytes> with_option82_apart(const Expected&, std::span<const std::uint8_t> observed);

/// The message that is due, with the relay's own option 82 where the observed request has one: its content is
/// the relay's choice.
Bytes message_due(const Expected&, std::span<const std::uint8_t> observed);

/// An option of which the end of the message leaves a part, at least its length or its data.
bool is_cut_off(const Option&);
/// What an option that is cut off becomes when zeros follow the message.
bool is_completed_by_zeros(const Option& cut, const Option&);

/// What a message without END has more than was sent, where that is no whole option: a last option that was
/// cut off takes it in, so that it would look like a change of that option.
std::optional<Difference> octets_behind_the_last_option(const Expected&, const OptionsArea& want,
                                                        const OptionsArea& got,
                                                        std::span<const std::uint8_t> observed);

/// Octets behind END, or PADs behind the last option where there is no END, or zeros behind an area that is
/// not read: one difference, whichever of the three a message has.
Difference octets_at_the_end(Direction, std::span<const std::uint8_t> sent,
                             std::span<const std::uint8_t> seen, std::string requirement);

/// The relay's own option 82 in an options area: of all instances the last ones, beyond those that the
/// expected message has.
std::vector<Option> own_option82(const Expected&, const OptionsArea& observed);
/// The relay has put its own option 82 behind END, and the message had none there.
bool has_option82_behind_end(const Expected&, const OptionsArea& observed);
/// The options areas alone. `cut` is how many octets of the relay's own option 82 were cut out of `got`, a
/// part of a message of `observed_size` octets.
std::vector<Difference> compare_options(const Expected&, OptionsArea want, OptionsArea got,
                                        std::size_t observed_size, std::size_t cut);

/// What is wrong with options of which one run of octets, and no whole option, is missing, added or changed;
/// unset where it is something else.
std::optional<Difference> torn_options(const Expected&, const OptionsArea& want, const OptionsArea& got);

/// The same differences, unless those of the options are for octets that a buffer held behind the message
/// when it was read: then they are one. `sent` is the message as it was sent, `buffer` what was there before.
std::vector<Difference> explained_by_remains(std::vector<Difference>, const Expected&,
                                             std::span<const std::uint8_t> sent,
                                             std::span<const std::uint8_t> buffer,
                                             std::span<const std::uint8_t> observed);

/// "octets 24-27: expected 00 00 00 00, observed c0 00 02 01", a line for every run that differs; at most
/// `most` runs.
std::string octet_difference(std::span<const std::uint8_t> expected, std::span<const std::uint8_t> observed,
                             std::size_t most = 8);

/// "the relay's uplink address", without the address; empty where it has no part.
std::string part_of(const Topology&, Ipv4);

/// The rule that a part of a relayed message is under; for option 82 see Option82Rules.
std::string rule_for_field(Direction, std::string_view field);
std::string rule_for_option(Direction, std::uint8_t code);

}  // namespace relayspec
