// SPDX-License-Identifier: Apache-2.0
// A BOOTP/DHCP message that can be wrong on purpose in every field (RFC 951 section 3, RFC 2131 section 2).
// Fields stand in wire order. When a message is built an unset field gets a sensible default; everything that
// is set goes to the wire as it is, however wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/topology.h"

namespace relayspec {

/// Option codes (RFC 2132, RFC 3046) that the suites speak of by name.
namespace code {
inline constexpr std::uint8_t pad = 0, subnet_mask = 1, router = 3, dns = 6, host_name = 12, vendor = 43,
                              requested_address = 50, lease_time = 51, overload = 52, message_type = 53,
                              server_id = 54, parameter_list = 55, max_message_size = 57, client_id = 61,
                              relay_agent = 82, authentication = 90, subnet_selection = 118, end = 255;
}  // namespace code

/// DHCP message types (RFC 2132 section 9.6).
enum class Type : std::uint8_t {
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  ack = 5,
  nak = 6,
  release = 7,
  inform = 8
};

inline constexpr std::uint16_t broadcast_flag = 0x8000;
inline constexpr Bytes::value_type boot_request = 1, boot_reply = 2;

/// One element of the options area as it stands on the wire: an option, a run of PADs, or any octets at all.
struct Option {
  Bytes wire;
  friend bool operator==(const Option&, const Option&) = default;
};
/// Its first octet, or PAD where there is none.
std::uint8_t code_of(const Option&);

namespace option {
/// In as many instances as it takes (RFC 3396, section 5).
Option of(std::uint8_t code, const Bytes& data);
Option text(std::uint8_t code, std::string_view);
Option address(std::uint8_t code, Ipv4);
Option number(std::uint8_t code, std::uint8_t);
Option number16(std::uint8_t code, std::uint16_t);
Option number32(std::uint8_t code, std::uint32_t);
Option type(Type);
Option pads(std::size_t n);
Option raw(Bytes);  ///< octets that need not be an option
}  // namespace option

struct Message {
  std::optional<std::uint8_t> op, htype, hlen, hops;
  std::optional<std::uint32_t> xid;
  std::optional<std::uint16_t> secs, flags;
  std::optional<Ipv4> ciaddr, yiaddr, siaddr, giaddr;
  std::optional<Bytes> chaddr;  ///< up to 16 octets, filled up with zeros
  std::optional<Bytes> sname;   ///< up to 64 octets, filled up with zeros
  std::optional<Bytes> file;    ///< up to 128 octets, filled up with zeros
  std::optional<Bytes> cookie;  ///< unset: 99.130.83.99; may be shorter, and empty
  std::optional<std::vector<Option>> options;
  std::optional<Bytes>
      tail;  ///< what stands behind the last option; unset: END, and zeros up to 300 octets in all

  /// The fields that `over` sets, and this message's for the rest.
  Message with(const Message& over) const;
  /// This message with one more option behind the others.
  Message plus(Option) const;
};

/// The message's octets, from op on.
Bytes encode(const Message&);
/// The other way round: every field set, as it stands. encode() gives the same octets again. The fixed fields
/// up to the cookie (236 octets) must be there.
Message decode(std::span<const std::uint8_t>);

/// Where the fields of a message stand (RFC 2131 section 2): offset and length in octets.
struct Field {
  const char* name;
  std::size_t offset, length;
};
std::span<const Field> fixed_fields();
inline constexpr std::size_t options_offset = 240;  ///< behind the cookie

/// An options area taken apart leniently: every element up to END, END's place, and what stands behind it.
struct OptionsArea {
  std::vector<Option>
      elements;  ///< each option, each run of PADs; a truncated option ends the list as it stands
  std::optional<std::size_t> end;  ///< offset of END in the message
  Bytes tail;                      ///< END and everything behind it
};
/// Only for a message with the standard cookie; else nothing.
std::optional<OptionsArea> options_of(std::span<const std::uint8_t> message);

/// The joined data of every instance of an option in the options field (RFC 3396); nothing when there is
/// none.
std::optional<Bytes> find_option(std::span<const std::uint8_t> message, std::uint8_t code);

/// Unset when the message is too short for it.
std::optional<std::uint32_t> xid_of(std::span<const std::uint8_t> message);
std::optional<Ipv4> giaddr_of(std::span<const std::uint8_t> message);

/// "DISCOVER xid 0x52530001 hops 17 …": one line for people, whatever the octets are.
std::string summary(std::span<const std::uint8_t> message);
/// "DISCOVER", "BOOTREQUEST", "op 7": what kind of message this is. Empty where it is too short for BOOTP.
std::string type_name(std::span<const std::uint8_t> message);

/// A field or an option as a table shows it.
struct Part {
  std::string name;   ///< "hops", "option 82 (Relay Agent Information)", "octets at the end"
  std::string value;  ///< for people
  Bytes octets;       ///< as they stand on the wire
};
/// In wire order, whatever the octets are. A name comes once: the second instance of an option is called
/// "option 82 (Relay Agent Information), instance 2".
std::vector<Part> parts_of(std::span<const std::uint8_t> message);
/// An address as it stands on the wire.
Bytes octets_of(Ipv4);
/// Whether every octet is 0.
bool zeros(std::span<const std::uint8_t>);
/// "01 02 ff", at most `most` octets and then how many more.
std::string hex(std::span<const std::uint8_t>, std::size_t most = 32);
/// "option 54 (Server Identifier)".
std::string option_name(std::uint8_t code);

}  // namespace relayspec
