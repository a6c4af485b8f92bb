// What a run says first: not which cases fail, but what is wrong with the relay, each deviation once.
#pragma once

#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// The findings with the verdicts fail and warn, grouped. Order: what the baseline accepts last; fail before
/// warn; MUST before SHOULD before MAY before de-facto; what most cases show first; then by id.
std::vector<Deviation> deviations_of(const std::vector<CaseResult>&);

/// The findings with the verdict note, grouped and ordered alike.
std::vector<Deviation> choices_of(const std::vector<CaseResult>&);

}  // namespace relayspec
