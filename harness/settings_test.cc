// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/settings.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "harness/settings_table.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Profile profile_of_every_feature() {
  Profile profile;
  profile.path = "every.toml";
  profile.features = {known_features().begin(), known_features().end()};
  return profile;
}

RelaySettings settings_of(const std::vector<std::string>& features) {
  return settings_from_features(profile_of_every_feature(), features);
}

std::string refusal_of(const std::string& feature) {
  try {
    settings_of({feature});
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Settings, PlainDescribesTheWholeLab) {
  const auto variables = environment({});
  EXPECT_EQ(variables.at("RELAY_DOWNLINKS"), "downlink0 downlink1");
  EXPECT_EQ(variables.at("RELAY_DOWNLINK_ADDRESSES"), "192.0.2.1 203.0.113.1");
  EXPECT_EQ(variables.at("RELAY_UPLINK"), "uplink0");
  EXPECT_EQ(variables.at("RELAY_UPLINK_ADDRESS"), "198.51.100.1");
  EXPECT_EQ(variables.at("RELAY_SERVERS"), "198.51.100.2");
  EXPECT_EQ(variables.at("RELAY_OPTION82"), "off");
  EXPECT_EQ(variables.at("RELAY_SERVER_ID"), "transparent");
  for (const Setting& setting : settings_table()) {
    if (variables.at(std::string(setting.variable)).empty()) continue;
    EXPECT_THAT(setting.variable,
                ::testing::AnyOf("RELAY_DOWNLINKS", "RELAY_SERVERS", "RELAY_OPTION82", "RELAY_SERVER_ID"));
  }
  EXPECT_EQ(describe({}), "plain");
  EXPECT_THAT(features_needed({}), ElementsAre("multi-downlink"));
  EXPECT_THAT(features_needed({.downlinks = 1}), IsEmpty());
}

TEST(Settings, EverythingSetReachesTheRelay) {
  const RelaySettings settings{.option82 = true,
                               .option82_policy = AgentOptionPolicy::append,
                               .circuit_id = "port 1",
                               .trusted_downlinks = {Segment::downlink0, Segment::downlink1},
                               .server_id = ServerIdMode::rewrite,
                               .max_hops = 0,
                               .downlinks = 1,
                               .servers = 3};
  const auto variables = environment(settings);
  EXPECT_EQ(variables.at("RELAY_DOWNLINKS"), "downlink0");
  EXPECT_EQ(variables.at("RELAY_DOWNLINK_ADDRESSES"), "192.0.2.1");
  EXPECT_EQ(variables.at("RELAY_SERVERS"), "198.51.100.2 198.51.100.3 198.51.100.4");
  EXPECT_EQ(variables.at("RELAY_TRUSTED_DOWNLINKS"), "downlink0 downlink1");
  EXPECT_EQ(describe(settings),
            "one downlink, multi-server=3, option82, option82-append, circuit-id=port 1, "
            "trusted=downlink0 downlink1, max-hops=0, server-id-rewrite");
}

TEST(Settings, ServersMayBeNamedByAddress) {
  const RelaySettings one{.server_list = {Ipv4("192.0.2.66")}};
  EXPECT_EQ(environment(one).at("RELAY_SERVERS"), "192.0.2.66");
  EXPECT_EQ(describe(one), "server 192.0.2.66");
  EXPECT_FALSE(features_needed(one).contains("multi-server"));
  const RelaySettings two{.server_list = {Ipv4("192.0.2.66"), Ipv4("192.0.2.67")}};
  EXPECT_EQ(describe(two), "multi-server=192.0.2.66 192.0.2.67");
  EXPECT_TRUE(features_needed(two).contains("multi-server"));
}

struct Example {
  std::string feature, argument, value;  ///< of the variable
};

class EveryFeature : public ::testing::TestWithParam<Example> {};

// From --feature through the settings to the variable of the start script, and back to the feature.
TEST_P(EveryFeature, ReachesItsVariableAndIsNeeded) {
  const auto& [feature, argument, value] = GetParam();
  const Setting* setting = find_setting(feature);
  ASSERT_NE(setting, nullptr);
  const RelaySettings settings = settings_of({feature + argument});

  EXPECT_EQ(environment(settings).at(std::string(setting->variable)), value);
  std::set<std::string> needed = {"multi-downlink", feature};
  if (setting->in_option82) needed.insert("option82");
  EXPECT_EQ(features_needed(settings), needed);
  EXPECT_EQ(settings.option82, needed.contains("option82"));
}

// What is said of the settings is what sets them.
TEST_P(EveryFeature, IsDescribedAsItIsAskedFor) {
  const RelaySettings settings = settings_of({GetParam().feature + GetParam().argument});
  std::vector<std::string> features;
  std::istringstream words(describe(settings));
  for (std::string word; std::getline(words >> std::ws, word, ',');) {
    if (word != "plain") features.push_back(word);
  }
  EXPECT_EQ(settings_of(features), settings) << describe(settings);
}

const Example examples[] = {
    {"multi-downlink", "", "downlink0 downlink1"},
    {"multi-server", "=3", "198.51.100.2 198.51.100.3 198.51.100.4"},
    {"option82", "", "on"},
    {"option82-append", "", "append"},
    {"option82-replace", "", "replace"},
    {"option82-forward", "", "forward"},
    {"option82-discard", "", "discard"},
    {"circuit-id", "=port 7", "port 7"},
    {"circuit-id", "", "circuit"},
    {"remote-id", "=switch", "switch"},
    {"trusted", "", "downlink0"},
    {"trusted", "=downlink1", "downlink1"},
    {"trusted", "=downlink1 downlink0", "downlink0 downlink1"},
    {"max-hops", "=0", "0"},
    {"max-hops", "=255", "255"},
    {"min-secs", "=65535", "65535"},
    {"max-size", "=576", "576"},
    {"server-id-rewrite", "", "rewrite"},
    {"server-id-override", "", "override"},
    {"link-selection", "", "on"},
    {"giaddr", "", "198.51.100.1"},
    {"giaddr", "=192.0.2.1", "192.0.2.1"},
    {"flags-suboption", "", "on"},
    {"source-port", "", "50067"},
    {"source-port", "=1", "1"},
    {"subscriber-id", "=flat 7", "flat 7"},
    {"relay-id", "=r", "r"},
    {"vss", "=red", "red"},
};

INSTANTIATE_TEST_SUITE_P(Settings, EveryFeature, ::testing::ValuesIn(examples));

TEST(Features, EachHasAnExample) {
  std::set<std::string> with_example;
  for (const Example& e : examples) with_example.insert(e.feature);
  EXPECT_EQ(with_example, std::set<std::string>(known_features().begin(), known_features().end()));
}

TEST(Features, HaveARowOfTheirOwn) {
  const std::set<std::string> once(known_features().begin(), known_features().end());
  EXPECT_EQ(once.size(), known_features().size());
  EXPECT_FALSE(is_feature("option83"));
}

TEST(Features, AProfileThatDoesNotListOneRefusesIt) {
  Profile profile;
  profile.path = "x.toml";
  EXPECT_EQ(settings_from_features(profile, {}).downlinks, 1U);
  profile.features = {"option82"};
  EXPECT_NO_THROW(settings_from_features(profile, {"option82"}));
  EXPECT_THROW(settings_from_features(profile, {"vss"}), InputError);
}

class WrongFeature : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WrongFeature, IsRefusedWithTheReason) {
  EXPECT_EQ(refusal_of(GetParam().first), fmt::format("--feature {}", GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(
    Settings, WrongFeature,
    ::testing::Values(
        std::pair{"frob", "frob: there is no such feature; 'relayspec relays' lists those of each relay"},
        std::pair{"max-hop=4",
                  "max-hop: there is no such feature; did you mean 'max-hops'? 'relayspec relays' "
                  "lists those of each relay"},
        std::pair{"a\x1b\n",
                  "a\\x1b : there is no such feature; 'relayspec relays' lists those of each relay"},
        std::pair{"max-hops=4\n\x1b", "max-hops=4 \\x1b: a number from 0 to 255 belongs behind '='"},
        std::pair{"option82=on", "option82=on: this feature takes no value"},
        std::pair{"max-hops", "max-hops=: a number from 0 to 255 belongs behind '='"},
        std::pair{"max-hops=256", "max-hops=256: a number from 0 to 255 belongs behind '='"},
        std::pair{"max-hops=-1", "max-hops=-1: a number from 0 to 255 belongs behind '='"},
        std::pair{"min-secs=8s", "min-secs=8s: a number from 0 to 65535 belongs behind '='"},
        std::pair{"multi-server=0", "multi-server=0: a number from 1 to 4 belongs behind '='"},
        std::pair{"multi-server=5", "multi-server=5: a number from 1 to 4 belongs behind '='"},
        std::pair{"source-port=0", "source-port=0: a number from 1 to 65535 belongs behind '='"},
        std::pair{"giaddr=here",
                  "giaddr=here: an IPv4 address or one of the relay's interfaces belongs behind '='"},
        std::pair{"trusted=uplink0", "trusted=uplink0: downlink0, downlink1 or both belong behind '='"}));

TEST(Features, HelpHasALineForEach) {
  const std::string help = "\n" + features_help();
  for (const std::string& name : known_features()) EXPECT_THAT(help, HasSubstr("\n  " + name)) << name;
  EXPECT_THAT(help, HasSubstr("max-hops=N "));
  EXPECT_THAT(help, HasSubstr("circuit-id[=TEXT] "));
}

std::vector<std::string> rows_of_readme() {
  std::vector<std::string> rows;
  std::ifstream readme(RELAYSPEC_README);
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("| `RELAY_")) rows.push_back(line);
  }
  return rows;
}

TEST(Readme, HasARowForEveryVariableWithItsFeatures) {
  const auto rows = rows_of_readme();
  for (const Setting& setting : settings_table()) {
    const bool found = std::any_of(rows.begin(), rows.end(), [&](const std::string& row) {
      return row.find(fmt::format("`{}`", setting.variable)) != std::string::npos &&
             row.find(fmt::format("`{}`", setting.feature)) != std::string::npos;
    });
    EXPECT_TRUE(found) << "no row with " << setting.variable << " and " << setting.feature;
  }
}

TEST(Readme, HasNoVariableThatIsNotSet) {
  auto variables = environment({});
  variables["RELAY_DIALECT"] = "rfc";  // of the run, not of the relay's settings
  std::set<std::string> in_readme, set;
  for (const std::string& row : rows_of_readme()) {
    static const std::regex name("`(RELAY_[A-Z0-9_]+)`");
    for (auto at = std::sregex_iterator(row.begin(), row.end(), name); at != std::sregex_iterator(); ++at) {
      if (at->position() < static_cast<std::ptrdiff_t>(row.find('|', 1))) in_readme.insert((*at)[1]);
    }
  }
  for (const auto& [variable, value] : variables) set.insert(variable);
  EXPECT_EQ(in_readme, set);
}

}  // namespace
}  // namespace relayspec
