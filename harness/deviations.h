// SPDX-License-Identifier: Apache-2.0
// What a run says first: not which cases fail, but what is wrong with the relay, each deviation once.
#pragma once

#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// The kind of a message that is lost though others have come for each reason for which it has to: it breaks
/// no more than the most general rule, and the special ones are no part of that.
inline constexpr const char* lost_as_a_combination = "lost as a combination";

/// The findings with the verdicts fail and warn, grouped. Order: what the baseline accepts last; fail before
/// warn; MUST before SHOULD before MAY before de-facto; what most cases show first; then by id.
std::vector<Deviation> deviations_of(const std::vector<CaseResult>&);

/// The findings with the verdict note, grouped and ordered alike.
std::vector<Deviation> choices_of(const std::vector<CaseResult>&);

}  // namespace relayspec
