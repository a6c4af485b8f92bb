// SPDX-License-Identifier: Apache-2.0
// The walk over options: the one place of the relay that follows lengths found in a message.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "relayspec/relay/message.h"

namespace relayspec::relay {

/// Option codes that a relay looks at (RFC 2132; 82: RFC 3046; 90: RFC 3118).
namespace code {
inline constexpr std::uint8_t pad = 0, requested_address = 50, overload = 52, message_type = 53,
                              server_id = 54, agent_information = 82, authentication = 90, end = 255;
}  // namespace code

/// Values of option 53 (RFC 2132, section 9.6; FORCERENEW: RFC 3203).
enum class MessageType : std::uint8_t {
  none = 0,
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  ack = 5,
  nak = 6,
  release = 7,
  inform = 8,
  forcerenew = 9
};

/// A range of octets of a message in which options stand.
struct Field {
  std::size_t begin = 0, end = 0;
};

/// One option: where its code stands and how long its value is. All offsets are those of the message.
struct Option {
  std::uint8_t code = 0;
  std::size_t begin = 0;
  std::size_t length = 0;

  std::size_t value() const { return begin + 2; }
  std::size_t end() const { return begin + 2 + length; }
};

/// Goes from option to option inside one field, over PADs, up to END, the field's end or the first option
/// that does not fit. Never reads outside the field.
class OptionWalk {
 public:
  OptionWalk(std::span<const std::uint8_t> octets, Field field)
      : octets_(octets), field_(field), last_(field.begin) {}

  /// The next option, or nothing when the walk is over; then `outcome` says why.
  std::optional<Option> next();

  enum class Outcome : std::uint8_t {
    under_way,
    end_option,  ///< `position` is that of END
    exhausted,   ///< the field is over and no END was there
    overrun      ///< at `position` stands a code without a length, or with one that passes the field's end
  };
  Outcome outcome() const { return outcome_; }
  std::size_t position() const { return field_.begin; }
  std::size_t behind_last_option() const { return last_; }

 private:
  std::span<const std::uint8_t> octets_;
  Field field_;  // begin moves on
  std::size_t last_;
  Outcome outcome_ = Outcome::under_way;
};

/// The options field: what stands behind the magic cookie (RFC 1497, RFC 2131 section 3). Nothing if there is
/// another cookie or none: then the vendor area has a format that the relay does not read (RFC 1542, section
/// 3.5).
std::optional<Field> options_field(const Message&);

/// How the walk over the whole of a field ends.
OptionWalk::Outcome outcome_of(const Message&, Field);

/// All fields that hold options: the options field, then, where option 52 says so, `file` and `sname` (RFC
/// 2131, section 4.1).
class OptionFields {
 public:
  explicit OptionFields(const Message&);
  const Field* begin() const { return fields_.data(); }
  const Field* end() const { return fields_.data() + count_; }

 private:
  std::array<Field, 3> fields_;
  std::size_t count_ = 0;
};

/// The first option with that code in any of the fields.
std::optional<Option> find_option(const Message&, std::uint8_t code);

/// Option 53, `none` if it is missing or not one octet long.
MessageType message_type(const Message&);

}  // namespace relayspec::relay
