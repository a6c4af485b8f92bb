// SPDX-License-Identifier: Apache-2.0
// A whole message: fixed fields, then options, or octets where a relay must not look inside.
#include "harness/dhcp4/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace relayspec {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::string_view malformed_option82 = "request option 82 malformed";

std::uint64_t number(Octets octets) {
  std::uint64_t n = 0;
  for (const std::uint8_t o : octets) n = n << 8 | o;
  return n;
}

Ipv4 address(Octets a) { return Ipv4(fmt::format("{}.{}.{}.{}", a[0], a[1], a[2], a[3])); }

bool is_address_field(const Field& f) { return f.length == 4 && std::string_view(f.name).ends_with("addr"); }

bool is_own(const Expected& e, Ipv4 a) {
  return e.topology.owner_of(a) ||
         std::find(e.further_addresses.begin(), e.further_addresses.end(), a) != e.further_addresses.end();
}

std::string show(const Topology& topology, const Field& f, Octets v) {
  if (is_address_field(f)) return topology.role_of(address(v));
  if (f.length <= 2 && std::string_view(f.name) != "flags") return std::to_string(number(v));
  if (f.length <= 4) return fmt::format("0x{:0{}x}", number(v), 2 * f.length);
  return hex(v, 16);
}

// RFC 1542, section 2.2: the first bit of flags is the broadcast flag, the others are reserved.
bool is_broadcast_flag(Octets want, Octets got) { return ((want[0] ^ got[0]) & 0x80) != 0; }

// The kind names how a value is changed, and no value: values differ from message to message.
std::string kind_of_change(const Topology& topology, const Field& f, Octets want, Octets got) {
  if (std::string_view(f.name) == "hops") return fmt::format("{:+}", int{got[0]} - int{want[0]});
  if (std::string_view(f.name) == "flags" && is_broadcast_flag(want, got))
    return (got[0] & 0x80) != 0 ? "set to broadcast" : "not broadcast";
  if (zeros(got)) return "zeroed";
  const bool has_part = is_address_field(f) && topology.owner_of(address(got));
  return has_part ? "is " + part_of(topology, address(got)) : "changed";
}

bool may_be_as_well(const Expected& e, const Field& f, Octets got) {
  const auto& all = e.further_giaddrs;
  return std::string_view(f.name) == "giaddr" && std::find(all.begin(), all.end(), address(got)) != all.end();
}

// RFC 2131, section 4.1: sname and file may hold options, and the Server Identifier one of them.
bool holds_server_id(const Expected& e, std::string_view field) {
  if (e.server_id_rule.empty() || (field != "sname" && field != "file")) return false;
  const auto area = options_of(e.message);
  return area && find_option(e.message, code::overload) &&
         std::none_of(area->elements.begin(), area->elements.end(),
                      [](const Option& o) { return code_of(o) == code::server_id; });
}

std::string rule_for(const Expected& e, const Field& f, Octets want, Octets got) {
  const std::string_view field = f.name;
  if (holds_server_id(e, field)) return e.server_id_rule;
  if (e.direction == Direction::request && field == "giaddr") {
    const char* kept = "RFC1542-4.1.1-giaddr-nonzero-kept";
    if (e.giaddr_rule.empty() ? !is_own(e, address(want)) : e.giaddr_rule == kept) return kept;
    if (!e.giaddr_rule.empty() && is_own(e, address(got))) return e.giaddr_rule;
  }
  const bool reserved = field == "flags" && !is_broadcast_flag(want, got);
  return rule_for_field(e.direction, reserved ? "reserved flags" : field);
}

// A message may be cut short inside a field; then the fields that both have are compared, and the rest as
// octets.
std::vector<Difference> compare_fixed_fields(const Expected& e, Octets want, Octets got) {
  std::vector<Difference> out;
  for (const Field& f : fixed_fields()) {
    if (f.offset + f.length > want.size() || f.offset + f.length > got.size()) break;
    const auto w = want.subspan(f.offset, f.length), g = got.subspan(f.offset, f.length);
    if (std::equal(w.begin(), w.end(), g.begin()) || may_be_as_well(e, f, g)) continue;
    out.push_back(
        {.field = f.name,
         .expected = show(e.topology, f, w),
         .observed = show(e.topology, f, g),
         .requirement = rule_for(e, f, w, g),
         .kind = fmt::format("{} {} {}", name(e.direction), f.name, kind_of_change(e.topology, f, w, g))});
  }
  return out;
}

