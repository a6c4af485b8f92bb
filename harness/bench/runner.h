// SPDX-License-Identifier: Apache-2.0
// Runs the cases that are linked into the program, or describes them without a relay.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/plan.h"
#include "harness/bench/testbed.h"

namespace relayspec {

/// Of every case that is linked in, in the order in which they run: id, suite and source. For what needs no
/// more, since a dry run of all cases takes its time.
const std::vector<CaseInfo>& case_heads();

/// One of them by a dry run in this dialect, with its steps; unset if there is no such case.
std::optional<CaseInfo> describe_case(const std::string& id, Dialect);
/// The cases with these ids, by a dry run, in that order, without their steps.
std::vector<CaseInfo> describe_cases(const std::vector<std::string>& ids);
/// All of them.
const std::vector<CaseInfo>& describe_cases();

/// Ids of the cases that a selection names, in order. Empty lists select all. Throws InputError for a suite
/// that does not exist and for a pattern ('*' and '?' as in a shell) that fits no case, with the nearest that
/// does.
std::vector<std::string> select(const std::vector<CaseInfo>&, const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns);

/// Runs the cases of all batches. `progress` gets the result of each as it ends.
void run_batches(TestBed&, const NextBatch&, const std::function<void(const CaseResult&)>& progress);

/// The result of a case that could not be run, and why.
CaseResult not_run(const CaseInfo&, std::string why);

}  // namespace relayspec
