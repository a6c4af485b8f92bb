// SPDX-License-Identifier: Apache-2.0
// What the reports for people have in common: the order in which verdicts matter, counts per suite and per
// reason, and the sentences that all of them start with.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// What a reader wants to see first comes first: fail, error, warn, note, pass, skip.
inline constexpr std::array<Verdict, verdict_count> kByWeight = {
    Verdict::fail, Verdict::error, Verdict::warn, Verdict::note, Verdict::pass, Verdict::skip};

using Counts = std::array<std::size_t, verdict_count>;
inline constexpr std::size_t index(Verdict v) { return static_cast<std::size_t>(v); }

struct SuiteCounts {
  std::string suite;
  Counts counts{};
};

/// In the order in which the suites ran.
std::vector<SuiteCounts> counts_by_suite(const RunResult&);

/// Cases with the same verdict for the same reason. The pointers lead into the RunResult.
struct SameReason {
  std::string reason;
  std::vector<const CaseResult*> cases;
};

/// The cases with one verdict, in the order in which their reasons came up first.
std::vector<SameReason> by_reason(const RunResult&, Verdict);

/// "9 deviations (5 MUST), 2 of them accepted by the baseline"
std::string deviations_in_words(const std::vector<Deviation>&);

/// What is not as the baseline has it: an entry, a pattern of 'skipped' or a case, and what is wrong with it.
struct BaselineRemark {
  std::string what, words;
};

/// What is listed in the baseline in vain.
std::vector<BaselineRemark> needless_in_baseline(const RunResult&);

/// Those, and the cases that are skipped though the baseline does not list them.
std::vector<BaselineRemark> remarks_on_baseline(const RunResult&);

/// For the case: that it is skipped though the baseline does not list it; empty where that is not so.
std::string newly_skipped_in_words(const RunResult&, const CaseResult&);

/// What stands behind the example: " and 3 more"; empty where the example is the only case.
std::string other_cases(const Deviation&);

/// The ids of the cases behind the example.
std::vector<std::string> other_ids(const Deviation&);

/// "NAK, no flag (3 times); ACK, no flag"
std::string combinations_in_words(const Deviation&);

/// "58 pass, 1 fail, 1 skip": what is not zero, by weight; "no case was run" for none.
std::string counts_in_words(const Counts&);

/// "0.93 s", "12 ms"
std::string duration_in_words(std::uint64_t milliseconds);

/// "ISC dhcrelay isc-dhcrelay-4.4.3-P1", without the version when that is unknown.
std::string relay_in_words(const RunResult&);

}  // namespace relayspec
