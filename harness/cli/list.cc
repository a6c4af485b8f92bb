// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/bench/runner.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

nlohmann::json to_json(const CaseInfo& s) {
  nlohmann::json dialects = nlohmann::json::array();
  for (const Dialect d : {Dialect::rfc, Dialect::strict, Dialect::proxy}) {
    if (s.dialects.empty() || std::find(s.dialects.begin(), s.dialects.end(), d) != s.dialects.end()) {
      dialects.push_back(name(d));
    }
  }
  return {{"id", s.id},
          {"suite", s.suite},
          {"requirements", s.requirements},
          {"level", Catalogue::shipped().strongest_level(s.requirements)},
          {"features", features_needed(s.settings)},
          {"dialects", dialects},
          {"source", s.source}};
}

int list(const ListOptions& options) {
  const auto cases = describe_cases(select(case_heads(), options.suites, {}));
  nlohmann::json json = nlohmann::json::array();
  for (const CaseInfo& s : cases) {
    if (options.format == "json") {
      json.push_back(to_json(s));
    } else {
      fmt::print("{:<58} {:<10} {}{}\n", s.id, Catalogue::shipped().strongest_level(s.requirements),
                 fmt::join(s.requirements, " "),
                 features_needed(s.settings).empty()
                     ? ""
                     : fmt::format("  needs {}", fmt::join(features_needed(s.settings), ", ")));
    }
  }
  if (options.format == "json") {
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("{} cases\n", cases.size());
  }
  return conforms;
}

}  // namespace

void add_list(CLI::App& app, int& status) {
  auto options = std::make_shared<ListOptions>();
  auto* command =
      app.add_subcommand("list", "the cases: id, level, requirements, features needed; touches no network");
  declare(*command, *options);
  command->callback([options, &status] { status = list(*options); });
}

}  // namespace relayspec
