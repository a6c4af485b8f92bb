// SPDX-License-Identifier: Apache-2.0
// A case as a test plan for people: why, set-up, steps, what must come out.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/case_info.h"

namespace relayspec {

/// The plan of one case, described in this dialect; lines broken at this width.
std::string test_plan(const CaseInfo&, Dialect, std::size_t width);

/// The numbered steps. Steps that are repeated with other values stand there once, with how often, and with
/// the rows of their table by what must become of them.
std::string numbered_steps(const std::vector<Step>&, std::size_t width);

/// How the relay is set up, in sentences.
std::string setup_in_words(const RelaySettings&);

}  // namespace relayspec
