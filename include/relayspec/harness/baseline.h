// SPDX-License-Identifier: Apache-2.0
// A baseline: deviations of a relay that are known and accepted, so that CI goes red for new ones only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// One `[[accepted]]` entry.
struct AcceptedDeviation {
  std::string case_id, requirement;  ///< exactly one of them
  std::string field;                 ///< with a requirement: what of it; empty: anything
  /// With a requirement, what narrows it further; each empty: whatever it is. Kinds of difference, as
  /// `results.json` names them; patterns of cases, and patterns of what the relay was started with.
  std::vector<std::string> differences, cases, settings;
  std::string dialect;  ///< where the entry holds; empty: in every dialect
  std::string kind;     ///< "bug", "choice", "unknown"; may be empty
  std::string reason;
  bool sometimes = false;  ///< what deviates by chance: it need not in every run
  std::string where;       ///< "FILE:LINE" of the entry, for messages

  /// Whether it accepts this finding, or nothing but its list of cases keeps it from that.
  bool accepts_in_some_case(const CaseResult&, const Finding&, const std::string& of_dialect) const;
  /// How reports call it: the id, the field where there is one, and what narrows it.
  std::string name() const;
};

struct Baseline {
  std::string version;        ///< of the relay that it was written for; may be empty
  std::string version_where;  ///< "FILE:LINE" of it
  std::vector<AcceptedDeviation> accepted;
  /// Patterns of cases that cannot be judged over this relay. Unset: no case is held to it.
  std::optional<std::vector<std::string>> skipped;
  /// The same of cases that cannot be judged in some runs or dialects.
  std::vector<std::string> sometimes_skipped;

  /// Throws InputError: unreadable, a wrong key, type or value, an empty reason, an entry that names no case
  /// and no requirement, or both, or one that does not exist, a pattern that fits no case, or an entry that
  /// accepts what another one does already.
  static Baseline load(const std::string& path, std::span<const std::string> known_cases);
  static Baseline parse(std::string_view text, const std::string& path,
                        std::span<const std::string> known_cases);

  /// Sets Finding::accepted of every finding (fail or warn) whose case or requirement is listed, and
  /// CaseResult::accepted of every case that is listed or has no other findings; and
  /// RunResult::no_longer_deviating: the entries whose case, or a case that covers their requirement, was
  /// judged (pass, note, fail or warn), and that no finding of the run needs. Cases that were left out,
  /// skipped or in error say nothing about entries. Entries of other dialects say nothing.
  /// RunResult::newly_skipped gets each case that is skipped because something that it needs does not work,
  /// and that is not among the skipped; RunResult::no_longer_skipped each pattern of those that fits cases
  /// which were judged, and none that was skipped so. RunResult::beyond_baseline gets a line for each finding
  /// that is not accepted though an entry has its requirement: which one, and what keeps it from accepting
  /// this.
  void apply(RunResult&) const;

  /// A line where the run was over another version of the relay; else empty.
  std::string remark_on_version(const RunResult&) const;
};

/// A baseline that accepts whatever deviates in a run: the entries of `known` but those that no longer
/// deviate, with the further cases that show the same difference; and one for each further requirement, field
/// and kind of difference with the cases that show it, or case without findings, whose reason is still to be
/// given; and all cases that could not be judged.
Baseline baseline_of(const RunResult&, const Baseline& known);

/// As a file. Above each entry a comment says what its requirement asks for, and where it stands.
std::string to_toml(const Baseline&);

}  // namespace relayspec
