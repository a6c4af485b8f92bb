// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/align.h"

#include <algorithm>

namespace relayspec {

namespace {

using Octets = std::span<const std::uint8_t>;

/// The table of the longest common subsequences grows with the product of both lengths.
constexpr std::size_t most_cells = 4 << 20;

/// At (i, j): how many octets the rests from i and from j have in common.
class CommonOctets {
 public:
  CommonOctets(Octets a, Octets b) : width_(b.size() + 1), cells_((a.size() + 1) * width_) {
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;)
        at(i, j) = a[i] == b[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::uint16_t& at(std::size_t i, std::size_t j) { return cells_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint16_t> cells_;
};

/// A run in which nothing is equal: what was there beside what is there now.
void add_changed(std::vector<OctetPair>& pairs, Octets expected, Octets observed) {
  for (std::size_t i = 0; i < std::max(expected.size(), observed.size()); ++i) {
    OctetPair pair;
    if (i < expected.size()) pair.expected = expected[i];
    if (i < observed.size()) pair.observed = observed[i];
    pairs.push_back(pair);
  }
}

void add_equal(std::vector<OctetPair>& pairs, Octets octets) {
  for (const std::uint8_t o : octets) pairs.push_back({o, o});
}

void add_aligned(std::vector<OctetPair>& pairs, Octets a, Octets b) {
  CommonOctets common(a, b);
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const std::size_t from_i = i, from_j = j;
    while (i < a.size() && j < b.size() && a[i] != b[j])
      common.at(i + 1, j) >= common.at(i, j + 1) ? ++i : ++j;
    if (i == a.size() || j == b.size()) {
      i = a.size();
      j = b.size();
    }
    add_changed(pairs, a.subspan(from_i, i - from_i), b.subspan(from_j, j - from_j));
    for (; i < a.size() && j < b.size() && a[i] == b[j]; ++i, ++j) add_equal(pairs, a.subspan(i, 1));
  }
}

}  // namespace

std::vector<OctetPair> aligned(Octets expected, Octets observed) {
  std::vector<OctetPair> pairs;
  const auto [front, other] =
      std::mismatch(expected.begin(), expected.end(), observed.begin(), observed.end());
  const auto same = static_cast<std::size_t>(front - expected.begin());
  add_equal(pairs, expected.first(same));
  Octets a = expected.subspan(same), b = observed.subspan(same);
  std::size_t behind = 0;
  while (behind < std::min(a.size(), b.size()) && a[a.size() - 1 - behind] == b[b.size() - 1 - behind])
    ++behind;
  const Octets rest = a.last(behind);
  a = a.first(a.size() - behind);
  b = b.first(b.size() - behind);
  if ((a.size() + 1) * (b.size() + 1) > most_cells) {
    add_changed(pairs, a, b);
  } else {
    add_aligned(pairs, a, b);
  }
  add_equal(pairs, rest);
  return pairs;
}

}  // namespace relayspec
