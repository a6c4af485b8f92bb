// SPDX-License-Identifier: Apache-2.0
// In the lab: a relay compared with itself, and with one that has a fault. Both stand beside this test.
#include <gmock/gmock.h>

#include "harness/live/compare.h"

namespace relayspec {
namespace {

using ::testing::IsEmpty;

class ComparedWithItself : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ComparedWithItself, ARelayDoesNotDiffer) {
  Contender reference{.name = "reference", .profile = load_profile("reference")};
  reference.settings.option82 = GetParam() % 2 == 0;
  Contender same = reference;
  same.name = "the same";
  const std::vector others{same};
  const auto found = find_differences(reference, others, {.seed = GetParam(), .stimuli = 96}, {});
  EXPECT_THAT(found.trouble, IsEmpty());
  for (const DifferenceGroup& d : found.groups)
    ADD_FAILURE() << d.what << ": " << d.sent << ": " << d.reference << ", " << d.observed;
}

TEST(ComparedWithAFaultyRelay, ItsFaultIsTheOnlyDifference) {
  const Contender reference{.name = "reference", .profile = load_profile("reference")};
  const std::vector faulty{Contender{
      .name = "faulty",
      .profile =
          parse_profile("name = 'faulty'\nfeatures = ['multi-downlink']\nstart = 'exec relayspec-faulty "
                        "--fault hops-raised-in-replies'\n",
                        "faulty.toml")}};
  const auto found = find_differences(reference, faulty, {.stimuli = 320}, {});
  EXPECT_THAT(found.trouble, IsEmpty());
  ASSERT_FALSE(found.groups.empty());
  EXPECT_EQ(found.groups[0].what, "hops +1 in replies");
  EXPECT_EQ(found.groups[0].requirement, "RFC1542-4.1.2-hops-not-touched-reply");
  EXPECT_EQ(found.groups[0].sent, "OFFER");
  for (std::size_t i = 1; i < found.groups.size(); ++i)
    EXPECT_TRUE(found.groups[i].broken_by != "faulty" || found.groups[i].what.starts_with("hops "))
        << found.groups[i].what << ": " << found.groups[i].sent;
}

INSTANTIATE_TEST_SUITE_P(Seeds, ComparedWithItself, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace relayspec
