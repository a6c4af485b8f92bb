// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
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

nlohmann::json to_json(const Requirement& r, const std::vector<std::string>& cases) {
  nlohmann::json dialects = nlohmann::json::array();
  for (const Dialect d : {Dialect::rfc, Dialect::strict, Dialect::proxy}) {
    if (r.dialects.empty() || std::find(r.dialects.begin(), r.dialects.end(), d) != r.dialects.end())
      dialects.push_back(name(d));
  }
  return {{"id", r.id},
          {"rfc", r.rfc},
          {"section", r.section},
          {"level", r.level},
          {"direction", r.direction},
          {"dialects", dialects},
          {"features", r.features},
          {"clause", Catalogue::shipped().clause(r.id)},
          {"text", r.text},
          {"checked", r.verified},
          {"cases", cases},
          {"no_case", r.no_case}};
}

int requirements(const std::string& format) {
  std::map<std::string, std::vector<std::string>> covered;
  for (const CaseInfo& s : describe_cases()) {
    for (const std::string& id : s.requirements) covered[id].push_back(s.id);
  }
  const Catalogue& catalogue = Catalogue::shipped();
  nlohmann::json json = nlohmann::json::array();
  if (format == "markdown")
    fmt::print("| requirement | level | clause | what it asks | cases |\n|---|---|---|---|---|\n");
  for (const Requirement& r : catalogue.all()) {
    const auto& cases = covered[r.id];
    if (format == "json") {
      json.push_back(to_json(r, cases));
    } else if (format == "markdown") {
      fmt::print("| {} | {} | {} | {} | {} |\n", r.id, r.level, catalogue.clause(r.id), r.text,
                 cases.empty() ? r.no_case : fmt::format("{}", fmt::join(cases, ", ")));
    } else {
      fmt::print("{}  [{}]  {}\n  {}\n  {}\n", r.id, r.level, catalogue.clause(r.id), r.text,
                 cases.empty() ? "no case: " + r.no_case : fmt::format("cases: {}", fmt::join(cases, ", ")));
    }
  }
  if (format == "json") fmt::print("{}\n", json.dump(2));
  if (format == "text") {
    const auto judged =
        std::count_if(covered.begin(), covered.end(), [](const auto& c) { return !c.second.empty(); });
    fmt::print("{} requirements, {} of them covered by cases\n", catalogue.all().size(), judged);
  }
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
