// SPDX-License-Identifier: Apache-2.0
// What the tests of the reports share: a run that has something of everything in it.
#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/reports/reports.h"
#include "harness/shell.h"

namespace relayspec {

namespace fs = std::filesystem;

/// Text that breaks writers which forget to escape.
inline constexpr const char* kNasty = "<b>&\"'\x1b[31m\x01\xFF]]>\n-->`|</script>";

inline Frame made_up_frame(Segment s, Origin o, std::int64_t nanoseconds, std::vector<std::string> comments) {
  Frame f;
  f.segment = s;
  f.origin = o;
  f.time = std::chrono::nanoseconds(nanoseconds);
  f.bytes.assign(61, 0x11);  // not a multiple of four
  f.comments = std::move(comments);
  return f;
}

inline CaseResult made_up_case(const std::string& suite, const std::string& behaviour, Verdict v,
                               const std::string& reason) {
  CaseResult c;
  c.suite = suite;
  c.id = suite + "/" + behaviour;
  c.requirements = {"RFC1542-4.1.1-hops-over-16-discard"};
  c.level = v == Verdict::warn ? "SHOULD" : "MUST";
  c.verdict = v;
  c.reason = reason;
  c.clause = "RFC 1542, section 4.1.1";
  c.config = "max-hops=16";
  c.duration_us = 1500;
  return c;
}

/// "unexpected DISCOVER", with octets and a row of a matrix.
inline Finding made_up_finding() {
  return {.verdict = Verdict::fail,
          .requirement = "RFC1542-4.1.1-hops-over-16-discard",
          .field = "hops",
          .kind = "relayed",
          .reason = "relayed although discarded was due: hops: expected 16 at most, observed 18 [12 00]",
          .expected = "hops 16 at most",
          .observed = "hops 18 [12 00]",
          .octets = "octet 3: expected 10, observed 12",
          .combination = "DISCOVER, no flag"};
}

/// One case of each verdict, two with the same deviation, one that the baseline accepts.
inline RunResult made_up_run() {
  RunResult run;
  run.tool_version = "0.1.0";
  run.relay_name = "A relay";
  run.relay_version = "1.2";
  run.dialect = "rfc";
  run.duration_ms = 930;
  CaseResult failed =
      made_up_case("hops", "17-is-discarded", Verdict::fail, "relayed although discarded was due");
  failed.expected = "nothing";
  failed.observed = "one message\nto server 1";
  failed.difference = "fail [RFC1542-4.1.1-hops-over-16-discard] hops 17 18";
  failed.evidence = "evidence/hops--17-is-discarded.pcapng";
  failed.findings = {made_up_finding(), made_up_finding()};
  failed.frames = {
      made_up_frame(Segment::downlink0, Origin::harness, 1'700'000'000'123'456'789, {"injected"}),
      made_up_frame(Segment::uplink, Origin::relay, 1'700'000'000'123'556'789, {"fail", "second, comment"}),
      made_up_frame(Segment::downlink1, Origin::relay, 1'700'000'000'123'656'789, {})};
  CaseResult alike =
      made_up_case("hops", "20-is-discarded", Verdict::fail, "relayed although discarded was due");
  alike.findings = {made_up_finding()};
  alike.findings[0].combination = "REQUEST, no flag";
  alike.frames.resize(9);
  CaseResult warned = made_up_case("giaddr", "kept", Verdict::warn, kNasty);
  warned.findings = {{.verdict = Verdict::warn,
                      .requirement = "RFC1542-4.1.1-ttl",
                      .field = "TTL",
                      .reason = kNasty,
                      .expected = kNasty,
                      .observed = kNasty}};
  CaseResult noted = made_up_case("giaddr", "chosen", Verdict::note, "took the first address");
  noted.findings = {{.verdict = Verdict::note,
                     .requirement = "RFC1542-4.1.1-secs-threshold",
                     .reason = "took the first address"}};
  CaseResult accepted = made_up_case("option82", "kept", Verdict::fail, "cut");
  accepted.findings = {
      {.requirement = "RFC1542-4.1.1-options-intact", .reason = "cut", .accepted = "known since 2012"}};
  accepted.accepted = "known since 2012";
  run.cases = {made_up_case("hops", "16-is-relayed", Verdict::pass, ""),
               failed,
               alike,
               warned,
               noted,
               made_up_case("option82", "added", Verdict::skip, "the profile does not offer option82"),
               made_up_case("option82", "stripped", Verdict::error, "the relay died before its turn"),
               accepted};
  run.no_longer_deviating = {"hops/was-wrong"};
  run.relay_output = std::string("listening\n") + kNasty + "\n";
  return run;
}

/// The same where the baseline has other cases as skipped.
inline RunResult made_up_run_with_other_skips() {
  RunResult run = made_up_run();
  run.newly_skipped = {"option82/added"};
  run.no_longer_skipped = {"hops/1*"};
  return run;
}

inline fs::path fresh_directory() {
  const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path dir = fs::path(::testing::TempDir()) / ("relayspec-reports-" + name);
  fs::remove_all(dir);
  return dir;
}

/// Runs a real reader over a file; its status and what it says.
inline ShellResult ask(const std::string& command) {
  return run_shell({"-c", command}, "", std::chrono::seconds(60));
}

}  // namespace relayspec
