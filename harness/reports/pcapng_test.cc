// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/testing.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Evidence, TsharkReadsInterfacesCommentsTimesAndDirections) {
  const fs::path dir = fresh_directory();
  prepare_report_directory(dir);
  RunResult run = made_up_run();
  write_evidence(run.cases[1], dir);
  EXPECT_EQ(run.cases[1].evidence, "evidence/hops--17-is-discarded.pcapng");
  const ShellResult r = ask("tshark -r '" + (dir / run.cases[1].evidence).string() +
                            "' -T fields -E separator='|' -E aggregator='+' -e frame.interface_name"
                            " -e frame.interface_description -e frame.time_epoch -e frame.len"
                            " -e frame.packet_flags_direction -e frame.comment 2>/dev/null");
  EXPECT_EQ(r.status, 0) << "tshark is in the package of that name";
  EXPECT_EQ(
      r.output,
      "downlink0|client side: the relay's first downlink|1700000000.123456789|61|0x00000001|injected\n"
      "uplink0|server side: the relay's uplink|1700000000.123556789|61|0x00000002|fail+second, comment\n"
      "downlink1|client side: the relay's second downlink|1700000000.123656789|61|0x00000002|\n");
  const ShellResult section = ask("capinfos '" + (dir / run.cases[1].evidence).string() + "' 2>&1");
  EXPECT_THAT(section.output, AllOf(HasSubstr("relayspec "), HasSubstr("Ethernet"),
                                    HasSubstr("hops/17-is-discarded: fail: relayed although")));
  fs::remove_all(dir);
}

TEST(Evidence, OfACaseWithoutFramesIsNotWritten) {
  RunResult run = made_up_run();
  write_evidence(run.cases[0], "/no/such/directory");
  EXPECT_EQ(run.cases[0].evidence, "");
}

TEST(Evidence, PathsStayBelowTheDirectory) {
  EXPECT_EQ(evidence_path("hops/a-b"), "evidence/hops--a-b.pcapng");
  EXPECT_EQ(evidence_path("../../etc/x y"), "evidence/..--..--etc--x_y.pcapng");
}

}  // namespace
}  // namespace relayspec
