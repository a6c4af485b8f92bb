// SPDX-License-Identifier: Apache-2.0
// Option 82 of another element and the relay's own in one option: RFC 3396, section 4.1, makes one of all the
// instances of an option, so that a relay that appends may write them as one.
#include <algorithm>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

using Octets = std::span<const std::uint8_t>;

// What the end of the message cuts off is no option.
bool is_82(const Option& o) { return code_of(o) == code::relay_agent && !is_cut_off(o); }

std::vector<Option> instances_in(const OptionsArea& area) {
  std::vector<Option> all;
  std::copy_if(area.elements.begin(), area.elements.end(), std::back_inserter(all), is_82);
  return all;
}

Bytes content_of(const std::vector<Option>& instances) {
  Bytes all;
  for (const Option& o : instances)
    all.insert(all.end(), o.wire.begin() + std::min<std::ptrdiff_t>(2, std::ssize(o.wire)), o.wire.end());
  return all;
}

// How many other options stand in front of the n-th element.
std::size_t others_before(const std::vector<Option>& elements, std::size_t n) {
  return static_cast<std::size_t>(std::count_if(elements.begin(),
                                                elements.begin() + static_cast<std::ptrdiff_t>(n),
                                                [](const Option& o) { return !is_82(o); }));
}

void put_behind(std::vector<Option>& elements, std::size_t others, const Option& o) {
  auto at = elements.begin();
  for (std::size_t seen = 0; at != elements.end() && (seen < others || is_82(*at)); ++at) seen += !is_82(*at);
  elements.insert(at, o);
}

}  // namespace

std::optional<Bytes> with_option82_apart(const Expected& e, Octets observed) {
  const auto want = options_of(e.message), got = options_of(observed);
  if (!want || !got) return std::nullopt;
  const auto theirs = instances_in(*want), seen = instances_in(*got);
  if (theirs.empty() || seen.empty()) return std::nullopt;
  const bool apart = seen.size() >= theirs.size() && std::equal(theirs.begin(), theirs.end(), seen.begin());
  const Bytes content = content_of(theirs), joined = content_of(seen);
  if (apart || joined.size() <= content.size() || !std::equal(content.begin(), content.end(), joined.begin()))
    return std::nullopt;
  const auto& elements = got->elements;
  const auto last = static_cast<std::size_t>(std::find_if(elements.rbegin(), elements.rend(), is_82).base() -
                                             elements.begin());
  Message m = decode(observed);
  std::erase_if(*m.options, is_82);
  for (std::size_t i = 0; i < want->elements.size(); ++i) {
    if (is_82(want->elements[i])) put_behind(*m.options, others_before(want->elements, i), want->elements[i]);
  }
  constexpr std::size_t most = 255;
  for (std::size_t from = content.size(); from < joined.size(); from += most) {
    const auto part = std::span(joined).subspan(from, std::min(most, joined.size() - from));
    put_behind(*m.options, others_before(elements, last),
               option::of(code::relay_agent, {part.begin(), part.end()}));
  }
  return encode(m);
}

}  // namespace relayspec
