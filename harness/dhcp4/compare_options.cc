// SPDX-License-Identifier: Apache-2.0
// The options area: which options are missing, added, changed or moved, and what became of the octets behind
// END.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

// The address in an option, where it is one.
std::optional<Ipv4> address_in(const Option& o) {
  const auto data = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
  if (data.size() != 4 || code_of(o) != code::server_id) return std::nullopt;
  return Ipv4(fmt::format("{}.{}.{}.{}", data[0], data[1], data[2], data[3]));
}

std::string show(const Topology& topology, const Option& o) {
  if (code_of(o) == code::pad) return fmt::format("{} octets of PAD", o.wire.size());
  if (const auto a = address_in(o)) return topology.role_of(*a);
  const auto data = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
  return fmt::format("{} octets [{}]", data.size(), hex(data));
}

std::vector<Option> without_pads(std::vector<Option> options) {
  std::erase_if(options, [](const Option& o) { return code_of(o) == code::pad; });
  return options;
}

enum class Change : std::uint8_t { missing, added, changed };

std::string rule_for(const Expected& e, std::uint8_t c, Change change) {
  if (c == code::end) {
    // RFC 1534, section 2: BOOTP gets no END either; in a DHCP message it is one octet more of the options.
    if (change == Change::missing) return "RFC2131-4.1-end-present";
    return find_option(e.message, code::message_type) ? rule_for_option(e.direction, code::pad)
                                                      : "RFC1534-2-no-type-added";
  }
  if (c == code::server_id && !e.server_id_rule.empty()) return e.server_id_rule;
  if (c != code::relay_agent) return rule_for_option(e.direction, c);
  if (change != Change::added) return e.option82.kept;
  return e.strips_option82 ? e.option82.left : e.adds_option82 ? e.option82.more : e.option82.added;
}

Difference option_difference(const Expected& e, std::uint8_t c, Change change, std::string expected,
                             std::string observed, const std::string& part = "") {
  const char* words[] = {"missing", "added", "changed"};
  std::string kind =
      fmt::format("{} option {} {}", name(e.direction), c, words[static_cast<std::size_t>(change)]);
  if (!part.empty()) kind += " to " + part;
  return {.field = option_name(c),
          .expected = std::move(expected),
          .observed = std::move(observed),
          .requirement = rule_for(e, c, change),
          .kind = std::move(kind)};
}

// What the two lists do not share, in order of appearance.
std::vector<Difference> compare_elements(const Expected& e, const std::vector<Option>& want,
                                         const std::vector<Option>& got) {
  std::vector<Difference> out;
  std::vector<Option> missing, added = got;
  for (const Option& o : want) {
    if (const auto it = std::find(added.begin(), added.end(), o); it != added.end()) {
      added.erase(it);
    } else {
      missing.push_back(o);
    }
  }
  const auto words = [&](const Option& o) { return show(e.topology, o); };
  for (const Option& o : missing) {
    const auto same_code = [&](const Option& other) { return code_of(other) == code_of(o); };
    if (const auto it = std::find_if(added.begin(), added.end(), same_code); it != added.end()) {
      const auto to = address_in(*it);
      out.push_back(option_difference(e, code_of(o), Change::changed, words(o), words(*it),
                                      to ? part_of(e.topology, *to) : ""));
      added.erase(it);
    } else {
      out.push_back(option_difference(e, code_of(o), Change::missing, words(o), "not there"));
    }
  }
  for (const Option& o : added) {
    out.push_back(option_difference(e, code_of(o), Change::added, "not there", words(o)));
    // What is no whole option 82 is none that a relay has to know as its own.
    if (e.direction == Direction::reply && code_of(o) == code::relay_agent && is_cut_off(o))
      out.back().requirement = "MALF-82-overruns-message-reply";
  }
  if (out.empty() && want != got) {
    const bool pads_only = without_pads(want) == without_pads(got);
    out.push_back(
        {.field = pads_only ? "PADs between options" : "order of options",
         .expected = "as sent",
         .observed = "moved",
         .requirement = pads_only ? rule_for_option(e.direction, code::pad) : "RFC2131-4.1-option-order-kept",
         .kind = fmt::format("{} options moved", name(e.direction))});
  }
  return out;
}

using Octets = std::span<const std::uint8_t>;

