// SPDX-License-Identifier: Apache-2.0
#include "harness/live/feature_sets.h"

#include <gmock/gmock.h>

namespace relayspec::live {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> named(const std::string& features, Dialect dialect) {
  const Profile p = parse_profile("name = 'p'\nstart = 'exec p'\nfeatures = " + features + "\n", "p.toml");
  std::vector<std::string> names;
  for (const RelaySettings& s : feature_sets(p, dialect)) names.push_back(describe(s));
  return names;
}

TEST(FeatureSets, EachFeatureHasItsTurnAndThePartsOfOption82OneTogether) {
  EXPECT_THAT(named("['multi-downlink', 'option82', 'circuit-id', 'remote-id', 'max-hops']", Dialect::rfc),
              ElementsAre("plain", "option82", "option82, circuit-id=circuit", "option82, remote-id=remote",
                          "max-hops=8", "option82, circuit-id=circuit, remote-id=remote"));
}

TEST(FeatureSets, ARelayWithoutFeaturesIsPlain) {
  EXPECT_THAT(named("[]", Dialect::rfc), ElementsAre("one downlink"));
}

TEST(FeatureSets, InTheDialectProxyEverySetRewrites) {
  EXPECT_THAT(
      named("['multi-downlink', 'option82', 'server-id-rewrite', 'server-id-override']", Dialect::proxy),
      ElementsAre("server-id-rewrite", "option82, server-id-rewrite"));
}

}  // namespace
}  // namespace relayspec::live
