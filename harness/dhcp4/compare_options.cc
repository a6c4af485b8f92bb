// The options area: which options are missing, added, changed or moved, and what became of the octets behind
// END.
#include <fmt/format.h>

#include <algorithm>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

std::string show(const Option& o) {
  if (code_of(o) == code::pad) return fmt::format("{} octets of PAD", o.wire.size());
  const auto data = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
  if (data.size() == 4 && code_of(o) == code::server_id) {
    return role_of(Ipv4(fmt::format("{}.{}.{}.{}", data[0], data[1], data[2], data[3])));
  }
  return fmt::format("{} octets [{}]", data.size(), hex(data));
}

std::vector<Option> without_pads(std::vector<Option> options) {
  std::erase_if(options, [](const Option& o) { return code_of(o) == code::pad; });
  return options;
}

Difference option_difference(Direction d, std::uint8_t c, std::string expected, std::string observed,
                             const std::string& habit) {
  return {.field = option_name(c),
          .expected = std::move(expected),
          .observed = std::move(observed),
          .requirement = rule_for_option(d, c),
          .signature = fmt::format("{} option {} {}", name(d), c, habit)};
}

// What the two lists do not share, in order of appearance.
std::vector<Difference> compare_elements(Direction d, const std::vector<Option>& want,
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
  for (const Option& o : missing) {
    const auto same_code = [&](const Option& other) { return code_of(other) == code_of(o); };
    if (const auto it = std::find_if(added.begin(), added.end(), same_code); it != added.end()) {
      out.push_back(option_difference(d, code_of(o), show(o), show(*it), "changed to " + show(*it)));
      added.erase(it);
    } else {
      out.push_back(option_difference(d, code_of(o), show(o), "not there", "missing"));
    }
  }
  for (const Option& o : added)
    out.push_back(option_difference(d, code_of(o), "not there", show(o), "added"));
  if (out.empty() && want != got) {
    const bool pads_only = without_pads(want) == without_pads(got);
    out.push_back({.field = pads_only ? "PADs between options" : "order of options",
                   .expected = "as sent",
                   .observed = "moved",
                   .requirement = pads_only ? rule_for_option(d, code::pad) : "RFC2131-4.1-option-order-kept",
                   .signature = fmt::format("{} options moved", name(d))});
  }
  return out;
}

}  // namespace

std::vector<Difference> compare_options(const Expected& e, const OptionsArea& want, OptionsArea got,
                                        std::size_t observed_size, std::size_t cut) {
  const Direction d = e.direction;
  // A relay that blots its own option out with PADs has removed it as well: the client sees none (RFC 2132
  // section 3.1).
  if (e.strips_option82 && without_pads(want.elements) == without_pads(got.elements))
    got.elements = want.elements;
  auto out = compare_elements(d, want.elements, got.elements);

  if (want.end.has_value() != got.end.has_value()) {
    out.push_back(option_difference(d, code::end, want.end ? "there" : "not there",
                                    got.end ? "there" : "not there", got.end ? "added" : "missing"));
    return out;
  }
  const auto trailing = [](const OptionsArea& a) {
    return std::span(a.tail).subspan(a.tail.empty() ? 0 : 1);
  };
  const auto sent = trailing(want), seen = trailing(got);
  if (std::equal(sent.begin(), sent.end(), seen.begin(), seen.end())) return out;
  // Zeros behind END say nothing. A relay may fill a short message up to BOOTP's 300 octets (RFC 1542
  // section 2.1), and where it puts option 82 in or takes it out it may use the room that padding gives.
  // Anything else is a change.
  const std::size_t common = std::min(sent.size(), seen.size());
  const bool padding_only =
      std::equal(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(common), seen.begin()) &&
      zeros(sent.subspan(common)) && zeros(seen.subspan(common));
  const bool filled_up = seen.size() > sent.size() && observed_size <= 300;
  const bool room_used = (e.adds_option82 && seen.size() < sent.size() && sent.size() - seen.size() <= cut) ||
                         (e.strips_option82 && seen.size() > sent.size());
  if (padding_only && (filled_up || room_used)) return out;
  const auto say = [](std::span<const std::uint8_t> octets) {
    return fmt::format("{} octets{}", octets.size(),
                       zeros(octets) ? " of padding" : " [" + hex(octets) + "]");
  };
  out.push_back({.field = "octets behind END",
                 .expected = say(sent),
                 .observed = say(seen),
                 .requirement = rule_for_option(d, code::pad),
                 .signature = fmt::format("{} trailing {}", name(d), padding_only ? "padding" : "octets")});
  return out;
}

std::vector<Difference> examine_option82(std::span<const std::uint8_t> request) {
  const auto complain = [](std::string expected, std::string observed, std::string requirement,
                           const char* habit) {
    return std::vector<Difference>{{.field = option_name(code::relay_agent),
                                    .expected = std::move(expected),
                                    .observed = std::move(observed),
                                    .requirement = std::move(requirement),
                                    .signature = std::string("request option 82 ") + habit}};
  };
  const auto area = options_of(request);
  const auto is82 = [](const Option& o) { return code_of(o) == code::relay_agent; };
  if (!area || std::none_of(area->elements.begin(), area->elements.end(), is82)) {
    return complain("added by the relay", "not there", "RFC3046-2.1-all-message-types", "not added");
  }
  const auto options = without_pads(area->elements);
  if (!is82(options.back())) {
    return complain("the last option before END", "followed by " + option_name(code_of(options.back())),
                    "RFC3046-2.1-last-before-end", "not last");
  }
  if (!area->end) return complain("END behind it", "no END", "RFC2131-4.1-end-present", "without END");
  const auto data = std::span(options.back().wire).subspan(2);
  std::size_t at = 0;
  while (at + 2 <= data.size() && at + 2 + data[at + 1] <= data.size()) at += 2U + data[at + 1];
  if (at != data.size() || data.empty()) {
    return complain("sub-options that fill it exactly", "[" + hex(data) + "]", "RFC3046-2.0-format",
                    "malformed");
  }
  return {};
}

}  // namespace relayspec
