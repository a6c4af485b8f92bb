// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/compare.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "harness/cli/conclusion.h"
#include "harness/cli/progress.h"
#include "harness/cli/streams.h"
#include "harness/reports/compare.h"
#include "relayspec/harness/settings.h"

namespace relayspec {
namespace {

Contender contender_of(const RelayChoice& choice, Dialect dialect) {
  Contender c{.profile = load_profile(choice.relay)};
  if (dialect == Dialect::proxy) require_rewriting(c.profile);
  if (!choice.features.empty() && c.profile.attach && c.profile.attach->configure.empty())
    throw InputError(fmt::format(
        "{}: --feature needs a script 'configure' in the profile: without it the relay stays as it is set",
        c.profile.path));
  c.settings = settings_from_features(c.profile, choice.features);
  if (dialect == Dialect::proxy) c.settings.server_id = ServerIdMode::rewrite;
  if (!c.profile.features.contains("multi-downlink")) c.settings.downlinks = 1;
  c.name = c.profile.name;
  if (!choice.features.empty()) c.name += fmt::format(" ({})", fmt::join(choice.features, ", "));
  return c;
}

/// The reference is one of them, or comes first.
struct Contenders {
  std::vector<Contender> relays;
  std::size_t reference = 0;

  std::vector<Contender> others() const {
    std::vector<Contender> all = relays;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(reference));
    return all;
  }
};

/// Its two sides would hear each other's messages.
void refuse_device_beside_itself(const Contenders& field) {
  const Contender& reference = field.relays[field.reference];
  for (const Contender& c : field.others()) {
    if (c.profile.attach && c.profile.path == reference.profile.path)
      throw InputError(fmt::format(
          "{}: there is one device, so generated messages cannot compare it with itself: name another "
          "--reference, or --stimuli 0",
          c.profile.path));
  }
}

Contenders contenders_of(const CompareOptions& options, Dialect dialect) {
  Contenders field;
  for (const RelayChoice& choice : options.relays) field.relays.push_back(contender_of(choice, dialect));
  const Contender reference = contender_of(options.reference, dialect);
  const auto same = std::find_if(field.relays.begin(), field.relays.end(), [&](const Contender& c) {
    return c.profile.path == reference.profile.path && c.settings == reference.settings;
  });
  // A relay alone that is its own reference is run twice.
  if (same == field.relays.end() || field.relays.size() == 1) {
    field.relays.insert(field.relays.begin(), reference);
  } else {
    field.reference = static_cast<std::size_t>(same - field.relays.begin());
  }
  std::map<std::string, std::size_t> times;
  for (Contender& c : field.relays) {
    if (const std::size_t n = ++times[c.name]; n > 1) c.name += fmt::format(" #{}", n);
  }
  if (options.stimuli > 0) refuse_device_beside_itself(field);
  return field;
}

/// The outcomes of all, in their order. A profile's cases run once, however often it is compared.
std::vector<Outcome> outcomes_of(const Contenders& field, const std::vector<std::string>& ids,
                                 const CompareOptions& options, Dialect dialect, const RunAll& run,
                                 const Progress& progress) {
  std::vector<Profile> profiles;
  std::vector<std::size_t> places;
  for (const Contender& c : field.relays) {
    const auto known = std::find_if(profiles.begin(), profiles.end(),
                                    [&](const Profile& p) { return p.path == c.profile.path; });
    places.push_back(static_cast<std::size_t>(known - profiles.begin()));
    if (known == profiles.end()) profiles.push_back(c.profile);
  }
  const auto named = [&](std::size_t relay, const std::string& id) {
    if (progress) progress(profiles[relay].name + ": " + id);
  };
  const std::vector<Outcome> of_profiles = run(profiles, dialect, ids, options.jobs, named);
  std::vector<Outcome> all;
  for (const std::size_t place : places) all.push_back(of_profiles[place]);
  return all;
}

std::size_t steps(const CompareOptions& options, const Contenders& field, std::size_t cases) {
  std::set<std::string> profiles;
  for (const Contender& c : field.relays) profiles.insert(c.profile.path);
  const std::size_t batches = (options.stimuli + stimuli_at_once - 1) / stimuli_at_once;
  return profiles.size() * cases + batches * (field.relays.size() - 1);
}

/// Of every relay as of a run over it alone, and of the differences.
Conclusion conclude_all(const Comparison& comparison, const std::vector<Outcome>& outcomes) {
  Conclusion all;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    RunResult result;
    result.cases = comparison.relays[i].cases;
    const Conclusion one = conclude(result, outcomes[i], false);
    all.status = std::max(all.status, one.status);
    for (const std::string& line : one.lines) all.lines.push_back(comparison.relays[i].name + ": " + line);
  }
  const bool deviating = std::any_of(comparison.differences.begin(), comparison.differences.end(),
                                     [](const DifferenceGroup& d) { return d.verdict == Verdict::fail; });
  if (deviating && all.status == conforms) all.status = deviates;
  return all;
}

Differences differences_of(const CompareOptions& options, Dialect dialect, const Contenders& all,
                           const FindDifferences& find, const Progress& progress) {
  if (options.stimuli == 0) return {};
  const StimuliOptions stimuli{
      .dialect = dialect, .seed = options.seed, .stimuli = options.stimuli, .jobs = options.jobs};
  return find(all.relays[all.reference], all.others(), stimuli, progress);
}

}  // namespace

int compare(const CompareOptions& options, const RunAll& run_cases, const FindDifferences& find) {
  const auto started = std::chrono::steady_clock::now();
  const Dialect dialect = *dialect_named(options.dialect);
  const Contenders field = contenders_of(options, dialect);
  const auto ids = select(case_heads(), options.suites, options.patterns);
  if (!options.out.empty()) prepare_comparison_directory(options.out);
  const Progress progress = progress_with_time_left(stderr, steps(options, field, ids.size()));

  Comparison comparison{.tool_version = RELAYSPEC_VERSION,
                        .dialect = options.dialect,
                        .reference = field.reference,
                        .seed = options.seed,
                        .stimuli = options.stimuli};
  std::vector<Outcome> outcomes = outcomes_of(field, ids, options, dialect, run_cases, progress);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    comparison.relays.push_back(
        {field.relays[i].name, outcomes[i].relay_version, std::move(outcomes[i].cases)});
  Differences differences = differences_of(options, dialect, field, find, progress);
  comparison.differences = std::move(differences.groups);
  comparison.rows = matrix_of(comparison.relays);
  comparison.duration_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
          .count());
  if (!options.out.empty()) write_comparison(comparison, options.out);
  fmt::print("{}", compare_terminal(comparison, {.colour = wants_colour(STDOUT_FILENO),
                                                 .verbose = options.verbose,
                                                 .out = options.out,
                                                 .width = terminal_width(STDOUT_FILENO)}));
  Conclusion conclusion = conclude_all(comparison, outcomes);
  if (!differences.trouble.empty()) conclusion.status = not_judged;
  for (const std::string& line : differences.trouble) {
    if (std::ranges::find(conclusion.lines, line) == conclusion.lines.end()) conclusion.lines.push_back(line);
  }
  for (const std::string& line : conclusion.lines) complain(line);
  return conclusion.status;
}

void add_compare(CLI::App& app, int& status) {
  auto options = std::make_shared<CompareOptions>();
  auto* command = app.add_subcommand(
      "compare", "the same suites and stimuli over several relays: one matrix, and every difference");
  declare(*command, *options);
  command->callback([options, &status] { status = compare(*options, run_all, find_differences); });
}

}  // namespace relayspec