Octets behind_end(const OptionsArea& a) { return Octets(a.tail).subspan(a.tail.empty() ? 0 : 1); }

// Takes out what stands behind END, or the PADs behind the last option where there is no END.
Bytes take_out_the_end(OptionsArea& a) {
  if (a.end) return {a.tail.begin() + 1, a.tail.end()};
  if (a.elements.empty() || code_of(a.elements.back()) != code::pad) return {};
  Bytes pads = std::move(a.elements.back().wire);
  a.elements.pop_back();
  return pads;
}

std::size_t octets_of_82(const std::vector<Option>& options) {
  std::size_t n = 0;
  for (const Option& o : options) n += code_of(o) == code::relay_agent ? o.wire.size() : 0;
  return n;
}

// A run of these octets of the echo that was not there before is no coincidence.
constexpr std::size_t shortest_trace = 4;

bool has_trace_of(Octets echo, Octets sent, Octets seen) {
  const auto holds = [](Octets all, Octets part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
  };
  for (std::size_t i = 0; i + shortest_trace <= echo.size(); ++i) {
    const Octets part = echo.subspan(i, shortest_trace);
    if (!zeros(part) && holds(seen, part) && !holds(sent, part)) return true;
  }
  return false;
}

bool differ_by_padding(Octets sent, Octets seen) {
  const std::size_t common = std::min(sent.size(), seen.size());
  return std::equal(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(common), seen.begin()) &&
         zeros(sent.subspan(common)) && zeros(seen.subspan(common));
}

// Zeros at the end say nothing. A relay may fill a short message up to BOOTP's 300 octets (RFC 1542, section
// 2.1), and where it puts option 82 in or takes it out it may use the room that padding gives; where it does
// so against the rules, that it has used padding for it is no further fault. Anything else is a change.
std::vector<Difference> compare_octets_at_the_end(const Expected& e, Octets sent, Octets seen,
                                                  std::size_t observed_size, std::size_t room, bool has_end) {
  if (std::equal(sent.begin(), sent.end(), seen.begin(), seen.end())) return {};
  const bool lays_out = e.adds_option82 || e.strips_option82;
  // They are padding, whatever they hold, and a relay that lays the area out may zero them.
  const Bytes zeroed(sent.size());
  if (lays_out && zeros(seen)) sent = zeroed;
  const bool padding_only = differ_by_padding(sent, seen);
  // Without END zeros are options, if empty ones, and only what fills a message up adds any.
  const bool filled_up =
      seen.size() > sent.size() && (has_end || e.adds_option82 ? observed_size <= 300 : observed_size == 300);
  const bool room_used = seen.size() < sent.size() && sent.size() - seen.size() <= room;
  // Behind END it may lay out as much as it likes.
  const bool room_left =
      lays_out && seen.size() > sent.size() &&
      (has_end || (e.strips_option82 && observed_size <= e.message.size() + e.echo.size()));
  const bool zeroed_only = lays_out && seen.size() == sent.size();
  if (padding_only && (filled_up || room_used || room_left || zeroed_only)) return {};
  // RFC 1542, section 2.1: padding alone says nothing, but without it the message may be too short. Where
  // option 82 is put in or taken out the area is the relay's to lay out, as long as that holds.
  const bool cut = padding_only && seen.size() < sent.size();
  if (cut && observed_size >= 300 && lays_out) return {};
  // A message that arrived short may leave short; with its echo a reply may have been long enough.
  const bool was_long = e.message.size() >= 300 || e.strips_option82;
  const bool too_short = cut && was_long && lays_out && observed_size < 300;
  const bool longer =
      zeros(sent) && seen.size() > sent.size() && std::equal(sent.begin(), sent.end(), seen.begin());
  const bool as_long_as_it_came = e.strips_option82 && seen.size() == sent.size() + e.echo.size();
  const bool filled = longer && (observed_size == 300 || as_long_as_it_came);
  const bool trace = e.strips_option82 && has_trace_of(e.echo, sent, seen);
  return {octets_at_the_end(e.direction, sent, seen,
                            too_short ? "RFC1542-2.1-output-not-short"
                            : trace   ? "RFC3046-2.1-strip-no-trace"
                            : filled  ? "SEC-padding-zeroed"
                                      : rule_for_option(e.direction, code::pad))};
}

