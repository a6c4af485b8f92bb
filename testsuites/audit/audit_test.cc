// SPDX-License-Identifier: Apache-2.0
// The audit of the catalogue: every requirement is judged by a case or says why none can, and no case cites a
// rule that does not exist. It reads what `relayspec requirements` and `relayspec list` print, as a user
// would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace relayspec {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json printed_by(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((RELAYSPEC " " + command).c_str(), "r"), &pclose);
  std::string text;
  std::array<char, 4096> part{};
  for (std::size_t n = 0; (n = fread(part.data(), 1, part.size(), pipe.get())) > 0;)
    text.append(part.data(), n);
  return json::parse(text);
}

std::set<std::string> words(const json& list) { return list.get<std::set<std::string>>(); }

bool within(const std::set<std::string>& some, const std::set<std::string>& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return b.contains(x); });
}

std::vector<std::string> audit(const json& requirements, const json& cases) {
  std::vector<std::string> complaints;
  std::set<std::string> known, named;
  for (const json& r : requirements) {
    const std::string id = r["id"];
    if (!known.insert(id).second) complaints.push_back(id + ": the id is used twice");
    std::vector<json> covering;
    for (const json& c : cases) {
      if (words(c["requirements"]).contains(id)) covering.push_back(c);
    }
    const bool reason = !r["no_case"].get<std::string>().empty();
    if (covering.empty() && !reason) complaints.push_back(id + ": no case, and no reason why");
    if (covering.empty()) continue;
    if (reason)
      complaints.push_back(id + ": says why there is no case, and " + covering[0]["id"].get<std::string>() +
                           " is one");
    auto needed = words(r["features"]);
    if (words(r["dialects"]) == std::set<std::string>{"proxy"})
      needed.erase("server-id-rewrite");  // it is that feature
    const auto in_reach = [&](const json& c) {
      return within(needed, words(c["features"])) && meet(words(r["dialects"]), words(c["dialects"]));
    };
    if (std::none_of(covering.begin(), covering.end(), in_reach))
      complaints.push_back(id + ": no case that covers it has the features and a dialect that it needs");
  }
  for (const json& c : cases) {
    const std::string id = c["id"];
    if (c["requirements"].empty()) complaints.push_back(id + ": cites no requirement");
    for (const std::string& r : words(c["requirements"])) {
      if (!known.contains(r)) complaints.push_back(id + ": there is no requirement " + r);
    }
    if (!named.insert(id).second) complaints.push_back(id + ": two cases have this id");
  }
  return complaints;
}

TEST(Audit, EveryRequirementIsAccountedFor) {
  const json requirements = printed_by("requirements --format json"),
             cases = printed_by("list --format json");
  EXPECT_THAT(audit(requirements, cases), IsEmpty());
  EXPECT_GE(requirements.size(), 398U);
  const auto covered = std::count_if(requirements.begin(), requirements.end(),
                                     [](const json& r) { return !r["cases"].empty(); });
  EXPECT_GE(covered, 330);
  RecordProperty("covered", static_cast<int>(covered));
}

/// What in a source text looks like the id of a requirement (by what stands in front of its first '-') and is
/// none.
std::vector<std::string> unknown_ids(const std::string& text, const std::set<std::string>& known) {
  std::set<std::string> families;
  for (const std::string& id : known) families.insert(id.substr(0, id.find('-')));
  static const std::regex quoted("\"([A-Z]+[0-9]*)(-[-A-Za-z0-9.]+)\"");
  std::vector<std::string> unknown;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), quoted); at != std::sregex_iterator(); ++at) {
    const std::string id = (*at)[1].str() + (*at)[2].str();
    if (families.contains((*at)[1]) && !known.contains(id)) unknown.push_back(id);
  }
  return unknown;
}

// Not only what a case covers, but also what it says in note() and deviates(), and the rules of the harness.
TEST(Audit, EveryIdInTheSourcesIsARequirement) {
  std::set<std::string> known;
  for (const json& r : printed_by("requirements --format json")) known.insert(r["id"]);
  for (const char* folder : {"testsuites/dhcpv4", "harness"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(RELAYSPEC_SOURCES "/") + folder)) {
      const std::string path = entry.path();
      if (!path.ends_with(".cc") || path.ends_with("_test.cc")) continue;
      std::ifstream file(path);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      EXPECT_THAT(unknown_ids(text, known), IsEmpty()) << path;
    }
  }
}

