#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "harness/cli/workers.h"
#include "harness/relays.h"
#include "harness/reports/reports.h"
#include "relayspec/harness/baseline.h"

namespace relayspec {
namespace {

// A relay and its harness wait for one another more than they work; beyond that labs only get in each other's
// way.
unsigned default_jobs() { return std::clamp(std::thread::hardware_concurrency() * 2, 2U, 8U); }

struct RunOptions {
  std::string relay = "reference", dialect = "rfc", baseline, out;
  std::vector<std::string> suites, patterns;
  bool strict = false, verbose = false;
  unsigned jobs = default_jobs(), repeat = 1;
};

// The worse verdict counts: a case that fails one time in a hundred fails.
int badness(Verdict v) {
  switch (v) {
    case Verdict::error:
      return 5;
    case Verdict::fail:
      return 4;
    case Verdict::warn:
      return 3;
    case Verdict::note:
      return 2;
    case Verdict::pass:
      return 1;
    case Verdict::skip:
      return 0;
  }
  return 5;
}

// Takes a further round's results in; says which verdicts are not the same as before.
void merge(Outcome& all, Outcome round, unsigned number) {
  for (std::size_t i = 0; i < all.cases.size(); ++i) {
    CaseResult &kept = all.cases[i], &fresh = round.cases[i];
    if (kept.verdict != fresh.verdict) {
      fmt::print(stderr, "relayspec: {}: {} in round {}, {} before\n", kept.id, name(fresh.verdict), number,
                 name(kept.verdict));
    }
    if (badness(fresh.verdict) > badness(kept.verdict)) kept = std::move(fresh);
  }
  all.unexplained.insert(all.unexplained.end(), round.unexplained.begin(), round.unexplained.end());
  all.remarks.insert(all.remarks.end(), round.remarks.begin(), round.remarks.end());
  all.relay_output = std::move(round.relay_output);
}

Progress progress_of(std::size_t total) {
  if (isatty(STDERR_FILENO) == 0) return {};
  return [total, done = std::size_t{0}](const std::string& id) mutable {
    ++done;
    fmt::print(stderr, "\r\x1b[K[{}/{}] {}", done, total, id);
    if (done == total) fmt::print(stderr, "\r\x1b[K");
  };
}

int status_of(const RunOptions& options, const RunResult& result, const Outcome& outcome) {
  std::set<std::string> trouble(outcome.unexplained.begin(), outcome.unexplained.end());
  for (const CaseResult& r : result.cases) {
    if (r.verdict == Verdict::error) trouble.insert(r.reason);
  }
  for (const std::string& line : trouble) fmt::print(stderr, "relayspec: {}\n", line);
  const std::set<std::string> remarks(outcome.remarks.begin(), outcome.remarks.end());
  for (const std::string& line : remarks) fmt::print(stderr, "relayspec: note: {}\n", line);
  const auto counts = result.counts();
  const auto count = [&](Verdict v) { return counts[static_cast<std::size_t>(v)]; };
  if (count(Verdict::error) > 0 || !outcome.unexplained.empty()) return not_judged;
  if (count(Verdict::skip) == result.cases.size()) {
    fmt::print(stderr, "relayspec: every case was skipped, so nothing has been judged: {}\n",
               result.cases.front().reason);
    return not_judged;
  }
  const bool deviation = std::any_of(result.cases.begin(), result.cases.end(), [&](const CaseResult& r) {
    return r.accepted.empty() &&
           (r.verdict == Verdict::fail || (options.strict && r.verdict == Verdict::warn));
  });
  return deviation || !result.no_longer_deviating.empty() ? deviates : conforms;
}

int run(const RunOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  const Profile profile = load_profile(options.relay);
  const Dialect dialect = *dialect_named(options.dialect);
  if (dialect == Dialect::proxy && !profile.features.contains("server-id-rewrite")) {
    throw InputError(fmt::format(
        "{}: the profile does not list the feature server-id-rewrite, without which a relay cannot be "
        "held to the dialect proxy; use --dialect rfc, or add the feature if the relay has it",
        profile.path));
  }
  std::vector<std::string> known;
  for (const Story& s : tell_stories()) known.push_back(s.id);
  const auto baseline = options.baseline.empty() ? Baseline{} : Baseline::load(options.baseline, known);
  const auto ids = select(tell_stories(), options.suites, options.patterns);
  if (!options.out.empty()) prepare_report_directory(options.out);
  require_privilege(profile);
  acquire_privilege();

  Outcome outcome = run_jobs(profile, dialect, ids, options.jobs, progress_of(ids.size()));
  for (unsigned round = 2; round <= options.repeat; ++round) {
    merge(outcome, run_jobs(profile, dialect, ids, options.jobs, {}), round);
  }

  RunResult result{.tool_version = RELAYSPEC_VERSION,
                   .relay_name = profile.name,
                   .relay_version = relay_version(profile).value_or(""),
                   .dialect = options.dialect};
  result.cases = std::move(outcome.cases);
  result.relay_output = outcome.relay_output;
  baseline.apply(result);
  result.duration_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
          .count());
  if (!options.out.empty()) {
    for (CaseResult& r : result.cases) write_evidence(r, options.out);
    write_reports(result, options.out, {.strict = options.strict});
  }
  fmt::print("{}", terminal_report(result, {.colour = wants_colour(STDOUT_FILENO),
                                            .verbose = options.verbose,
                                            .out = options.out,
                                            .width = terminal_width(STDOUT_FILENO)}));
  return status_of(options, result, outcome);
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand(
      "run", "runs the suites over a relay and says hop by hop what holds and what does not");
  command->add_option("--relay", options->relay,
                      "name of a shipped profile, or path of a profile file (default: reference)");
  command->add_option("--dialect", options->dialect, "rfc (default), strict or proxy")
      ->check(CLI::IsMember({"rfc", "strict", "proxy"}));
  command->add_option("--suite", options->suites, "only this suite (may be given several times)")
      ->allow_extra_args(false);
  command
      ->add_option("--case", options->patterns,
                   "only cases whose id fits this pattern, as 'hops/*' (may be given several times)")
      ->allow_extra_args(false);
  command->add_flag("--strict", options->strict, "a warn counts as a deviation too");
  command->add_option("--baseline", options->baseline, "TOML file of known, accepted deviations");
  command->add_option("--out", options->out,
                      "folder for results.json, junit.xml, summary.md, report.html and the captures");
  command
      ->add_option("--jobs", options->jobs, "labs side by side (default: two for each processor, 8 at most)")
      ->check(CLI::Range(1U, 64U));
  command
      ->add_option("--repeat", options->repeat,
                   "how many times (default: 1); the worst verdict of a case counts")
      ->check(CLI::Range(1U, 100000U));
  command->add_flag("--verbose", options->verbose,
                    "also every case, every choice that the standards leave, what was skipped, and with each "
                    "deviation its octets and all cases that show it");
  command->footer("Example: relayspec run --relay isc-dhcrelay --suite hops --suite giaddr --out report");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace relayspec