// Takes the relay's own option 82 out of a request; returns how many octets went.
std::size_t cut_option82(const Expected& e, OptionsArea& area) {
  std::size_t octets = 0;
  for (std::size_t n = own_option82(e, area).size(); n > 0; --n) {
    const auto last = std::find_if(area.elements.rbegin(), area.elements.rend(),
                                   [](const Option& o) { return code_of(o) == code::relay_agent; });
    octets += last->wire.size();
    area.elements.erase(std::next(last).base());
  }
  return octets;
}

Bytes without_option82(Octets message) {
  Message m = decode(message);
  if (m.options) std::erase_if(*m.options, [](const Option& o) { return code_of(o) == code::relay_agent; });
  return encode(m);
}

// Even one that the end of the message cuts off.
bool has_option82(Octets message) {
  const auto area = options_of(message);
  return area &&
         std::ranges::any_of(area->elements, [](const Option& o) { return code_of(o) == code::relay_agent; });
}

bool has_none_of_its_own(const Expected& e, Octets observed) {
  const auto area = options_of(observed);
  return area && own_option82(e, *area).empty() && !has_option82_behind_end(e, *area);
}

// An area that no relay can take apart. Zeros at the end up to 300 octets are padding here too (RFC 1542
// section 2.1).
std::vector<Difference> compare_opaque(Direction d, Octets want, Octets got) {
  // The cookie is compared with the fixed fields where both have it.
  const std::size_t shorter = std::min(want.size(), got.size());
  const std::size_t from = shorter >= options_offset ? options_offset : std::min<std::size_t>(236, shorter);
  const auto w = want.subspan(from), g = got.subspan(from);
  if (std::equal(w.begin(), w.end(), g.begin(), g.end())) return {};
  if (g.size() > w.size() && std::equal(w.begin(), w.end(), g.begin())) {
    if (got.size() <= 300 && zeros(g.subspan(w.size()))) return {};
    return {octets_at_the_end(d, {}, g.subspan(w.size()), rule_for_option(d, code::pad))};
  }
  return {
      {.field = "vendor area",
       .expected = fmt::format("{} octets [{}]", w.size(), hex(w)),
       .observed = fmt::format("{} octets [{}]", g.size(), hex(g)),
       .requirement = options_of(want) ? rule_for_option(d, code::pad) : "RFC1542-3.5-other-cookie-passes",
       .kind = fmt::format("{} vendor area", name(d))}};
}

// RFC 1542, section 2.1: a short message may be filled up with zeros, even one whose options have no end and
// read them as PADs. A reply that loses its echo may also stay as long as it was.
bool is_filled_up(const Expected& e, Octets got) {
  const Octets want = e.message;
  const bool as_long_as_it_was = e.strips_option82 && got.size() <= want.size() + e.echo.size();
  return got.size() > want.size() && (got.size() == 300 || as_long_as_it_was) &&
         std::equal(want.begin(), want.end(), got.begin()) && zeros(got.subspan(want.size()));
}

// Zeros behind a message without END read as PADs, and complete what its end has cut off.
void undo_completion(const OptionsArea& want, OptionsArea& got) {
  if (want.end || got.end || want.elements.empty() || !is_cut_off(want.elements.back())) return;
  const auto is_pad = [](const Option& o) { return code_of(o) == code::pad; };
  const Option& cut = want.elements.back();
  const auto completed = std::find_if(got.elements.begin(), got.elements.end(),
                                      [&](const Option& o) { return is_completed_by_zeros(cut, o); });
  if (completed == got.elements.end() || !std::all_of(completed + 1, got.elements.end(), is_pad)) return;
  std::size_t zeros = 0;
  for (auto o = completed; o != got.elements.end(); ++o) zeros += o->wire.size();
  zeros -= cut.wire.size();
  *completed = cut;
  got.elements.erase(completed + 1, got.elements.end());
  if (zeros > 0) got.elements.push_back({Bytes(zeros, code::pad)});
}

// RFC 3046, section 2.1: where the options had no END the relay's own is the last, with an END behind it or
// without. What the end of the message has cut off is no option that it has to keep.
void leave_out_the_end(OptionsArea& want, OptionsArea& got) {
  if (want.end) return;
  if (!want.elements.empty() && is_cut_off(want.elements.back())) {
    if (!got.elements.empty() && got.elements.back() == want.elements.back()) got.elements.pop_back();
    want.elements.pop_back();
  }
  if (got.end && zeros(Octets(got.tail).subspan(1))) {
    got.end.reset();
    got.tail.clear();
  }
}

