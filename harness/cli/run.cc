// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "harness/bench/runner.h"
#include "harness/cli/check.h"
#include "harness/cli/commands.h"
#include "harness/cli/conclusion.h"
#include "harness/cli/progress.h"
#include "harness/cli/streams.h"
#include "harness/relays.h"
#include "harness/reports/reports.h"
#include "relayspec/harness/baseline.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

Baseline load_baseline(const RunOptions& options) {
  if (options.baseline.empty()) return {};
  std::vector<std::string> known;
  for (const CaseInfo& s : case_heads()) known.push_back(s.id);
  return Baseline::load(options.baseline, known);
}

// Checked before the run, which takes a while. A file with reasons in it is not overwritten.
void check_new_baseline(const std::string& file) {
  if (file.empty()) return;
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error)))
    throw InputError(file + ": it exists already; give --write-baseline the name of a new file");
  const fs::path folder = fs::path(file).has_parent_path() ? fs::path(file).parent_path() : ".";
  if (!fs::is_directory(folder, error) || ::access(folder.c_str(), W_OK) != 0)
    throw InputError(
        fmt::format("{}: cannot be written: {} is no folder that you can write to", file, folder.string()));
}

std::size_t added_cases(const Baseline& fresh, const Baseline& known) {
  std::size_t added = 0;
  for (const AcceptedDeviation& e : fresh.accepted) {
    const auto before = std::find_if(known.accepted.begin(), known.accepted.end(),
                                     [&](const AcceptedDeviation& k) { return k.where == e.where; });
    if (before != known.accepted.end()) added += e.cases.size() - before->cases.size();
  }
  return added;
}

// Its entries accept what has been found, so that this run is judged as the next will be.
Baseline write_baseline(const std::string& file, const RunResult& result, const Baseline& known) {
  Baseline baseline = baseline_of(result, known);
  std::ofstream out(file);
  out << to_toml(baseline);
  out.close();
  if (!out) throw InputError(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
  const std::size_t added = added_cases(baseline, known);
  if (added != 0)
    complain(fmt::format("note: {} cases show the differences of known entries, and have been added there",
                         added));
  const auto open = std::count_if(baseline.accepted.begin(), baseline.accepted.end(),
                                  [](const AcceptedDeviation& e) { return e.kind == "unknown"; });
  complain(
      fmt::format("note: {} has {} entries, {} of them of kind unknown: look at each, and give its reason",
                  file, baseline.accepted.size(), open));
  return baseline;
}

void complain_of(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) complain(line);
}

void report(const RunOptions& options, RunResult& result) {
  if (!options.out.empty()) {
    for (CaseResult& r : result.cases) write_evidence(r, options.out);
    write_reports(result, options.out, {.strict = options.strict});
  }
  fmt::print("{}", terminal_report(result, {.colour = wants_colour(STDOUT_FILENO),
                                            .verbose = options.verbose,
                                            .out = options.out,
                                            .width = terminal_width(STDOUT_FILENO)}));
}

}  // namespace

void require_rewriting(const Profile& profile) {
  if (profile.features.contains("server-id-rewrite")) return;
  throw InputError(fmt::format(
      "{}: the profile does not list the feature server-id-rewrite, without which a relay cannot be "
      "held to the dialect proxy; use --dialect rfc, or add the feature if the relay has it",
      profile.path));
}

int run(const RunOptions& options, const RunCases& run_cases) {
  const auto started = std::chrono::steady_clock::now();
  const Profile profile = load_profile(options.relay);
  const Dialect dialect = *dialect_named(options.dialect);
  if (dialect == Dialect::proxy) require_rewriting(profile);
  if (options.check) return check(profile, dialect);
  Baseline baseline = load_baseline(options);
  check_new_baseline(options.new_baseline);
  const auto ids = select(case_heads(), options.suites, options.patterns);
  if (!options.out.empty()) prepare_report_directory(options.out);

  Outcome outcome = run_cases(profile, dialect, ids, options.jobs, progress_on(stderr, ids.size()));
  for (unsigned round = 2; round <= options.repeat; ++round)
    complain_of(merge(outcome, run_cases(profile, dialect, ids, options.jobs, {}), round));

  RunResult result{.tool_version = RELAYSPEC_VERSION,
                   .relay_name = profile.name,
                   .relay_version = outcome.relay_version,
                   .dialect = options.dialect};
  result.cases = std::move(outcome.cases);
  result.relay_output = outcome.relay_output;
  if (!options.new_baseline.empty()) baseline = write_baseline(options.new_baseline, result, baseline);
  baseline.apply(result);
  result.duration_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
          .count());
  report(options, result);
  const Conclusion conclusion = conclude(result, outcome, options.strict);
  complain_of(conclusion.lines);
  if (const std::string remark = baseline.remark_on_version(result); !remark.empty())
    complain("note: " + remark);
  return conclusion.status;
}

void add_run(CLI::App& app, int& status) {
  auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand(
      "run", "runs the suites over a relay and says hop by hop what holds and what does not");
  declare(*command, *options);
  command->callback([options, &status] { status = run(*options, run_jobs); });
}

}  // namespace relayspec
