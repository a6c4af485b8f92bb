// SPDX-License-Identifier: Apache-2.0
// A message as octets: where its fields stand (RFC 951 section 3, RFC 2131 section 2), and its options.
#pragma once

#include <optional>

#include "testsuites/faulty/relay.h"

namespace relayspec::faulty {

namespace at {
inline constexpr std::size_t op = 0, htype = 1, hlen = 2, hops = 3, xid = 4, secs = 8, flags = 10,
                             ciaddr = 12, yiaddr = 16, siaddr = 20, giaddr = 24, chaddr = 28, sname = 44,
                             file = 108, cookie = 236, options = 240;
}

inline constexpr std::uint8_t requested_address = 50, overload = 52, message_type = 53, server_id = 54,
                              authentication = 90, agent_information = 82;
enum Type : std::uint8_t {
  none = 0,
  discover,
  offer,
  request,
  decline,
  ack,
  nak,
  release,
  inform,
  forcerenew
};

inline std::uint16_t get16(const Bytes& m, std::size_t i) {
  return static_cast<std::uint16_t>(m[i] << 8 | m[i + 1]);
}
inline std::uint32_t get32(const Bytes& m, std::size_t i) {
  return static_cast<std::uint32_t>(get16(m, i)) << 16 | get16(m, i + 2);
}
void put16(Bytes& m, std::size_t i, std::uint16_t v);
void put32(Bytes& m, std::size_t i, std::uint32_t v);

struct Piece {
  std::uint8_t code;
  std::size_t from, size;  ///< header included
};

struct Walk {
  std::vector<Piece> pieces;       ///< options and single PADs, in order
  std::optional<std::size_t> end;  ///< where END stands
  bool overruns = false;           ///< an option is longer than the message
  std::uint8_t overrunning = 0;    ///< its code
};

/// Without the cookie there are no options.
Walk walk(const Bytes&);
std::optional<Piece> find(const Bytes&, std::uint8_t code);
/// In file and sname too, where overload says that they hold options (RFC 2132 section 9.3).
std::optional<Piece> find_anywhere(const Bytes&, std::uint8_t code);
/// Every instance of an option (RFC 3396), and what they hold together.
std::vector<Piece> find_all(const Bytes&, std::uint8_t code);
Bytes joined(const Bytes&, std::uint8_t code);
/// Takes pieces of a message out; they are in order.
void erase(Bytes&, const std::vector<Piece>&);
/// To the size that BOOTP gave a message (RFC 1542 section 2.1), behind END alone, where nothing is read.
void fill_up(Bytes&);
void insert(Bytes&, std::size_t where, const Bytes&);
/// Where the padding begins: zeros alone stand behind END, one at least.
std::optional<std::size_t> padding(const Bytes&);
/// The 4 octets of an option that holds an address; 0 without one.
Address address_in(const Bytes&, std::uint8_t code);
void set_address(Bytes&, std::uint8_t code, Address);
std::uint8_t type_of(const Bytes&);

}  // namespace relayspec::faulty