// The message goes on as it was up to some point, and nothing of it follows. That only what is behind END
// goes, or padding down to the 300 octets, is another thing.
bool is_cut(const Expected& e, Octets got) {
  const Octets want = e.message;
  if (got.size() < options_offset || got.size() >= want.size()) return false;
  const auto from = static_cast<std::ptrdiff_t>(options_offset);
  if (!std::equal(got.begin() + from, got.end(), want.begin() + from)) return false;
  const auto whole = options_of(want), part = options_of(got);
  if (!whole) return false;
  const bool lays_out = e.adds_option82 || e.strips_option82;
  if (part && part->end) return !lays_out && part->tail.size() > 1 && got.size() > 300;
  return !zeros(want.subspan(got.size()));
}

Bytes octets_in_line(const std::vector<Option>& elements) {
  Bytes all;
  for (const Option& o : elements) all.insert(all.end(), o.wire.begin(), o.wire.end());
  return all;
}

// What stood behind END is read as options then, and changes nothing of those in front.
bool is_end_alone_lost(const Expected& e, const OptionsArea& want, Octets observed) {
  const Bytes due = octets_in_line(want.elements);
  Octets rest = observed.subspan(options_offset);
  if (!want.end || rest.size() < due.size() || !std::equal(due.begin(), due.end(), rest.begin()))
    return false;
  rest = rest.subspan(due.size());
  const Octets tail = Octets(want.tail).subspan(1);
  // END is lost, or a PAD has replaced it.
  const auto is_tail = [&](Octets octets) {
    const bool padded = !octets.empty() && octets[0] == code::pad;
    return std::ranges::equal(octets, tail) || zeros(octets) ||
           (padded && std::ranges::equal(octets.subspan(1), tail));
  };
  if (!e.adds_option82) return is_tail(rest);
  while (rest.size() >= 2 && rest[0] == code::relay_agent && rest.size() >= 2U + rest[1]) {
    rest = rest.subspan(2U + rest[1]);
    if (is_tail(rest)) return true;
  }
  return false;
}

Difference end_missing(Direction d) {
  return {.field = option_name(code::end),
          .expected = "there",
          .observed = "not there",
          .requirement = "RFC2131-4.1-end-present",
          .kind = fmt::format("{} option {} missing", name(d), code::end)};
}

void cut_option82_behind_end(OptionsArea& area) {
  const std::size_t length = area.tail.size() > 2 ? area.tail[2] : 0;
  const auto from = area.tail.begin() + 1;
  area.tail.erase(from, from + static_cast<std::ptrdiff_t>(std::min(2 + length, area.tail.size() - 1)));
}

// The message is unchanged up to its END. Of the relay's own option 82, which comes next, only a part is
// there.
bool is_cut_in_option82(const Expected& e, const OptionsArea& want, const OptionsArea& got) {
  const auto& seen = got.elements;
  return e.adds_option82 && want.end && !got.end && seen.size() == want.elements.size() + 1 &&
         code_of(seen.back()) == code::relay_agent && is_cut_off(seen.back()) &&
         std::equal(want.elements.begin(), want.elements.end(), seen.begin());
}

// RFC 1542, section 2.1: what is longer than 300 octets is accepted as well, so that it goes on whole.
Difference cut_short(const Expected& e, Octets observed) {
  return {.field = "length",
          .expected = fmt::format("{} octets{}", e.message.size(), e.adds_option82 ? " and option 82" : ""),
          .observed = fmt::format("cut at {} octets", observed.size()),
          .requirement = "RFC1542-2.1-larger-accepted",
          .kind = fmt::format("{} cut", name(e.direction))};
}

// In transit a message is payload like any other.
std::vector<Difference> compare_untouched(const Expected& e, Octets observed) {
  if (std::equal(e.message.begin(), e.message.end(), observed.begin(), observed.end())) return {};
  return {{.field = "message",
           .expected = "as sent: " + summary(e.message),
           .observed = summary(observed),
           .requirement = "RFC1542-4.1-transit-unicast-untouched",
           .kind = "transit message"}};
}

