// SPDX-License-Identifier: Apache-2.0
// What the cells of a comparison's matrix and its differences rest on, as HTML.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "harness/comparison.h"

namespace relayspec {

/// What the cell of a relay leads to: "RFC1542-4.1.1-hops-increment--2" where it has evidence of its own, or
/// else its requirement.
std::string anchor_of(const MatrixRow&, std::size_t relay);

/// Frames and octets fill a page. What comes first gets them until the page is full; the rest leads to its
/// capture alone.
class Evidence {
 public:
  /// At most so many octets of frames and octets.
  Evidence(const Comparison& c, std::size_t most) : c_(c), left_(most) {}

  /// The differences of each relay, folded.
  std::string differences();
  /// Each requirement, folded, with what it came to on each relay.
  std::string requirements();

 private:
  std::string difference(const DifferenceGroup&);
  std::string requirement(const MatrixRow&);
  std::string card(const MatrixRow&, std::size_t relay);
  std::string if_it_fits(const std::function<std::string()>& exhibit);

  const Comparison& c_;
  std::size_t left_;
};

}  // namespace relayspec