/// The cases of a source text in which a silence has no control behind it.
std::vector<std::string> silences_without_control(const std::string& text) {
  static const std::regex head("TEST_F\\((\\w+, \\w+)\\)");
  std::vector<std::string> cases;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), head); at != std::sregex_iterator(); ++at) {
    const auto from = static_cast<std::size_t>(at->position());
    const std::string body = text.substr(from, text.find("\n}\n", from) - from);
    const std::size_t silence =
        std::min(body.find("nothing_comes_out()"), body.find("nothing_reaches_clients()"));
    if (silence != std::string::npos && body.find("control_", silence) == std::string::npos)
      cases.push_back((*at)[1]);
  }
  return cases;
}

// A relay that is deaf is silent too.
TEST(Audit, EverySilenceHasAControl) {
  for (const auto& entry : std::filesystem::directory_iterator(RELAYSPEC_SOURCES "/testsuites/dhcpv4")) {
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(silences_without_control(text), IsEmpty()) << entry.path();
  }
}

TEST(AuditOfSources, ASilenceWithoutAControlIsFound) {
  EXPECT_THAT(
      silences_without_control("TEST_F(A, One) {\n  nothing_comes_out();\n}\n"
                               "TEST_F(A, Two) {\n  nothing_comes_out();\n  control_goes_up(m);\n}\n"),
      ElementsAre("A, One"));
}

// The audit itself can say no.
TEST(AuditOfSources, AnIdThatIsNoneIsFound) {
  const std::set<std::string> known = {"RFC951-8-x", "MALF-y"};
  EXPECT_THAT(unknown_ids(R"(deviates("MALF-z", "a-b"); note("RFC951-8-x"); "UTF-8")", known),
              ElementsAre("MALF-z"));
}

class AuditOf : public ::testing::Test {
 protected:
  json requirements = {{{"id", "A"}, {"no_case", ""}, {"features", {"option82"}}, {"dialects", {"rfc"}}}};
  json cases = {
      {{"id", "s/c"}, {"requirements", {"A"}}, {"features", {"option82"}}, {"dialects", {"rfc", "strict"}}}};
};

TEST_F(AuditOf, WhatIsInOrderComplainsOfNothing) { EXPECT_THAT(audit(requirements, cases), IsEmpty()); }

TEST_F(AuditOf, ARequirementWithoutACase) {
  EXPECT_THAT(audit(requirements, json::array()), Contains("A: no case, and no reason why"));
}

TEST_F(AuditOf, AReasonIsEnough) {
  requirements[0]["no_case"] = "cannot be seen from outside";
  EXPECT_THAT(audit(requirements, json::array()), IsEmpty());
}

TEST_F(AuditOf, AReasonThatACaseBelies) {
  requirements[0]["no_case"] = "cannot be seen from outside";
  EXPECT_THAT(audit(requirements, cases), Contains("A: says why there is no case, and s/c is one"));
}

TEST_F(AuditOf, AnUnknownId) {
  cases[0]["requirements"] = {"A", "B"};
  EXPECT_THAT(audit(requirements, cases), Contains("s/c: there is no requirement B"));
}

TEST_F(AuditOf, AReusedId) {
  requirements.push_back(requirements[0]);
  EXPECT_THAT(audit(requirements, cases), Contains("A: the id is used twice"));
}

TEST_F(AuditOf, ACaseThatCitesNothing) {
  cases[0]["requirements"] = json::array();
  EXPECT_THAT(audit(requirements, cases), Contains("s/c: cites no requirement"));
}

TEST_F(AuditOf, ACaseWithoutTheFeature) {
  cases[0]["features"] = json::array();
  EXPECT_THAT(audit(requirements, cases), Contains(HasSubstr("has the features")));
}

TEST_F(AuditOf, ACaseInAnotherDialect) {
  cases[0]["dialects"] = {"proxy"};
  EXPECT_THAT(audit(requirements, cases), Contains(HasSubstr("a dialect that it needs")));
}

}  // namespace
}  // namespace relayspec
