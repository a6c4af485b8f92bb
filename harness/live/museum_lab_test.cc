// SPDX-License-Identifier: Apache-2.0
// In the lab: the exhibits of docs/fault-museum.md that the fuzzer finds, with five seeds.
#include <gmock/gmock.h>

#include "harness/live/fuzz.h"

namespace relayspec {
namespace {

using ::testing::Contains;
using ::testing::Field;

struct Exhibit {
  const char *fault, *feature, *kind;
  std::uint64_t packets;  ///< within which it has to be found
  bool again = true;      ///< its smallest packets show it to a fresh relay
};

const Exhibit exhibits[] = {
    {"option82-strip-cuts-rest", "option82", "changed", 3000},
    {"crash-on-suboption-overrun", "option82", "crash", 5000},
    {"runt-of-a-request-completed", "", "must-not-be-relayed", 5000, false},
    {"request-read-on-to-an-earlier-end", "", "octets-of-another-message", 8000, false},
    {"giaddr-not-filled-in", "", "changed", 500},
    {"transit-relayed-again", "", "must-not-be-relayed", 3000},
    {"udp-length-overrun-accepted", "", "must-not-be-relayed", 5000},
    {"crash-on-short-57", "", "crash", 8000},
    {"leaks-memory-per-reply", "", "growth", 6000, false},
    {"option82-not-stripped", "option82", "invented-octets", 500},
    {"forged-82-behind-pad-accepted", "option82", "must-not-be-relayed", 8000},
};

class Museum : public ::testing::TestWithParam<std::tuple<Exhibit, std::uint64_t>> {};

TEST_P(Museum, ItsExhibitIsFound) {
  const auto& [exhibit, seed] = GetParam();
  const Profile profile = parse_profile(
      std::string(
          "name = 'exhibit'\nfeatures = ['multi-downlink', 'option82']\nstart = 'exec relayspec-faulty "
          "--fault ") +
          exhibit.fault + "'\n",
      "exhibit.toml");
  std::vector<std::string> features;
  if (*exhibit.feature != '\0') features.emplace_back(exhibit.feature);
  const FuzzOptions options{
      .seed = seed, .packets = exhibit.packets, .settings = {settings_from_features(profile, features)}};
  const FuzzResult result = fuzz(profile, options, {});
  EXPECT_THAT(result.findings, Contains(Field(&FuzzFinding::kind, exhibit.kind)));
  for (const FuzzFinding& f : result.findings) {
    EXPECT_TRUE(f.again || !exhibit.again || f.kind != exhibit.kind) << f.what << ": " << f.sent;
  }
}

INSTANTIATE_TEST_SUITE_P(Exhibits, Museum,
                         ::testing::Combine(::testing::ValuesIn(exhibits),
                                            ::testing::Range<std::uint64_t>(1, 6)),
                         [](const auto& p) {
                           std::string name = std::get<0>(p.param).fault;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name + "_seed_" + std::to_string(std::get<1>(p.param));
                         });

}  // namespace

void PrintTo(const FuzzFinding& f, std::ostream* out) {
  *out << f.kind << " [" << f.requirement << "] " << f.what;
}

}  // namespace relayspec
