// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "harness/cli/ladder.h"
#include "harness/cli/options.h"
#include "harness/cli/run.h"
#include "harness/cli/streams.h"
#include "harness/cli/test_plan.h"
#include "harness/cli/workers.h"
#include "harness/relays.h"
#include "harness/reports/reports.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

std::string in_words(const std::vector<Dialect>& dialects) {
  std::string s = dialects.size() == 1 ? "dialect" : "dialects";
  for (const Dialect d : dialects) s += fmt::format(" {}", name(d));
  return s;
}

void print_requirement(const Requirement& r) {
  fmt::print("{}\n  {}, {}\n  {}\n", r.id, r.level, Catalogue::shipped().clause(r.id), r.text);
  if (!r.features.empty()) fmt::print("  asked of relays with {}\n", fmt::join(r.features, ", "));
  if (!r.dialects.empty()) fmt::print("  in {}\n", in_words(r.dialects));
}

// The plan of a case; empty where no case has this id. One that the dialect leaves out is described in one
// that has it.
std::string plan_of(const std::string& id, Dialect dialect, std::size_t width) {
  auto found = describe_case(id, dialect);
  if (!found) return "";
  const auto& dialects = found->dialects;
  if (!dialects.empty() && std::find(dialects.begin(), dialects.end(), dialect) == dialects.end()) {
    dialect = dialects.front();
    found = describe_case(id, dialect);
  }
  return test_plan(*found, dialect, width);
}

int explain(const std::string& id, Dialect dialect) {
  constexpr std::size_t widest = 110;
  if (const auto plan = plan_of(id, dialect, std::min(widest, terminal_width(STDOUT_FILENO)));
      !plan.empty()) {
    fmt::print("{}", plan);
    return conforms;
  }
  const Catalogue& catalogue = Catalogue::shipped();
  const Requirement* r = catalogue.find(id);
  if (!r) {
    const std::string near = catalogue.nearest_id(id);
    throw InputError(
        fmt::format("explain {}: no case and no requirement has this id{}; 'relayspec list' and 'relayspec "
                    "requirements' show them all",
                    id, near.empty() ? "" : fmt::format(" (did you mean {}?)", near)));
  }
  print_requirement(*r);
  fmt::print("\n");
  bool any = false;
  for (const CaseInfo& s : describe_cases()) {
    if (std::find(s.requirements.begin(), s.requirements.end(), id) == s.requirements.end()) continue;
    fmt::print("{}{}\n", any ? "            " : "covered by: ", s.id);
    any = true;
  }
  if (!any) fmt::print("covered by no case: {}\n", r->no_case);
  return conforms;
}

struct ExplainOptions {
  std::string id, dialect = "rfc", relay;
  bool ladder = false;
};

// The relay's own exchange, as it is now.
int print_ladder(const ExplainOptions& options) {
  constexpr const char* whole_exchange = "dora/ack-reaches-the-client";
  const Profile profile = load_profile(options.relay.empty() ? "reference" : options.relay);
  if (profile.attach)
    throw InputError(
        fmt::format("{}: explain --ladder starts the relay in the lab, and this profile has [attach]; use "
                    "'relayspec run --suite dora' for it",
                    profile.path));
  const Dialect dialect = *dialect_named(options.dialect);
  if (dialect == Dialect::proxy) require_rewriting(profile);
  const Outcome outcome = run_jobs(profile, dialect, {whole_exchange}, 1, {});
  const CaseResult& result = outcome.cases.front();
  if (result.verdict == Verdict::error || result.verdict == Verdict::skip)
    throw LabError(fmt::format("explain --ladder: {}", result.reason));
  fmt::print("{}", ladder(result.frames, Topology::documentation()));
  if (result.verdict == Verdict::pass || result.verdict == Verdict::note) return conforms;
  complain(fmt::format("{} deviates in this exchange: {}", profile.name, result.reason));
  return deviates;
}

int explain(const ExplainOptions& options) {
  if (options.ladder) return print_ladder(options);
  if (options.id.empty())
    throw InputError(
        "explain: give the id of a case or of a requirement, or --ladder; 'relayspec list' shows all cases");
  return explain(options.id, *dialect_named(options.dialect));
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command =
      app.add_subcommand("explain",
                         "one case or requirement: what it says, where it stands, what is injected, "
                         "what must be seen");
  auto* id = command->add_option("ID", options->id, "id of a case or of a requirement");
  add_dialect(*command, options->dialect);
  auto* ladder_flag = command
                          ->add_flag("--ladder", options->ladder,
                                     "runs a plain exchange and draws its eight hops as a ladder")
                          ->excludes(id);
  command
      ->add_option("--relay", options->relay,
                   "relay of the ladder: name of a profile or path (default: reference)")
      ->needs(ladder_flag);
  command->footer(
      "Examples: relayspec explain hops/17-is-discarded\n"
      "          relayspec explain --ladder --dialect proxy");
  command->callback([options, &status] { status = explain(*options); });
}

}  // namespace relayspec
