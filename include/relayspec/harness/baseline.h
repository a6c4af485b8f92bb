// A baseline: deviations of a relay that are known and accepted, so that CI goes red for new ones only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// One `[[accepted]]` entry: `case` or `requirement`, and `reason`.
struct AcceptedDeviation {
  std::string case_id, requirement;  ///< exactly one of them
  std::string reason;
  std::string where;  ///< "FILE:LINE" of the entry, for messages
};

struct Baseline {
  std::vector<AcceptedDeviation> accepted;

  /// Throws InputError: unreadable, a wrong key or type, an empty reason, an entry that names no case and no
  /// requirement, or both, or one that does not exist, or one that another entry names already.
  static Baseline load(const std::string& path, std::span<const std::string> known_cases);
  static Baseline parse(std::string_view text, const std::string& path,
                        std::span<const std::string> known_cases);

  /// Sets Finding::accepted of every finding (fail or warn) whose case or requirement is listed, and
  /// CaseResult::accepted of every case that is listed or has no other findings; and
  /// RunResult::no_longer_deviating: the entries whose case, or a case that covers their requirement, was
  /// judged (pass, note, fail or warn), and that no finding of the run needs. Cases that were left out,
  /// skipped or in error say nothing about entries.
  void apply(RunResult&) const;
};

}  // namespace relayspec