Bytes take_out_option82(std::vector<Option>& options) {
  Bytes content;
  for (const Option& o : options) {
    if (code_of(o) == code::relay_agent && o.wire.size() > 2)
      content.insert(content.end(), o.wire.begin() + 2, o.wire.end());
  }
  std::erase_if(options, [](const Option& o) { return code_of(o) == code::relay_agent; });
  return content;
}

// RFC 3396, section 7: the instances of an option are one, wherever a server or the relay cuts it. Where
// another's stays, what is there besides is the relay's own, or it has been changed.
std::vector<Difference> compare_others_option82(const Expected& e, std::vector<Option>& want,
                                                std::vector<Option>& got) {
  const Bytes theirs = take_out_option82(want), seen = take_out_option82(got);
  if (theirs == seen) return {};
  const bool own =
      !e.echo.empty() && std::search(seen.begin(), seen.end(), e.echo.begin(), e.echo.end()) != seen.end();
  return {{.field = option_name(code::relay_agent),
           .expected = fmt::format("what another has put in [{}]", hex(theirs)),
           .observed = fmt::format("[{}]", hex(seen)),
           .requirement = own ? e.option82.left : e.option82.kept,
           .kind = own ? "reply option 82 left beside another's" : "reply option 82 of another changed"}};
}

}  // namespace

std::vector<Difference> compare_options(const Expected& e, OptionsArea want, OptionsArea got,
                                        std::size_t observed_size, std::size_t cut) {
  // A relay that overwrites its own option with PADs has removed it as well: the client sees none (RFC 2132
  // section 3.1).
  if (e.strips_option82 && without_pads(want.elements) == without_pads(got.elements))
    got.elements = want.elements;
  const std::size_t own = octets_of_82(want.elements), seen = octets_of_82(got.elements);
  const Bytes sent_at_end = take_out_the_end(want), seen_at_end = take_out_the_end(got);
  std::vector<Difference> out;
  if (e.strips_option82 && own > 0) out = compare_others_option82(e, want.elements, got.elements);
  for (Difference& d : compare_elements(e, want.elements, got.elements)) out.push_back(std::move(d));
  // A relay that adds its option may end the options behind it.
  const bool ended = got.end && e.adds_option82;
  if (want.end.has_value() != got.end.has_value() && !ended) {
    out.push_back(got.end ? option_difference(e, code::end, Change::added, "not there", "there")
                          : option_difference(e, code::end, Change::missing, "there", "not there"));
    return out;
  }
  const std::size_t unexpected = seen > own ? seen - own : 0;
  for (Difference& d :
       compare_octets_at_the_end(e, sent_at_end, seen_at_end, observed_size,
                                 (e.adds_option82 ? cut : 0) + unexpected, want.end.has_value())) {
    out.push_back(std::move(d));
  }
  return out;
}

bool is_cut_off(const Option& o) {
  return code_of(o) != code::pad && (o.wire.size() < 2 || o.wire.size() < 2U + o.wire[1]);
}

bool is_completed_by_zeros(const Option& cut, const Option& o) {
  return o.wire.size() > cut.wire.size() && std::equal(cut.wire.begin(), cut.wire.end(), o.wire.begin()) &&
         zeros(Octets(o.wire).subspan(cut.wire.size()));
}

Difference octets_at_the_end(Direction d, Octets sent, Octets seen, std::string requirement) {
  const auto say = [](Octets octets) {
    return fmt::format("{} octets{}", octets.size(),
                       zeros(octets) ? " of padding" : " [" + hex(octets) + "]");
  };
  return {
      .field = "octets at the end",
      .expected = say(sent),
      .observed = say(seen),
      .requirement = std::move(requirement),
      .kind = fmt::format("{} trailing {}", name(d), differ_by_padding(sent, seen) ? "padding" : "octets")};
}

