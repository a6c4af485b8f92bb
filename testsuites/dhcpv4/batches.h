// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

namespace relayspec {

/// Hands on a few of them at a time, so that no buffer of the relay or of a socket overflows.
template <class T, class Send>
void in_batches(const std::vector<T>& all, Send send) {
  constexpr std::size_t batch = 20;
  for (std::size_t from = 0; from < all.size(); from += batch) {
    const auto at = [&](std::size_t n) { return all.begin() + static_cast<std::ptrdiff_t>(n); };
    send(std::vector<T>(at(from), at(std::min(from + batch, all.size()))));
  }
}

}  // namespace relayspec
