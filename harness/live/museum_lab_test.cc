// SPDX-License-Identifier: Apache-2.0
// In the lab: the fuzzer finds each exhibit of docs/fault-museum.md with several seeds, and the packets that
// it saves show the fault again. RELAYSPEC_MUSEUM_SEEDS says with how many; the documents speak of five.
#include <gmock/gmock.h>

#include <cstdlib>

#include "harness/live/fuzz.h"

namespace relayspec {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

struct Exhibit {
  const char *fault, *feature, *kind;
  std::uint64_t packets;  ///< within which it has to be found
};

const Exhibit exhibits[] = {
    {"option82-strip-cuts-rest", "option82", "changed", 3000},
    {"crash-on-suboption-overrun", "option82", "crash", 5000},
    {"runt-of-a-request-completed", "", "must-not-be-relayed", 5000},
    {"request-read-on-to-an-earlier-end", "", "octets-of-another-message", 8000},
    {"giaddr-not-filled-in", "", "changed", 500},
    {"transit-relayed-again", "", "must-not-be-relayed", 3000},
    {"udp-length-overrun-accepted", "", "must-not-be-relayed", 5000},
    {"crash-on-short-57", "", "crash", 16000},
    {"leaks-memory-per-reply", "", "growth", 6000},
    {"option82-not-stripped", "option82", "invented-octets", 500},
    {"forged-82-behind-pad-accepted", "option82", "must-not-be-relayed", 8000},
    {"crash-on-long-echo", "option82", "crash", 8000},
    {"stops-after-100-drops", "", "stopped-relaying", 8000},
    {"requests-from-the-uplink-relayed", "", "must-not-be-relayed", 3000},
    {"ip-length-not-looked-at", "", "must-not-be-relayed", 5000},
};

std::uint64_t seeds() {
  const char* wanted = std::getenv("RELAYSPEC_MUSEUM_SEEDS");
  return wanted ? std::strtoull(wanted, nullptr, 10) : 2;
}

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
  EXPECT_THAT(result.trouble, IsEmpty());
  EXPECT_THAT(result.findings, Contains(Field(&FuzzFinding::kind, exhibit.kind)));
  // The relay has one fault, whatever a finding calls it.
  EXPECT_THAT(result.findings, Contains(Field(&FuzzFinding::again, true)));
}

INSTANTIATE_TEST_SUITE_P(Exhibits, Museum,
                         ::testing::Combine(::testing::ValuesIn(exhibits),
                                            ::testing::Range<std::uint64_t>(1, 1 + seeds())),
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