std::optional<Difference> octets_behind_the_last_option(const Expected& e, const OptionsArea& want,
                                                        const OptionsArea& got, Octets observed) {
  const std::size_t size = e.message.size();
  if (want.end || e.adds_option82 || size < options_offset || observed.size() <= size) return std::nullopt;
  const Octets sent = Octets(e.message).subspan(options_offset), seen = observed.subspan(options_offset);
  const Octets more = observed.subspan(size);
  const auto is_whole = [](const OptionsArea& a) {
    return a.elements.empty() || !is_cut_off(a.elements.back());
  };
  if (is_whole(want) && is_whole(got)) return std::nullopt;
  // RFC 2132, sections 3.1 and 3.2: PAD and END have rules of their own, and so has option 82.
  if (more[0] == code::pad || more[0] == code::end || !std::equal(sent.begin(), sent.end(), seen.begin()) ||
      has_trace_of(e.echo, sent, seen))
    return std::nullopt;
  return octets_at_the_end(e.direction, {}, more, rule_for_option(e.direction, code::pad));
}

std::vector<Option> own_option82(const Expected& e, const OptionsArea& observed) {
  const auto is82 = [](const Option& o) { return code_of(o) == code::relay_agent; };
  std::vector<Option> all;
  std::copy_if(observed.elements.begin(), observed.elements.end(), std::back_inserter(all), is82);
  const auto want = options_of(e.message);
  std::size_t kept =
      want ? static_cast<std::size_t>(std::count_if(want->elements.begin(), want->elements.end(), is82)) : 0;
  // What the end of the message cuts off is no option, and need not be there any more.
  if (kept > 0 && is_cut_off(want->elements.back()) && is82(want->elements.back()) &&
      (all.empty() ||
       (all.back() != want->elements.back() && !is_completed_by_zeros(want->elements.back(), all.back()))))
    --kept;
  const std::size_t others = std::min(kept, all.size());
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(others));
  return all;
}

namespace {

bool begins_with_option82(Octets octets) { return !octets.empty() && octets.front() == code::relay_agent; }

}  // namespace

bool has_option82_behind_end(const Expected& e, const OptionsArea& observed) {
  const auto sent = options_of(e.message);
  return own_option82(e, observed).empty() && begins_with_option82(behind_end(observed)) &&
         !(sent && begins_with_option82(behind_end(*sent)));
}

std::vector<Difference> examine_option82(const Expected& e, std::span<const std::uint8_t> request) {
  const auto complain = [](std::string expected, std::string observed, std::string requirement,
                           const char* kind) {
    return std::vector<Difference>{{.field = option_name(code::relay_agent),
                                    .expected = std::move(expected),
                                    .observed = std::move(observed),
                                    .requirement = std::move(requirement),
                                    .kind = std::string("request option 82 ") + kind}};
  };
  const auto area = options_of(request);
  const auto own = area ? own_option82(e, *area) : std::vector<Option>{};
  if (own.empty()) {
    if (area && has_option82_behind_end(e, *area))
      return complain("the last option before END", "behind END", "RFC3046-2.1-last-before-end",
                      "behind END");
    return complain("added by the relay", "not there", e.option82.due, "not added");
  }
  // RFC 3396, section 5: several instances are one option, cut anywhere.
  Bytes data;
  for (const Option& o : own) {
    const auto content = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
    data.insert(data.end(), content.begin(), content.end());
  }
  if (!data.empty() && data == e.replaced)
    return complain("the relay's own", "what it has to take the place of", e.option82.due, "not replaced");
  std::size_t at = 0;
  while (at + 2 <= data.size() && at + 2 + data[at + 1] <= data.size()) at += 2U + data[at + 1];
  if (data.empty()) return complain("at least one sub-option", "none", "RFC3046-2.0-min-length", "empty");
  if (at != data.size()) {
    return complain("sub-options that fill it exactly", "[" + hex(data) + "]", "RFC3046-2.0-format",
                    "malformed");
  }
  auto options = without_pads(area->elements);
  const auto sent = options_of(e.message);
  // What the end of the message cuts off is no option that could follow.
  if (sent && !sent->end && !sent->elements.empty() && is_cut_off(options.back()) &&
      options.back() == sent->elements.back())
    options.pop_back();
  if (code_of(options.back()) != code::relay_agent) {
    return complain("the last option before END", "followed by " + option_name(code_of(options.back())),
                    "RFC3046-2.1-last-before-end", "not last");
  }
  if (sent && sent->end && !area->end)
    return complain("END behind it", "no END", "RFC2131-4.1-end-present", "without END");
  if (own.size() > 1 && data.size() <= 255) {
    return complain("one instance", std::to_string(own.size()) + " instances", e.option82.more,
                    "in several instances");
  }
  return {};
}

}  // namespace relayspec
