// SPDX-License-Identifier: Apache-2.0
// In the lab: over the reference relay the fuzzer finds nothing, in any dialect and with all feature sets.
#include <gmock/gmock.h>

#include "harness/live/fuzz.h"

namespace relayspec {
namespace {

class FuzzOfTheReference : public ::testing::TestWithParam<Dialect> {};

TEST_P(FuzzOfTheReference, FindsNothing) {
  const FuzzResult result = fuzz(load_profile("reference"), {.dialect = GetParam(), .packets = 5000}, {});
  for (const FuzzFinding& f : result.findings)
    ADD_FAILURE() << f.requirement << ": " << f.what << ": " << f.sent;
  EXPECT_TRUE(result.trouble.empty());
  EXPECT_EQ(result.packets, 5000U);
  EXPECT_GT(result.relayed, result.packets / 2);
  EXPECT_GT(result.settings.size(), 15U);
}

INSTANTIATE_TEST_SUITE_P(Dialects, FuzzOfTheReference,
                         ::testing::Values(Dialect::rfc, Dialect::strict, Dialect::proxy));

}  // namespace
}  // namespace relayspec
