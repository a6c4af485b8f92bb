// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/options.h"

namespace relayspec::relay {

std::optional<Option> OptionWalk::next() {
  if (outcome_ != Outcome::under_way) return {};

  // RFC 2132, section 2: PAD and END are a code alone, every other option has a length octet, known or not.
  while (field_.begin < field_.end && octets_[field_.begin] == code::pad) ++field_.begin;
  const auto here = field_.begin;
  if (here >= field_.end) {
    outcome_ = Outcome::exhausted;
    return {};
  }
  if (octets_[here] == code::end) {
    outcome_ = Outcome::end_option;
    return {};
  }
  if (field_.end - here < 2 || field_.end - here - 2 < octets_[here + 1]) {
    outcome_ = Outcome::overrun;
    return {};
  }
  const Option option{octets_[here], here, octets_[here + 1]};
  field_.begin = last_ = option.end();
  return option;
}

std::optional<Field> options_field(const Message& message) {
  static constexpr Ipv4 magic_cookie{0x63825363};
  if (message.size() < at::options || message.address(at::vend) != magic_cookie) return {};
  return Field{at::options, message.size()};
}

OptionWalk::Outcome outcome_of(const Message& message, Field field) {
  OptionWalk walk(message.octets(), field);
  while (walk.next()) {
  }
  return walk.outcome();
}

OptionFields::OptionFields(const Message& message) {
  const auto options = options_field(message);
  if (!options) return;
  fields_[count_++] = *options;

  // RFC 2132, section 9.3: 1 is file, 2 is sname, 3 is both. Option 52 counts in the options field alone, so
  // that a field cannot name itself.
  unsigned overload = 0;
  OptionWalk walk(message.octets(), *options);
  while (const auto option = walk.next()) {
    if (option->code != code::overload || option->length != 1) continue;
    overload = message.octets()[option->value()];
    break;
  }
  if (overload > 3) return;
  if (overload & 1) fields_[count_++] = {at::file, at::vend};
  if (overload & 2) fields_[count_++] = {at::sname, at::file};
}

std::optional<Option> find_option(const Message& message, std::uint8_t code) {
  for (const auto& field : OptionFields(message)) {
    OptionWalk walk(message.octets(), field);
    while (const auto option = walk.next()) {
      if (option->code == code) return option;
    }
  }
  return {};
}

MessageType message_type(const Message& message) {
  const auto option = find_option(message, code::message_type);
  if (!option || option->length != 1) return MessageType::none;
  return static_cast<MessageType>(message.octets()[option->value()]);
}

}  // namespace relayspec::relay
