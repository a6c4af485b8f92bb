// SPDX-License-Identifier: Apache-2.0
// Octets of an earlier message in a later one: a buffer that was used again.
#include <fmt/format.h>

#include <algorithm>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

using Octets = std::span<const std::uint8_t>;

// So many octets in a row are no coincidence, unless they are the end of the options and padding.
constexpr std::size_t shortest_run = 8;

bool says_nothing(Octets run) {
  return std::count(run.begin(), run.end(), 0) > std::ptrdiff_t{shortest_run / 2} ||
         std::find(run.begin(), run.end(), code::end) != run.end();
}

bool holds(Octets all, Octets part) {
  return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

// Where in the options of a message octets begin that stood behind its end, and are none of its own.
std::optional<std::size_t> remains(const Expected& e, Octets sent, Octets buffer, Octets observed) {
  const Octets behind = buffer.subspan(std::min(sent.size(), buffer.size()));
  // They stand where the message had ended; a changed option in front may look like another client's.
  const std::size_t from = std::max<std::size_t>(236, e.message.size() + 1) - shortest_run;
  for (std::size_t i = std::max<std::size_t>(236, from); i + shortest_run <= observed.size(); ++i) {
    if (i < sent.size() && observed[i] == sent[i]) continue;  // its own, in its place
    const Octets run = observed.subspan(i, shortest_run);
    if (!says_nothing(run) && holds(behind, run) && !holds(sent, run) && !holds(e.message, run)) return i;
  }
  return std::nullopt;
}

// Behind END octets are padding, whatever they hold; behind a message without END they are options.
bool is_about_options(const Difference& d, const Expected& e) {
  const auto speaks_of = [&](const char* part) { return d.kind.find(part) != std::string::npos; };
  // That is no octet of another message.
  if (d.requirement == "RFC3046-2.1-strip-no-trace") return false;
  if (speaks_of(" option ") || speaks_of(" options torn") || speaks_of(" vendor area")) return true;
  const auto area = options_of(e.message);
  return speaks_of(" trailing octets") && !(area && area->end);
}

}  // namespace

std::vector<Difference> explained_by_remains(std::vector<Difference> all, const Expected& e, Octets sent,
                                             Octets buffer, Octets observed) {
  const auto is_one = [&](const Difference& d) { return is_about_options(d, e); };
  if (std::none_of(all.begin(), all.end(), is_one)) return all;
  const auto at = remains(e, sent, buffer, observed);
  if (!at) return all;
  std::erase_if(all, is_one);
  all.push_back({.field = "octets of an earlier message",
                 .expected = "none",
                 .observed = fmt::format("from octet {} on [{}]", *at, hex(observed.subspan(*at), 16)),
                 .requirement = "MALF-no-stale-data",
                 .kind = fmt::format("{} octets of an earlier message", name(e.direction))});
  return all;
}

}  // namespace relayspec
