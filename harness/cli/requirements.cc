#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

int requirements(const std::string& format) {
  std::map<std::string, std::vector<std::string>> covered;
  for (const Story& s : tell_stories()) {
    for (const std::string& id : s.requirements) covered[id].push_back(s.id);
  }
  const Catalogue& catalogue = Catalogue::shipped();
  nlohmann::json json = nlohmann::json::array();
  if (format == "markdown")
    fmt::print("| requirement | level | clause | what it asks | cases |\n|---|---|---|---|---|\n");
  for (const Requirement& r : catalogue.all()) {
    const auto& cases = covered[r.id];
    if (format == "json") {
      json.push_back({{"id", r.id},
                      {"level", r.level},
                      {"clause", catalogue.clause(r.id)},
                      {"text", r.text},
                      {"cases", cases}});
    } else if (format == "markdown") {
      fmt::print("| {} | {} | {} | {} | {} |\n", r.id, r.level, catalogue.clause(r.id), r.text,
                 fmt::join(cases, ", "));
    } else {
      fmt::print("{}  [{}]  {}\n  {}\n  {}\n", r.id, r.level, catalogue.clause(r.id), r.text,
                 cases.empty() ? "no case yet" : fmt::format("cases: {}", fmt::join(cases, ", ")));
    }
  }
  if (format == "json") std::cout << json.dump(2) << '\n';
  return conforms;
}

}  // namespace

void add_requirements(CLI::App& app, int& status) {
  auto format = std::make_shared<std::string>("text");
  auto* command = app.add_subcommand("requirements",
                                     "the catalogue, and beside each requirement the cases that cover it");
  command->add_option("--format", *format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  command->footer("Example: relayspec requirements --format markdown > requirements.md");
  command->callback([format, &status] { status = requirements(*format); });
}

}  // namespace relayspec