void append(std::vector<Difference>& to, std::vector<Difference> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<Difference> compare_messages(const Expected& e, Octets observed) {
  if (e.transit) return compare_untouched(e, observed);
  if (const auto apart = e.adds_option82 ? with_option82_apart(e, observed) : std::nullopt)
    return compare_messages(e, *apart);
  if (e.adds_option82 && e.option82_optional && has_none_of_its_own(e, observed)) {
    Expected without = e;
    without.adds_option82 = false;
    return compare_messages(without, observed);
  }
  if (e.strips_option82 && e.option82_optional && !has_option82(observed)) {
    Expected without_any = e;
    without_any.option82_optional = false;
    without_any.message = without_option82(e.message);
    return compare_messages(without_any, observed);
  }
  const bool as_it_was = std::equal(e.message.begin(), e.message.end(), observed.begin(), observed.end());
  if (!e.adds_option82 && (as_it_was || is_filled_up(e, observed))) return {};
  std::vector<Difference> out = compare_fixed_fields(e, e.message, observed);
  if (e.message.size() > 300 && is_cut(e, observed)) {
    out.push_back(cut_short(e, observed));
    return out;
  }
  auto want = options_of(e.message);
  auto got = options_of(observed);
  if (!want || !got) {
    append(out, compare_opaque(e.direction, e.message, observed));
    return out;
  }
  if (observed.size() > 300 && is_cut_in_option82(e, *want, *got)) {
    out.push_back(cut_short(e, observed));
    return out;
  }
  if (is_end_alone_lost(e, *want, observed)) {
    out.push_back(end_missing(e.direction));
    return out;
  }
  if (const auto behind = octets_behind_the_last_option(e, *want, *got, observed)) {
    out.push_back(*behind);
    return out;
  }
  std::size_t cut = 0;
  if (e.adds_option82) {
    append(out, examine_option82(e, observed));
    // What stands behind an option whose length or content is wrong cannot be told from it.
    if (!out.empty() && out.back().kind == malformed_option82) return out;
    if (has_option82_behind_end(e, *got)) cut_option82_behind_end(*got);
    cut = cut_option82(e, *got);
    if (cut > 0) leave_out_the_end(*want, *got);
  }
  if (!e.adds_option82) undo_completion(*want, *got);
  auto differences = compare_options(e, *want, *got, observed.size(), cut);
  // One that says all is enough.
  const auto torn = differences.empty() ? std::nullopt : torn_options(e, *want, *got);
  const bool of_echo = torn && torn->requirement != rule_for_option(e.direction, code::pad);
  // What a relay writes itself has rules of its own.
  const bool of_its_own = std::ranges::any_of(differences, [](const Difference& d) {
    return d.field == option_name(code::relay_agent) ||
           (d.field == option_name(code::server_id) &&
            d.kind.find("changed to the relay") != std::string::npos);
  });
  const bool says_all = torn && (of_echo || (differences.size() > 1 && !of_its_own));
  append(out, says_all ? std::vector{*torn} : std::move(differences));
  return out;
}

std::vector<Difference> compare(const Expected& e, const Datagram& observed) {
  std::vector<Difference> out = compare_addressing(e, observed);
  append(out, compare_messages(e, observed.payload));
  return out;
}

Bytes message_due(const Expected& e, Octets observed) {
  const auto area = e.adds_option82 ? options_of(observed) : std::nullopt;
  const auto own = area ? own_option82(e, *area) : std::vector<Option>{};
  if (own.empty() || !options_of(e.message)) return e.message;
  Message m = decode(e.message);
  for (const Option& o : own) m = m.plus(o);
  Bytes due = encode(m);
  // RFC 1542, section 2.1: down to 300 octets the padding is the relay's to lay out.
  const std::size_t least = std::min(due.size(), std::max<std::size_t>(300, observed.size()));
  if (zeros(std::span(due).subspan(least))) due.resize(least);
  return due;
}

std::string octet_difference(Octets want, Octets got, std::size_t most) {
  std::string s;
  std::size_t runs = 0;
  const std::size_t common = std::min(want.size(), got.size());
  for (std::size_t i = 0; i < common;) {
    if (want[i] == got[i]) {
      ++i;
      continue;
    }
    std::size_t j = i;
    while (j < common && want[j] != got[j]) ++j;
    if (++runs <= most) {
      fmt::format_to(std::back_inserter(s), "octets {}-{}: expected {}, observed {}\n", i, j - 1,
                     hex(want.subspan(i, j - i), 16), hex(got.subspan(i, j - i), 16));
    }
    i = j;
  }
  if (runs > most) fmt::format_to(std::back_inserter(s), "and {} more runs\n", runs - most);
  if (want.size() != got.size()) {
    fmt::format_to(std::back_inserter(s), "length: expected {}, observed {}\n", want.size(), got.size());
  }
  return s;
}

}  // namespace relayspec
