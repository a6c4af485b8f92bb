// SPDX-License-Identifier: Apache-2.0
// The reports of a run. Each writer turns a RunResult into text; write_reports puts the files in place.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "relayspec/harness/result.h"

namespace relayspec {

struct ReportOptions {
  bool strict = false;  ///< a warn counts as a failure
};

/// Schema relayspec/results/2. Beyond the schema's keys the run has choices (like deviations, for notes),
/// no_longer_deviating, newly_skipped and no_longer_skipped; a deviation has level, kind, reason,
/// combinations and accepted; a case has difference, source, config and accepted.
std::string results_json(const RunResult&);

/// fail → failure, error → error, skip → skipped. A warn (unless strict), a note and an accepted deviation
/// pass, with what was found in system-out. A case that is skipped though the baseline does not list it
/// fails. What is listed in the baseline in vain is a failure in a suite "baseline". Each deviation is a
/// property of the suite whose case is its example.
std::string junit_xml(const RunResult&, const ReportOptions& = {});

/// Markdown for the summary page of a CI job.
std::string summary_markdown(const RunResult&);

/// One file without any outside reference.
std::string html_report(const RunResult&);

struct TerminalOptions {
  bool colour = false;
  /// Every case, every choice, what was skipped, and with each deviation its octets and all cases that show
  /// it.
  bool verbose = false;
  std::string out;         ///< the report's directory as the user named it; empty: none was written
  std::size_t width = 80;  ///< columns
};

/// What `relayspec run` prints on stdout: each deviation once, and everything else as counts.
std::string terminal_report(const RunResult&, const TerminalOptions& = {});

/// The descriptor is a terminal, and NO_COLOR is unset or empty, and TERM is not "dumb".
bool wants_colour(int descriptor);

/// The terminal's width; 80 where the descriptor is none.
std::size_t terminal_width(int descriptor);

/// "evidence/hops--17-is-discarded.pcapng": where a case's capture stands below the report's
/// directory.
std::string evidence_path(std::string_view case_id);

/// The frames of a case as pcapng: one interface per segment with its name, nanoseconds, all comments. The
/// direction in a packet's flags is seen from the relay: outbound is what the relay sent, inbound what was
/// sent to it.
std::string pcapng(const CaseResult&);
/// The same with comments on the whole of it.
std::string pcapng(const std::vector<std::string>& comments, const std::vector<Frame>&);

/// Whether this is the front of a file that pcapng() has made, as its section header says.
bool is_own_capture(std::string_view front);
inline constexpr std::size_t kMostOfHeader = 256 << 10;  ///< enough to tell

/// Makes the directory and the one for evidence in it, and removes the captures of an earlier run. To be
/// called before the run: throws InputError where nothing can be written.
void prepare_report_directory(const std::filesystem::path&);

/// Writes a case's capture below the directory and sets CaseResult::evidence, unless the case has no frames.
/// Keeps a path that is set already (repeated cases need one each). Throws InputError when it cannot be
/// written.
void write_evidence(CaseResult&, const std::filesystem::path& directory);

/// results.json, junit.xml, summary.md and report.html. Each appears whole or not at all. Throws InputError.
void write_reports(const RunResult&, const std::filesystem::path& directory, const ReportOptions& = {});

}  // namespace relayspec
