// SPDX-License-Identifier: Apache-2.0
#include "relay/option82.h"

#include <algorithm>
#include <array>

#include "relayspec/relay/options.h"

namespace relayspec::relay {
namespace {

// Option 82 counts in the options field alone: a relay neither reads nor removes one in sname or file (RFC
// 3046, section 2.1), and what stands behind END is no option.
bool carries_agent_information(const Message& message, Field field) {
  OptionWalk walk(message.octets(), field);
  while (const auto option = walk.next()) {
    if (option->code == code::agent_information) return true;
  }
  return false;
}

// Cuts the joined content of all instances down to its first `keep` octets. An instance that loses all its
// octets is removed, and with `empty_ones` those that were empty are removed too. One pass, however many
// instances there are.
void shorten(Message& message, Field field, std::size_t keep, bool empty_ones) {
  std::size_t joined = 0;             // where the instance starts in the joined content
  std::size_t kept = field.begin;     // end of what is in its final place
  std::size_t pending = field.begin;  // start of what is still to be moved there
  const auto settle_up_to = [&](std::size_t end) {
    message.move(pending, kept, end - pending);
    kept += end - pending;
  };

  OptionWalk walk(message.octets(), field);
  while (const auto option = walk.next()) {
    if (option->code != code::agent_information) continue;
    if (option->length == 0 ? empty_ones : joined >= keep) {
      settle_up_to(option->begin);
      pending = option->end();
    } else if (joined < keep && option->length > keep - joined) {
      message.set_octet(option->begin + 1, static_cast<std::uint8_t>(keep - joined));
      settle_up_to(option->value() + (keep - joined));
      pending = option->end();
    }
    joined += option->length;
  }
  message.erase(kept, pending);
}

// What the relay adds to one message. RFC 5010, section 3: the first bit of the flags is set for what came by
// unicast.
class Content {
 public:
  explicit Content(const Downlink& downlink) : size_(downlink.agent_information.size()) {
    std::copy(downlink.agent_information.begin(), downlink.agent_information.end(), octets_.begin());
  }
  std::span<const std::uint8_t> octets() const { return std::span(octets_).first(size_); }
  void set_flags(const Downlink& downlink, bool unicast) {
    if (downlink.flags_at != 0) octets_[downlink.flags_at] = unicast ? 0x80 : 0x00;
  }
  // RFC 6607, section 3.3: servers that know of VPNs do not return it. It is the last one.
  void drop_vpn_control() { size_ -= 2; }

 private:
  std::array<std::uint8_t, max_agent_information> octets_{};
  std::size_t size_;
};

// All instances of option 82 joined (RFC 3396, section 7), as far as a relay could have put it in.
class Echo {
 public:
  explicit Echo(const Message& message) {
    const auto field = options_field(message);
    if (!field) return;
    OptionWalk walk(message.octets(), *field);
    while (const auto option = walk.next()) {
      if (option->code != code::agent_information) continue;
      const auto part =
          message.octets().subspan(option->value(), std::min(option->length, octets_.size() - size_));
      std::copy(part.begin(), part.end(), octets_.begin() + static_cast<std::ptrdiff_t>(size_));
      size_ += part.size();
    }
  }

  // The value of its first sub-option with that code.
  std::optional<std::span<const std::uint8_t>> find(std::uint8_t code) const {
    return find_sub_option(std::span(octets_).first(size_), code);
  }

