#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/test_plan.h"
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

// A case that the dialect leaves out is described in one that has it.
std::optional<Story> find_case(const std::string& id, Dialect dialect) {
  auto found = tell_stories({id}, dialect);
  if (found.empty()) return std::nullopt;
  const auto& dialects = found.front().dialects;
  if (!dialects.empty() && std::find(dialects.begin(), dialects.end(), dialect) == dialects.end())
    found = tell_stories({id}, dialects.front());
  return found.front();
}

int explain(const std::string& id, Dialect dialect) {
  if (const auto one = find_case(id, dialect)) {
    constexpr std::size_t widest = 110;
    fmt::print("{}", test_plan(*one, std::min(widest, terminal_width(STDOUT_FILENO))));
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
  auto dialect = std::make_shared<std::string>("rfc");
  auto* command =
      app.add_subcommand("explain",
                         "one case or requirement: what it says, where it stands, what is injected, "
                         "what must be seen");
  command->add_option("ID", *id, "id of a case or of a requirement")->required();
  add_dialect(*command, *dialect);
  command->footer("Example: relayspec explain hops/exceeding-sixteen-is-discarded");
  command->callback([id, dialect, &status] { status = explain(*id, *dialect_named(*dialect)); });
}

}  // namespace relayspec
