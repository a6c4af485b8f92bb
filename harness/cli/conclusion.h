// SPDX-License-Identifier: Apache-2.0
// What the rounds of a run come to: the results taken together, and the exit status.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/cli/workers.h"
#include "relayspec/harness/result.h"

namespace relayspec {

/// Takes a further round's results in; the worse verdict of a case counts. Returns a line for each verdict
/// that is not the same as before.
std::vector<std::string> merge(Outcome& all, Outcome round, unsigned number);

struct Conclusion {
  Status status = conforms;
  std::vector<std::string> lines;  ///< for stderr: why nothing could be judged, and notes; each once
};

/// `strict`: a warn counts as a deviation too.
Conclusion conclude(const RunResult&, const Outcome&, bool strict);

}  // namespace relayspec
