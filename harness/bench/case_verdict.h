// SPDX-License-Identifier: Apache-2.0
// The verdict on a case, by what has been found.
#pragma once

#include "relayspec/harness/result.h"

namespace relayspec {

/// Sets verdict, reason, expected, observed, clause and difference by the findings; there is at least one.
void judge_by_findings(CaseResult&);

/// Two runs of one case over links on which frames are lost, doubled or overtaken: what only one of them has
/// found came about by chance, and goes from `latest`. False: they have nothing in common, so that neither
/// says anything.
bool keep_common(CaseResult& latest, const CaseResult& before);

}  // namespace relayspec
