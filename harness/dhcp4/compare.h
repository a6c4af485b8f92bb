// The judge: what was expected, what came, and every difference between them. Whole messages, octet by octet;
// each difference names the rule that it breaks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relayspec/harness/frame.h"
#include "relayspec/harness/message.h"

namespace relayspec {

/// Which way a relayed message goes: a request towards the servers, a reply towards the clients.
enum class Direction : std::uint8_t { request, reply };
inline const char* name(Direction d) { return d == Direction::request ? "request" : "reply"; }

/// An accepted way of addressing a datagram at both layers.
struct Form {
  Mac eth_dst;
  Ipv4 ip_dst;
};

struct Expected {
  Direction direction = Direction::request;
  Segment segment = Segment::uplink;  ///< where it has to come out
  Bytes message;
  std::vector<Form> forms;  ///< at least one; the first is the one asked for
  bool adds_option82 =
      false;  ///< request: the relay's own option 82 is looked at, and cut out before the comparison
  bool strips_option82 = false;  ///< reply: `message` is without the echo; padding may have taken its place
  bool broadcast_only = false;   ///< reply: unicast is ruled out, not just advised against (dialect `proxy`)
  std::optional<std::uint16_t> sport = 67;  ///< another one where RFC 8357 is in use; unset: any
  bool checksum_optional = false;  ///< its datagram came without a UDP checksum, so the copy may lack one too
  /// Set for transit: the datagram as it was sent to somebody else's address. A router changes link addresses
  /// and TTL only.
  std::optional<Envelope> transit;
};

struct Difference {
  std::string field;     ///< "hops", "option 54 (Server Identifier)", "destination"
  std::string expected;  ///< in words, addresses with their part in the lab
  std::string observed;
  std::string requirement;  ///< id of the rule that says so
  /// What stays the same when the same fault shows again with other values: "request hops +0". Two
  /// differences with equal signatures are one habit of the relay.
  std::string signature;
  bool decisive = false;  ///< the receiver can never get the message so, or the dialect rules it out: a
                          ///< failure whatever the level
};

/// Every difference, addressing first, then the message in wire order.
std::vector<Difference> compare(const Expected&, const Datagram& observed);

/// Link, network and transport layer alone.
std::vector<Difference> compare_addressing(const Expected&, const Datagram& observed);

/// The message alone.
std::vector<Difference> compare_messages(const Expected&, std::span<const std::uint8_t> observed);

/// The relay's own option 82 in a request, the instance nearest to END: differences if there is none, or if
/// it is not well formed or not the last option (RFC 3046 sections 2.0 and 2.1).
std::vector<Difference> examine_option82(std::span<const std::uint8_t> request);

/// The options areas alone. `cut` is how many octets of the relay's own option 82 were cut out of `got`, a
/// part of a message of `observed_size` octets.
std::vector<Difference> compare_options(const Expected&, const OptionsArea& want, OptionsArea got,
                                        std::size_t observed_size, std::size_t cut);

/// "octets 24-27: expected 00 00 00 00, observed c0 00 02 01", a line for every run that differs; at most
/// `most` runs.
std::string octet_difference(std::span<const std::uint8_t> expected, std::span<const std::uint8_t> observed,
                             std::size_t most = 8);

/// The rule that a part of a relayed message is under.
std::string rule_for_field(Direction, std::string_view field);
std::string rule_for_option(Direction, std::uint8_t code);

}  // namespace relayspec
