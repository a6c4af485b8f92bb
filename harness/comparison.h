// SPDX-License-Identifier: Apache-2.0
// The same suites and the same stimuli over several relays: what each requirement came to on each of them,
// and in what they differ from the one that they are compared with.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// What a requirement came to on a relay.
struct Cell {
  Verdict verdict = Verdict::skip;
  std::string reason;              ///< one line; for `skip` why
  std::string field;               ///< that deviates; may be empty
  std::string expected, observed;  ///< one line each; may be empty
  std::string case_id, evidence;   ///< of the case that shows it best
  Exhibit exhibit;                 ///< where among its frames
  std::vector<std::string> cases;  ///< ids of all that say the same
};

struct MatrixRow {
  std::string requirement, level, clause;
  std::vector<std::string> suites;  ///< with cases that judge it
  std::vector<Cell> cells;          ///< in the order of the relays

  /// A relay's verdict is not the reference's; what was not judged says nothing.
  bool differs(std::size_t reference) const;
};

/// Stimuli to which a relay does not answer as the reference does, for the same cause.
struct DifferenceGroup {
  std::string relay, what;
  std::size_t stimuli = 0;
  std::string requirement;  ///< that one of them breaks, or that leaves the choice; may be empty
  bool choice = false;      ///< neither breaks a rule
  std::string broken_by;    ///< name of the relay that breaks the requirement; empty for a choice
  Verdict verdict = Verdict::note;

  // The smallest stimulus that shows it.
  std::string file;                       ///< "differences/dnsmasq--1.pcapng"
  std::string field;                      ///< that differs; may be empty
  std::string sent, reference, observed;  ///< one line each
  std::vector<Frame> reference_frames, frames;
  Exhibit reference_exhibit, exhibit;  ///< what each has sent; `due` of the second: what the first has

  bool operator==(const DifferenceGroup&) const = default;
};

struct ComparedRelay {
  std::string name, version;
  std::vector<CaseResult> cases;
};

struct Comparison {
  std::string tool_version, dialect;
  std::size_t reference = 0;  ///< place among the relays
  std::uint64_t seed = 1, duration_ms = 0;
  std::size_t stimuli = 0;
  std::vector<ComparedRelay> relays;
  std::vector<MatrixRow> rows;
  std::vector<DifferenceGroup> differences;

  const std::string& reference_name() const { return relays.at(reference).name; }
};

/// Every requirement that the cases cover or have found broken. What deviates somewhere comes first, the
/// worst of it at the head; the rest follows in the order of the catalogue.
std::vector<MatrixRow> matrix_of(std::span<const ComparedRelay>);

}  // namespace relayspec
