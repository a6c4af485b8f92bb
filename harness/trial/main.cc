// SPDX-License-Identifier: Apache-2.0
// relayspec-trial: the command line of the trial.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "harness/trial/trial.h"

int main(int argc, char** argv) {
  relayspec::trial::Options options{
      .faults = RELAYSPEC_FAULTS, .pairs = RELAYSPEC_PAIRS, .profile = RELAYSPEC_FAULTY_PROFILE};
  CLI::App app("Tries the suites on every fault of the faulty relay, and on pairs of faults",
               "relayspec-trial");
  app.add_option("--faults", options.faults, "the table of faults");
  app.add_option("--pairs", options.pairs, "the table of pairs");
  auto* fault = app.add_option("--fault", options.only_faults, "only the faults whose name fits this pattern")
                    ->allow_extra_args(false);
  auto* pair = app.add_option("--pair", options.only_pairs,
                              "only the pairs whose name, QUIRK+FAULT, fits this pattern")
                   ->allow_extra_args(false);
  auto* faults_only = app.add_flag("--faults-only", options.faults_only, "no pairs")->excludes(pair);
  auto* pairs_only = app.add_flag("--pairs-only", options.pairs_only, "no single faults")
                         ->excludes(faults_only)
                         ->excludes(fault);
  app.add_option("--jobs", options.jobs, "labs side by side; they wait more than they work")
      ->check(CLI::Range(1U, 256U));
  app.add_flag("--finders-only", options.finders_only,
               "each fault on a plain exchange and the case that is there to find it, and no pairs")
      ->excludes(pair)
      ->excludes(pairs_only);
  app.add_option("--every", options.every,
                 "of so many faults one on all cases, the others as with --finders-only; with that option, "
                 "the others not at all; their place in the table decides")
      ->check(CLI::Range(1U, 1000U));
  app.add_option("--out", options.out, "a file for all that has changed, a JSON object for each run");
  app.footer(
      "Examples: relayspec-trial --fault 'hops-*'\n          relayspec-trial --pair 'copies-doubled+*'");
  CLI11_PARSE(app, argc, argv);
  try {
    return relayspec::trial::run(options);
  } catch (const std::exception& e) {
    fmt::print(stderr, "relayspec-trial: {}\n", e.what());
    return 2;
  }
}
