// SPDX-License-Identifier: Apache-2.0
// In the lab: the reference relay answers what other tools recorded (captures/README.md) as it has to, and a
// relay with a fault does not.
#include <gmock/gmock.h>

#include "harness/live/replay.h"

namespace relayspec {
namespace {

ReplayResult replayed(const std::string& start, const std::string& capture) {
  const Profile profile = parse_profile(
      "name = 'one'\nfeatures = ['multi-downlink', 'option82']\nstart = '''" + start + "'''\n", "one.toml");
  return replay(profile, read_capture(std::string(RELAYSPEC_CAPTURES) + "/" + capture), {});
}

class ReplayOfOtherTools : public ::testing::TestWithParam<const char*> {};

TEST_P(ReplayOfOtherTools, IsJudged) {
  const ReplayResult r =
      replay(load_profile("reference"), read_capture(std::string(RELAYSPEC_CAPTURES) + "/" + GetParam()), {});
  EXPECT_EQ(r.trouble, "");
  EXPECT_GE(r.packets, 6U);
  EXPECT_EQ(r.relayed, r.packets);
  EXPECT_EQ(r.findings, std::vector<ReplayFinding>{});
}

TEST_P(ReplayOfOtherTools, ShowsAFault) {
  const ReplayResult r = replayed("exec relayspec-faulty --fault hops-not-raised", GetParam());
  ASSERT_FALSE(r.findings.empty());
  EXPECT_EQ(r.findings[0].requirement, "RFC1542-4.1.1-hops-increment");
}

INSTANTIATE_TEST_SUITE_P(All, ReplayOfOtherTools,
                         ::testing::Values("client-side.pcapng", "server-side.pcap", "any.pcap", "vlan.pcap"),
                         [](const auto& p) {
                           std::string name = p.param;
                           for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace relayspec
