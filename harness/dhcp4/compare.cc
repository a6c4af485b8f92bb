// A whole message: fixed fields, then options, or octets where a relay has no business to look inside.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

using Octets = std::span<const std::uint8_t>;

std::uint64_t number(Octets octets) {
  std::uint64_t n = 0;
  for (const std::uint8_t o : octets) n = n << 8 | o;
  return n;
}

Ipv4 address(Octets a) { return Ipv4(fmt::format("{}.{}.{}.{}", a[0], a[1], a[2], a[3])); }

bool is_address(const Field& f) { return f.length == 4 && std::string_view(f.name).ends_with("addr"); }

bool is_own(Ipv4 a) {
  return std::any_of(std::begin(all_segments), std::end(all_segments),
                     [&](Segment s) { return a == relay_address(s); });
}

std::string show(const Field& f, Octets v) {
  if (is_address(f)) return role_of(address(v));
  if (f.length <= 2 && std::string_view(f.name) != "flags") return std::to_string(number(v));
  if (f.length <= 4) return fmt::format("0x{:0{}x}", number(v), 2 * f.length);
  return hex(v, 16);
}

// The values change from case to case; the way they are changed is the habit.
std::string habit(const Field& f, Octets want, Octets got) {
  if (std::string_view(f.name) == "hops") return fmt::format("{:+}", int{got[0]} - int{want[0]});
  if (zeros(got)) return "zeroed";
  if (is_address(f)) return "is " + role_of(address(got));
  Bytes changed;
  std::transform(want.begin(), want.end(), got.begin(), std::back_inserter(changed),
                 [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a ^ b); });
  return "changed by " + hex(changed);
}

// A message may be cut short inside a field; then the fields that both have are compared, and the rest as
// octets.
std::vector<Difference> compare_fixed_fields(Direction d, Octets want, Octets got) {
  std::vector<Difference> out;
  for (const Field& f : fixed_fields()) {
    if (f.offset + f.length > want.size() || f.offset + f.length > got.size()) break;
    const auto w = want.subspan(f.offset, f.length), g = got.subspan(f.offset, f.length);
    if (std::equal(w.begin(), w.end(), g.begin())) continue;
    const bool of_another_relay =
        d == Direction::request && f.name == std::string_view("giaddr") && !is_own(address(w));
    out.push_back(
        {.field = f.name,
         .expected = show(f, w),
         .observed = show(f, g),
         .requirement = of_another_relay ? "RFC1542-4.1.1-giaddr-nonzero-kept" : rule_for_field(d, f.name),
         .signature = fmt::format("{} {} {}", name(d), f.name, habit(f, w, g))});
  }
  return out;
}

// Takes the relay's own option 82, the instance nearest to END, out of a request; returns how many octets
// went.
std::size_t cut_option82(OptionsArea& area) {
  const auto last = std::find_if(area.elements.rbegin(), area.elements.rend(),
                                 [](const Option& o) { return o.wire[0] == code::relay_agent; });
  if (last == area.elements.rend()) return 0;
  const std::size_t octets = last->wire.size();
  area.elements.erase(std::next(last).base());
  return octets;
}

// An area that no relay can take apart. Zeros at the end up to 300 octets are padding here too (RFC 1542
// section 2.1).
std::vector<Difference> compare_opaque(Direction d, Octets want, Octets got) {
  const std::size_t from = std::min<std::size_t>(236, std::min(want.size(), got.size()));
  const auto w = want.subspan(from), g = got.subspan(from);
  if (std::equal(w.begin(), w.end(), g.begin(), g.end())) return {};
  if (g.size() > w.size() && std::equal(w.begin(), w.end(), g.begin()) && got.size() <= 300 &&
      zeros(g.subspan(w.size()))) {
    return {};
  }
  return {{.field = "vendor area",
           .expected = fmt::format("{} octets [{}]", w.size(), hex(w)),
           .observed = fmt::format("{} octets [{}]", g.size(), hex(g)),
           .requirement = rule_for_option(d, code::pad),
           .signature = fmt::format("{} vendor area", name(d))}};
}

// In transit a message is payload like any other.
std::vector<Difference> compare_untouched(const Expected& e, Octets observed) {
  if (std::equal(e.message.begin(), e.message.end(), observed.begin(), observed.end())) return {};
  return {{.field = "message",
           .expected = "as sent: " + summary(e.message),
           .observed = summary(observed),
           .requirement = "RFC1542-4.1-transit-unicast-untouched",
           .signature = "transit message"}};
}

// Behind another relay option 82 is not this relay's to add or to change (RFC 3046 section 2.1.1).
void blame_relayed_option82(std::vector<Difference>& differences) {
  for (Difference& d : differences) {
    if (d.field != option_name(code::relay_agent)) continue;
    d.requirement =
        d.expected == "not there" ? "RFC3046-2.1.1-relayed-no-82-added" : "RFC3046-2.1.1-relayed-82-kept";
  }
}

void append(std::vector<Difference>& to, std::vector<Difference> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<Difference> compare_messages(const Expected& e, Octets observed) {
  if (e.transit) return compare_untouched(e, observed);
  const bool as_it_was = std::equal(e.message.begin(), e.message.end(), observed.begin(), observed.end());
  if (as_it_was && !e.adds_option82) return {};
  std::vector<Difference> out = compare_fixed_fields(e.direction, e.message, observed);
  const auto want = options_of(e.message);
  auto got = options_of(observed);
  if (!want || !got) {
    append(out, compare_opaque(e.direction, e.message, observed));
    return out;
  }
  std::size_t cut = 0;
  if (e.adds_option82) {
    append(out, examine_option82(observed));
    cut = cut_option82(*got);
  }
  append(out, compare_options(e, *want, std::move(*got), observed.size(), cut));
  const auto giaddr = giaddr_of(e.message);
  if (e.direction == Direction::request && giaddr && !is_own(*giaddr)) blame_relayed_option82(out);
  return out;
}

std::vector<Difference> compare(const Expected& e, const Datagram& observed) {
  std::vector<Difference> out = compare_addressing(e, observed);
  append(out, compare_messages(e, observed.payload));
  return out;
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
