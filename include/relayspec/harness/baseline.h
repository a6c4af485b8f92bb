// A baseline: deviations of a relay that are known and accepted, so that CI goes red for new ones only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// One `[[accepted]]` entry: `case` and `reason`.
struct AcceptedDeviation {
  std::string case_id, reason;
  std::string where;  ///< "FILE:LINE" of the entry, for messages
};

struct Baseline {
  std::vector<AcceptedDeviation> accepted;

  /// Throws InputError: unreadable, a wrong key or type, an empty reason, a case listed twice.
  static Baseline load(const std::string& path);
  static Baseline parse(std::string_view text, const std::string& path);

  /// Sets CaseResult::accepted of every case that deviates (fail or warn) as listed, and RunResult::mended:
  /// the entries whose case was judged (pass or note) and no longer deviates. Cases that were left out,
  /// skipped or in error say nothing about their entries.
  void apply(RunResult&) const;
};

}  // namespace relayspec
