// SPDX-License-Identifier: Apache-2.0
// Options that are torn: one run of octets is missing, added or changed, and it does not begin and end where
// options do. What is read from there on are no options that a relay has changed one by one.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

using Octets = std::span<const std::uint8_t>;

/// The octets of an area without the zeros at its end, and where in them options begin and end.
struct Laid {
  explicit Laid(const OptionsArea& area) {
    for (const Option& o : area.elements) {
      edges.insert(octets.size());
      octets.insert(octets.end(), o.wire.begin(), o.wire.end());
      // Each PAD is an option by itself.
      if (code_of(o) == code::pad) {
        for (std::size_t i = 1; i < o.wire.size(); ++i) edges.insert(octets.size() - i);
      }
    }
    edges.insert(octets.size());
    octets.insert(octets.end(), area.tail.begin(), area.tail.end());
    if (area.end) edges.insert(octets.size() - area.tail.size() + 1);
    while (!octets.empty() && octets.back() == 0) octets.pop_back();
    edges.insert(octets.size());
  }

  bool has_edges(std::size_t from, std::size_t to) const {
    return edges.contains(from) && edges.contains(to);
  }

  Bytes octets;
  std::set<std::size_t> edges;
};

std::size_t common_front(Octets a, Octets b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::size_t common_back(Octets a, Octets b) {
  return static_cast<std::size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first -
                                  a.rbegin());
}

/// The run that differs: of one list of octets there may be none of it.
struct Run {
  std::size_t from, want, got;  ///< where it begins, how many octets are due, how many are there
};

/// The shortest run, and the same run moved: "1 2 2 3" loses either 2.
std::vector<Run> runs_between(Octets want, Octets got) {
  const std::size_t shorter = std::min(want.size(), got.size());
  const std::size_t front = common_front(want, got), back = common_back(want, got);
  if (front + back < shorter) return {{front, want.size() - front - back, got.size() - front - back}};
  std::vector<Run> all;
  for (std::size_t from = shorter - std::min(back, shorter); from <= front; ++from)
    all.push_back({from, want.size() - shorter, got.size() - shorter});
  return all;
}

// RFC 3046, section 2.1: whoever has added the option removes it, all of it.
bool is_of_echo(const Expected& e, Octets run) {
  constexpr std::size_t shortest = 4;
  return e.strips_option82 && run.size() >= shortest &&
         std::search(e.echo.begin(), e.echo.end(), run.begin(), run.end()) != e.echo.end();
}

// Without its content the header of option 82 takes what follows for that.
bool is_header_of_option82(const Expected& e, Octets run) {
  constexpr std::size_t header = 2;
  return e.strips_option82 && run.size() == header && run[0] == code::relay_agent;
}

// So many octets at least stay as they are: two areas that have nothing in common are not one that is torn.
constexpr std::size_t fewest_common = 3;

}  // namespace

std::optional<Difference> torn_options(const Expected& e, const OptionsArea& want, const OptionsArea& got) {
  // An option that is cut off by the end of the message takes in whatever follows.
  if (!want.elements.empty() && is_cut_off(want.elements.back())) return std::nullopt;
  const Laid due(want), seen(got);
  const auto runs = runs_between(due.octets, seen.octets);
  if (runs.empty() || due.octets.size() < runs.front().want + fewest_common) return std::nullopt;
  const bool whole = std::ranges::any_of(runs, [&](const Run& r) {
    return due.has_edges(r.from, r.from + r.want) && seen.has_edges(r.from, r.from + r.got);
  });
  const bool trace = runs.front().want == 0 && std::ranges::any_of(runs, [&](const Run& r) {
                       return is_of_echo(e, Octets(seen.octets).subspan(r.from, r.got));
                     });
  // Sub-options may read as options, without the header of option 82 in front.
  const bool has_82 =
      std::ranges::any_of(got.elements, [](const Option& o) { return code_of(o) == code::relay_agent; });
  if (whole && (!trace || has_82)) return std::nullopt;
  const Run& run = runs.back();
  const Octets had = Octets(due.octets).subspan(run.from, run.want);
  const Octets has = Octets(seen.octets).subspan(run.from, run.got);
  const bool header = had.empty() && is_header_of_option82(e, has);
  const auto say = [](Octets octets) {
    return octets.empty() ? std::string("nothing") : fmt::format("[{}]", hex(octets, 16));
  };
  return Difference{.field = "options",
                    .expected = fmt::format("{} at octet {}", say(had), options_offset + run.from),
                    .observed = say(has),
                    .requirement = trace    ? "RFC3046-2.1-strip-no-trace"
                                   : header ? e.option82.left
                                            : rule_for_option(e.direction, code::pad),
                    .kind = fmt::format("{} options torn", name(e.direction))};
}

}  // namespace relayspec
