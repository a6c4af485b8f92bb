// Runs the cases that are linked into the program, or tells their stories without a relay.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/bench/plan.h"
#include "harness/bench/testbed.h"

namespace relayspec {

/// Of every case that is linked in, in the order in which they run: id, suite and source. For what needs no
/// more, since to tell all stories takes its time.
const std::vector<Story>& story_heads();

/// The cases with these ids, told without a relay, in that order.
std::vector<Story> tell_stories(const std::vector<std::string>& ids, Dialect = Dialect::rfc);
/// All of them.
const std::vector<Story>& tell_stories();

/// Ids of the stories that a selection names, in order. Empty lists select all. Throws InputError for a suite
/// that does not exist and for a pattern ('*' and '?' as in a shell) that fits no case, with the nearest that
/// does.
std::vector<std::string> select(const std::vector<Story>&, const std::vector<std::string>& suites,
                                const std::vector<std::string>& patterns);

/// Runs the plan's cases. `progress` gets the result of each as it ends.
void run_plan(TestBed&, const Plan&, const std::function<void(const CaseResult&)>& progress);

}  // namespace relayspec
