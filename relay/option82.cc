#include "relay/option82.h"

#include <algorithm>

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

// Cuts the joined content of all instances down to its first `keep` octets. An instance that loses all it had
// goes, and with `empty_ones` those that had nothing go too. One pass, however many instances there are.
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

// A message whose options run over its end hides what follows: another parser may well find an option 82 in
// there.
bool malformed(const Message& message, Field field) {
  return outcome_of(message, field) == OptionWalk::Outcome::overrun;
}

}  // namespace

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
  const auto place = has_end ? walk.position() : walk.behind_last_option();
  const std::uint8_t header[] = {code::agent_information, static_cast<std::uint8_t>(content.size())};
  message.insert(place, content);
  message.insert(place, header);
  return true;
}

void remove_agent_information(Message& message) {
  if (const auto field = options_field(message)) shorten(message, *field, 0, true);
}

void remove_agent_information(Message& message, std::span<const std::uint8_t> content, bool whole) {
  const auto field = options_field(message);
  if (!field || content.empty()) return;

  // RFC 3396, section 7: several instances are one option, cut at any octet.
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

  const bool carries = carries_agent_information(message, *field);
  if (config.option82_policy == Option82Policy::discard && carries) return Drop::option82_policy;

  // RFC 3046, section 2.1: giaddr zero makes this relay the first, and what hangs on an untrusted circuit has
  // no business with option 82. Once a relay has set giaddr, section 2.1.1 has the request forwarded as it
  // is.
  if (downlink.trusted || !message.giaddr().is_zero()) return {};
  if (config.option82_policy == Option82Policy::rfc3046 && carries) return Drop::option82_untrusted;
  const bool lets_through =
      config.option82_policy == Option82Policy::append || config.option82_policy == Option82Policy::forward;
  // Sections 2.1 and 5.0 want the servers to be able to trust what they find; that cannot be told of such a
  // message.
  if (!lets_through && malformed(message, *field)) return Drop::options_malformed;
  return {};
}

void apply_to_request(const Config& config, const Downlink& downlink, bool first_hop, Message& message,
                      Notes& notes) {
  if (!config.option82) return;
  const auto field = options_field(message);
  if (!field || malformed(message, *field)) {
    notes.option82_no_place = first_hop;
    return;
  }

  if (carries_agent_information(message, *field)) {
    // RFC 3046, sections 2.1 and 2.1.1: one that was let in stays as it is and no second one is added.
    if (config.option82_policy == Option82Policy::rfc3046 ||
        config.option82_policy == Option82Policy::forward)
      return;
    if (config.option82_policy == Option82Policy::replace) remove_agent_information(message);
  } else if (!first_hop) {
    return;  // RFC 3046, section 2.1.1: behind another relay nothing is added
  }

  // RFC 3046, section 2.0: at least one sub-option, or no option at all.
  if (downlink.agent_information.empty()) return;
  // RFC 3046, section 2.1: over the limit, which is the link's MTU if nothing was configured, it goes without
  // the option.
  const auto grown = message.size() + 2 + downlink.agent_information.size();
  if (grown > config.max_size || grown > message.capacity()) {
    notes.option82_no_room = true;
    return;
  }
  insert_agent_information(message, downlink.agent_information);
}

std::optional<Drop> objection_to_reply(const Config& config, const Downlink& downlink,
                                       const Message& message) {
  // RFC 3046, section 2.1: the echo must not get past the relay. Where it cannot be found for sure, neither
  // does the reply.
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
    remove_agent_information(message, downlink.agent_information, whole);
  } else {
    remove_agent_information(message);
  }
  // RFC 1542, section 2.1: what was long enough for a strict client has to stay so.
  if (size >= classic_minimum) message.pad_to(classic_minimum);
}

}  // namespace relayspec::relay
