// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "harness/reports/testing.h"

namespace relayspec {
namespace {

TEST(ResultsJson, FollowsTheSchema) {
  const auto json = nlohmann::json::parse(results_json(made_up_run()));
  EXPECT_EQ(json["schema"], "relayspec/results/2");
  EXPECT_EQ(json["tool"]["name"], "relayspec");
  EXPECT_EQ(json["tool"]["version"], "0.1.0");
  EXPECT_EQ(json["relay"]["name"], "A relay");
  EXPECT_EQ(json["relay"]["version"], "1.2");
  EXPECT_EQ(json["dialect"], "rfc");
  EXPECT_EQ(json["duration_ms"], 930);
  EXPECT_EQ(json["counts"],
            nlohmann::json::parse(R"({"pass":1,"fail":3,"warn":1,"note":1,"skip":1,"error":1})"));
  ASSERT_EQ(json["cases"].size(), 8U);
  const auto& c = json["cases"][1];
  EXPECT_EQ(c["id"], "hops/17-is-discarded");
  EXPECT_EQ(c["suite"], "hops");
  EXPECT_EQ(c["requirements"][0], "RFC1542-4.1.1-hops-over-16-discard");
  EXPECT_EQ(c["level"], "MUST");
  EXPECT_EQ(c["verdict"], "fail");
  EXPECT_EQ(c["reason"], "relayed although discarded was due");
  EXPECT_EQ(c["expected"], "nothing");
  EXPECT_EQ(c["observed"], "one message\nto server 1");
  EXPECT_EQ(c["difference"], "fail [RFC1542-4.1.1-hops-over-16-discard] hops 17 18");
  EXPECT_EQ(c["clause"], "RFC 1542, section 4.1.1");
  EXPECT_EQ(c["duration_us"], 1500);
  EXPECT_EQ(json["cases"][7]["accepted"], "known since 2012");
  EXPECT_EQ(json["no_longer_deviating"][0], "hops/was-wrong");
}

TEST(ResultsJson, HasWhatIsSkippedOtherwiseThanInTheBaseline) {
  const auto json = nlohmann::json::parse(results_json(made_up_run_with_other_skips()));
  EXPECT_EQ(json["newly_skipped"], nlohmann::json::parse(R"(["option82/added"])"));
  EXPECT_EQ(json["no_longer_skipped"], nlohmann::json::parse(R"(["hops/1*"])"));
}

TEST(ResultsJson, HasEachDeviationOnce) {
  const auto json = nlohmann::json::parse(results_json(made_up_run()));
  ASSERT_EQ(json["deviations"].size(), 3U);
  const auto& d = json["deviations"][0];
  EXPECT_EQ(d["verdict"], "fail");
  EXPECT_EQ(d["requirement"], "RFC1542-4.1.1-hops-over-16-discard");
  EXPECT_EQ(d["level"], "MUST");
  EXPECT_EQ(d["clause"], "RFC 1542, section 4.1.1");
  EXPECT_EQ(d["field"], "hops");
  EXPECT_EQ(d["kind"], "relayed");
  EXPECT_EQ(d["settings"], "max-hops=16");
  EXPECT_EQ(d["reason"], "relayed although discarded was due: hops");
  EXPECT_EQ(d["expected"], "16 at most");
  EXPECT_EQ(d["observed"], "18");
  EXPECT_EQ(d["case"], "hops/17-is-discarded");
  EXPECT_EQ(d["cases"], nlohmann::json::parse(R"(["hops/17-is-discarded", "hops/20-is-discarded"])"));
  EXPECT_EQ(d["findings"], 3);
  EXPECT_EQ(d["combinations"], nlohmann::json::parse(R"([{"combination": "DISCOVER, no flag", "findings": 2},
                                                         {"combination": "REQUEST, no flag", "findings": 1}])"));
  EXPECT_EQ(d["evidence"], "evidence/hops--17-is-discarded.pcapng");
  EXPECT_EQ(d["accepted"], "");
  EXPECT_EQ(json["deviations"][2]["accepted"], "known since 2012");
}

TEST(ResultsJson, KeepsChoicesApart) {
  const auto json = nlohmann::json::parse(results_json(made_up_run()));
  ASSERT_EQ(json["choices"].size(), 1U);
  EXPECT_EQ(json["choices"][0]["requirement"], "RFC1542-4.1.1-secs-threshold");
}

TEST(ResultsJson, OfNothingHasNoCases) {
  EXPECT_EQ(nlohmann::json::parse(results_json({.relay_name = "x", .dialect = "rfc"}))["cases"].size(), 0U);
}

}  // namespace
}  // namespace relayspec
