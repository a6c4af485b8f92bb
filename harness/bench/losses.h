// SPDX-License-Identifier: Apache-2.0
// By which rule messages are lost. A message may be due by several; which of them the relay breaks, only all
// that it lost and all that it let through can say together.
#pragma once

#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// Names each loss anew whose rule the run as a whole speaks against:
/// - where every message that a rule names is due by another one too, by which none came and which names
/// more:
///   by that one;
/// - where others came by the rule: by one that all such losses share and that a case is about, or else, if
///   many times more came than were lost, by the most general one.
/// A case that is about the rule by which it names a loss keeps it.
void name_losses(std::vector<CaseResult>&);

}  // namespace relayspec