 private:
  std::array<std::uint8_t, 1024> octets_{};
  std::size_t size_ = 0;
};

// A message whose options run over its end hides what follows: another parser may well find an option 82 in
// there.
bool malformed(const Message& message, Field field) {
  return outcome_of(message, field) == OptionWalk::Outcome::overrun;
}

}  // namespace

std::optional<std::span<const std::uint8_t>> find_sub_option(std::span<const std::uint8_t> content,
                                                             std::uint8_t code) {
  for (std::size_t at = 0; at + 2 <= content.size() && at + 2 + content[at + 1] <= content.size();
       at += 2U + content[at + 1]) {
    if (content[at] == code) return content.subspan(at + 2, content[at + 1]);
  }
  return {};
}

bool insert_agent_information(Message& message, std::span<const std::uint8_t> content) {
  const auto field = options_field(message);
  if (!field) return false;
  OptionWalk walk(message.octets(), *field);
  while (walk.next()) {
  }
  if (walk.outcome() == OptionWalk::Outcome::overrun) return false;

  // RFC 3046, section 2.1: the last option, but before END if there is one. What stands behind END stays
  // behind it.
  const bool has_end = walk.outcome() == OptionWalk::Outcome::end_option;
  auto place = has_end ? walk.position() : walk.behind_last_option();
  // RFC 3396, section 6: what one option cannot hold goes on in the next of the same code.
  do {
    const auto part = content.first(std::min(content.size(), max_instance));
    const std::uint8_t header[] = {code::agent_information, static_cast<std::uint8_t>(part.size())};
    message.insert(place, part);
    message.insert(place, header);
    place += 2 + part.size();
    content = content.subspan(part.size());
  } while (!content.empty());
  return true;
}

std::size_t length_with_headers(std::size_t content) {
  return content + 2 * std::max<std::size_t>(1, (content + max_instance - 1) / max_instance);
}

void remove_agent_information(Message& message) {
  if (const auto field = options_field(message)) shorten(message, *field, 0, true);
}

void remove_agent_information(Message& message, std::span<const std::uint8_t> content, bool whole) {
  const auto field = options_field(message);
  if (!field || content.empty()) return;

  // RFC 3396, section 7: several instances are one option, which may be cut at any octet.
  std::size_t length = 0;
  OptionWalk measure(message.octets(), *field);
  while (const auto option = measure.next()) {
    if (option->code == code::agent_information) length += option->length;
  }
  if (length < content.size() || (whole && length != content.size())) return;

  const auto others = length - content.size();
  std::size_t joined = 0;
  OptionWalk compare(message.octets(), *field);
  while (const auto option = compare.next()) {
    if (option->code != code::agent_information) continue;
    for (std::size_t i = 0; i < option->length; ++i, ++joined) {
      if (joined >= others && message.octets()[option->value() + i] != content[joined - others]) return;
    }
  }
  shorten(message, *field, others, false);
}

std::optional<Drop> objection_to_request(const Config& config, const Downlink& downlink,
                                         const Message& message) {
  const auto field = options_field(message);
  if (!config.option82 || !field) return {};

  // RFC 3046, section 2.1.1: once a relay has set giaddr the request is forwarded, whatever the policy for
  // clients is.
  if (!message.giaddr().is_zero()) return {};
  const bool carries = carries_agent_information(message, *field);
  if (config.option82_policy == Option82Policy::discard && carries) return Drop::option82_policy;

  // RFC 3046, section 2.1: giaddr zero makes this relay the first, and a host on an untrusted circuit must
  // not send option 82.
  const bool by_rfc = config.option82_policy == Option82Policy::rfc3046;
  if (by_rfc && !downlink.trusted && carries) return Drop::option82_untrusted;
  const bool lets_through = config.option82_policy == Option82Policy::append ||
                            config.option82_policy == Option82Policy::forward || (by_rfc && downlink.trusted);
  // Sections 2.1 and 5.0 want the servers to be able to trust what they find; such a message may hold one
  // that the relay cannot find.
  if (!lets_through && malformed(message, *field)) return Drop::options_malformed;
  return {};
}

void apply_to_request(const Config& config, const Downlink& downlink, Arrival arrival, Message& message,
                      Notes& notes) {
  // RFC 3046, section 2.1.1: behind another relay nothing is added, and what is there stays.
  if (!config.option82 || !arrival.first_hop) return;
  const auto field = options_field(message);
  if (!field || malformed(message, *field)) {
    notes.option82_no_place = true;
    return;
  }

  if (carries_agent_information(message, *field)) {
    // RFC 3046, section 2.1: an option that was accepted stays as it is and no second one is added.
    if (config.option82_policy == Option82Policy::rfc3046 ||
        config.option82_policy == Option82Policy::forward)
      return;
    if (config.option82_policy == Option82Policy::replace) remove_agent_information(message);
  }

  // RFC 3046, section 2.0: at least one sub-option, or no option at all.
  if (downlink.agent_information.empty()) return;
  // RFC 3046, section 2.1: over the limit, which is the link's MTU if nothing was configured, it goes without
  // the option.
  const auto grown = message.size() + length_with_headers(downlink.agent_information.size());
  if (grown > config.max_size || grown > message.capacity()) {
    notes.option82_no_room = true;
    return;
  }
  Content content(downlink);
  content.set_flags(downlink, arrival.unicast);
  notes.option82_added = insert_agent_information(message, content.octets());
}

std::optional<std::size_t> downlink_of_echo(const Config& config, const Message& message) {
  const Echo echo(message);
  const auto circuit = echo.find(sub_option::circuit_id);
  if (!circuit) return {};
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < config.downlinks.size(); ++i) {
    const auto own = find_sub_option(config.downlinks[i].agent_information, sub_option::circuit_id);
    if (!own || !std::equal(own->begin(), own->end(), circuit->begin(), circuit->end())) continue;
    if (found) return {};
    found = i;
  }
  return found;
}

namespace {

// RFC 6607, section 5: if the control sub-option is still there the server has not used the VPN. Section 5.1:
// a reply for a VPN that the downlink does not belong to is dropped.
std::optional<Drop> objection_by_vpn(const Downlink& downlink, const Message& message) {
  if (downlink.vpn.empty()) return {};
  const Echo echo(message);
  const auto vpn = echo.find(sub_option::vpn);
  if (vpn && !std::equal(vpn->begin(), vpn->end(), downlink.vpn.begin(), downlink.vpn.end()))
    return Drop::vpn_unknown;
  if (echo.find(sub_option::vpn_control)) return Drop::vpn_ignored;
  return {};
}

}  // namespace

std::optional<Drop> objection_to_reply(const Config& config, const Downlink& downlink,
                                       const Message& message) {
  if (config.option82) {
    if (const auto reason = objection_by_vpn(downlink, message)) return reason;
  }
  // RFC 3046, section 2.1: the echo must not get past the relay. Where the relay cannot be sure to find it,
  // the reply is dropped.
  const auto field = options_field(message);
  if (config.option82 && !downlink.trusted && field && malformed(message, *field))
    return Drop::options_malformed;
  return {};
}

void apply_to_reply(const Config& config, const Downlink& downlink, Message& message) {
  // RFC 3046, section 2.1: the option is removed by whoever has added it. A relay that adds none leaves it to
  // others.
  if (!config.option82) return;
  const auto size = message.size();
  if (downlink.trusted) {
    const bool whole = config.option82_policy != Option82Policy::append;
    for (const bool unicast : {false, true}) {
      Content content(downlink);
      content.set_flags(downlink, unicast);
      remove_agent_information(message, content.octets(), whole);
      if (downlink.vpn.empty() || message.size() != size) continue;
      content.drop_vpn_control();
      remove_agent_information(message, content.octets(), whole);
    }
  } else {
    remove_agent_information(message);
  }
  // RFC 1542, section 2.1: a message that was long enough for a strict client stays long enough. Zeros behind
  // an option that is cut off would become its value.
  const auto field = options_field(message);
  if (size >= classic_minimum && !(field && malformed(message, *field))) message.pad_to(classic_minimum);
}

}  // namespace relayspec::relay
