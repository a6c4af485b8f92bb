#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
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

void explain_case(const Story& s) {
  fmt::print("{}  ({})\n\n", s.id, s.source);
  for (const std::string& id : s.requirements) {
    if (const Requirement* r = Catalogue::shipped().find(id)) print_requirement(*r);
  }
  fmt::print("\nThe relay is started {}.\n", describe(s.settings));
  for (const std::string& step : s.steps) fmt::print("  {}\n", step);
  fmt::print("  and nothing else comes out of the relay on any side\n\nTry it: relayspec run --case {}\n",
             s.id);
}

int explain(const std::string& id) {
  if (const auto story = tell_stories({id}); !story.empty()) {
    explain_case(story.front());
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
  for (const Story& s : tell_stories()) {
    if (std::find(s.requirements.begin(), s.requirements.end(), id) == s.requirements.end()) continue;
    fmt::print("{}{}\n", any ? "            " : "covered by: ", s.id);
    any = true;
  }
  if (!any) fmt::print("covered by no case: {}\n", r->no_case);
  return conforms;
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto id = std::make_shared<std::string>();
  auto* command =
      app.add_subcommand("explain",
                         "one case or requirement: what it says, where it stands, what is injected, "
                         "what must be seen");
  command->add_option("ID", *id, "id of a case or of a requirement")->required();
  command->footer("Example: relayspec explain hops/exceeding-sixteen-is-discarded");
  command->callback([id, &status] { status = explain(*id); });
}

}  // namespace relayspec
