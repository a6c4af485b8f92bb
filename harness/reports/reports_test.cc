#include "harness/reports/reports.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/shell.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Text that breaks writers which forget to escape.
constexpr const char* kNasty = "<b>&\"'\x1b[31m\x01\xFF]]>\n-->`|</script>";

Frame frame(Segment s, Origin o, std::int64_t nanoseconds, std::vector<std::string> comments) {
  Frame f;
  f.segment = s;
  f.origin = o;
  f.time = std::chrono::nanoseconds(nanoseconds);
  f.bytes.assign(61, 0x11);  // not a multiple of four
  f.comments = std::move(comments);
  return f;
}

/// One case of each verdict, two with the same reason, one that the baseline accepts.
RunResult made_up_run() {
  RunResult run;
  run.tool_version = "0.1.0";
  run.relay_name = "A relay";
  run.relay_version = "1.2";
  run.dialect = "rfc";
  run.duration_ms = 930;
  const auto add = [&](const std::string& suite, const std::string& behaviour, Verdict v,
                       const std::string& reason) {
    CaseResult c;
    c.suite = suite;
    c.id = suite + "/" + behaviour;
    c.requirements = {"RFC1542-4.1.1-hops-over-16-discard"};
    c.level = v == Verdict::warn ? "SHOULD" : "MUST";
    c.verdict = v;
    c.reason = reason;
    c.clause = "RFC 1542, section 4.1.1";
    c.duration_us = 1500;
    run.cases.push_back(c);
    return &run.cases.back();
  };
  add("hops", "sixteen-is-relayed", Verdict::pass, "");
  CaseResult* failed =
      add("hops", "seventeen-is-discarded", Verdict::fail, "relayed although discarded was due");
  failed->expected = "nothing";
  failed->observed = "one message\nto server 1";
  failed->difference = "hops 17 18";
  failed->frames = {
      frame(Segment::downlink0, Origin::harness, 1'700'000'000'123'456'789, {"injected"}),
      frame(Segment::uplink, Origin::relay, 1'700'000'000'123'556'789, {"fail", "second, comment"}),
      frame(Segment::downlink1, Origin::relay, 1'700'000'000'123'656'789, {})};
  add("hops", "twenty-is-discarded", Verdict::fail, "relayed although discarded was due");
  add("giaddr", "kept", Verdict::warn, kNasty);
  add("giaddr", "chosen", Verdict::note, "took the first address");
  add("option82", "added", Verdict::skip, "the profile does not offer option82");
  add("option82", "stripped", Verdict::error, "the relay died before its turn");
  add("option82", "kept", Verdict::fail, "cut")->accepted = "known since 2012";
  run.no_longer_deviating = {"hops/was-wrong"};
  run.relay_output = std::string("listening\n") + kNasty + "\n";
  return run;
}

fs::path fresh_directory() {
  const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path dir = fs::path(::testing::TempDir()) / ("relayspec-reports-" + name);
  fs::remove_all(dir);
  return dir;
}

/// Runs a real reader over a file; its status and what it says.
ShellResult ask(const std::string& command) {
  return run_shell({"-c", command}, "", std::chrono::seconds(60));
}

std::string xpath(const fs::path& file, const std::string& expression) {
  std::string answer = ask("xmllint --xpath '" + expression + "' '" + file.string() + "' 2>&1").output;
  while (answer.ends_with('\n')) answer.pop_back();
  return answer;
}

TEST(ResultsJson, FollowsTheSchema) {
  const auto json = nlohmann::json::parse(results_json(made_up_run()));
  EXPECT_EQ(json["schema"], "relayspec/results/1");
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
  EXPECT_EQ(c["id"], "hops/seventeen-is-discarded");
  EXPECT_EQ(c["suite"], "hops");
  EXPECT_EQ(c["requirements"][0], "RFC1542-4.1.1-hops-over-16-discard");
  EXPECT_EQ(c["level"], "MUST");
  EXPECT_EQ(c["verdict"], "fail");
  EXPECT_EQ(c["reason"], "relayed although discarded was due");
  EXPECT_EQ(c["expected"], "nothing");
  EXPECT_EQ(c["observed"], "one message\nto server 1");
  EXPECT_EQ(c["difference"], "hops 17 18");
  EXPECT_EQ(c["clause"], "RFC 1542, section 4.1.1");
  EXPECT_EQ(c["duration_us"], 1500);
  EXPECT_EQ(json["cases"][7]["accepted"], "known since 2012");
  EXPECT_EQ(json["no_longer_deviating"][0], "hops/was-wrong");
}

class JunitFile : public ::testing::Test {
 protected:
  fs::path write(const ReportOptions& options = {}) {
    fs::create_directories(dir_);
    std::ofstream(dir_ / "junit.xml") << junit_xml(made_up_run(), options);
    return dir_ / "junit.xml";
  }
  ~JunitFile() override { fs::remove_all(dir_); }
  fs::path dir_ = fresh_directory();
};

TEST_F(JunitFile, IsWellFormedWhateverTheTextHolds) {
  const ShellResult r = ask("xmllint --noout '" + write().string() + "' 2>&1");
  EXPECT_EQ(r.status, 0) << r.output << " (xmllint is in the package libxml2-utils)";
}

TEST_F(JunitFile, MapsVerdictsToOutcomes) {
  const fs::path file = write();
  EXPECT_EQ(xpath(file, "string(/testsuites/@tests)"), "9");
  EXPECT_EQ(xpath(file, "string(/testsuites/@failures)"), "3");  // two fails and a baseline entry
  EXPECT_EQ(xpath(file, "string(/testsuites/@errors)"), "1");
  EXPECT_EQ(xpath(file, "string(/testsuites/@skipped)"), "1");
  EXPECT_EQ(xpath(file, "count(//failure)"), "3");
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"hops\"]/failure)"), "2");
  EXPECT_EQ(xpath(file, "count(//testsuite[@name=\"baseline\"]/testcase[@name=\"hops/was-wrong\"]/failure)"),
            "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@name=\"added\"]/skipped)"), "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@name=\"stripped\"]/error)"), "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"giaddr\"]/system-out)"), "2");  // warn and note
  EXPECT_THAT(xpath(file, "string(//testcase[@classname=\"option82\"][@name=\"kept\"]/system-out)"),
              HasSubstr("known since 2012"));
  EXPECT_EQ(xpath(file, "string(//testcase[@name=\"seventeen-is-discarded\"]/failure/@message)"),
            "relayed although discarded was due");
  EXPECT_THAT(xpath(file, "string(//testcase[@classname=\"giaddr\"][@name=\"kept\"]/system-out)"),
              HasSubstr("<b>&\"'\\x1b[31m\\x01\uFFFD]]>"));
}

TEST_F(JunitFile, AWarningFailsWhenStrict) {
  const fs::path file = write({.strict = true});
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"giaddr\"][@name=\"kept\"]/failure)"), "1");
  EXPECT_EQ(xpath(file, "string(/testsuites/@failures)"), "4");
}

TEST(Evidence, TsharkReadsInterfacesCommentsTimesAndDirections) {
  const fs::path dir = fresh_directory();
  prepare_report_directory(dir);
  RunResult run = made_up_run();
  write_evidence(run.cases[1], dir);
  EXPECT_EQ(run.cases[1].evidence, "evidence/hops--seventeen-is-discarded.pcapng");
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
                                    HasSubstr("hops/seventeen-is-discarded: fail: relayed although")));
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

TEST(Html, HasEverythingInOneFileAndNothingFromElsewhere) {
  const std::string html = html_report(made_up_run());
  EXPECT_THAT(html, AllOf(HasSubstr("hops/seventeen-is-discarded"), HasSubstr("RFC 1542, section 4.1.1"),
                          HasSubstr("one message\nto server 1"), HasSubstr("prefers-color-scheme: dark"),
                          HasSubstr("known since 2012"), HasSubstr("hops/was-wrong")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("src=")),
                          Not(HasSubstr("<link")), Not(HasSubstr("url("))));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<b>&")), Not(HasSubstr("|</script>")), Not(HasSubstr("\x1b"))));
  EXPECT_LT(html.find("hops/seventeen"), html.find("giaddr/kept"));    // fail before warn
  EXPECT_LT(html.find("giaddr/kept"), html.find("hops/sixteen"));      // warn before pass
  EXPECT_LT(html.find("hops/seventeen"), html.find("option82/kept"));  // news before what is accepted
}

TEST(Markdown, CannotBeBrokenOutOf) {
  const std::string text = summary_markdown(made_up_run());
  EXPECT_THAT(text,
              AllOf(HasSubstr("| hops | 2 |"), HasSubstr("## Failures"),
                    HasSubstr("**hops/twenty-is-discarded**"), HasSubstr("\\<b\\>&"), Not(HasSubstr("<b>"))));
}

TEST(Terminal, SaysWhatFailedFirstAndGroupsTheSameReason) {
  const std::string text = terminal_report(made_up_run(), {.out = "out"});
  EXPECT_THAT(text, HasSubstr("2 cases: relayed although discarded was due"));
  EXPECT_THAT(text, AllOf(HasSubstr("hops/seventeen-is-discarded"), HasSubstr("hops/twenty-is-discarded")));
  EXPECT_LT(text.find("fail "), text.find("error "));
  EXPECT_LT(text.find("error "), text.find("warn "));
  EXPECT_LT(text.find("warn "), text.find("note "));
  EXPECT_LT(text.find("note "), text.find("suite "));
  EXPECT_THAT(text, HasSubstr("8 cases in 0.93 s: 3 fail, 1 error, 1 warn, 1 note, 1 pass, 1 skip (1 "
                              "accepted by the baseline)\n"));
  EXPECT_THAT(text, ::testing::EndsWith("report: out/report.html\n"));
  EXPECT_THAT(text, HasSubstr("hops/was-wrong: no longer deviates"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Terminal, ColourIsOnlyAddedNeverTakenFromTheRelay) {
  RunResult run = made_up_run();
  std::string coloured = terminal_report(run, {.colour = true});
  EXPECT_THAT(coloured, AllOf(HasSubstr("\x1b[1;31mfail"), Not(HasSubstr("'\x1b[31m"))));
  const std::string plain = terminal_report(run);
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, plain);
}

TEST(Terminal, VerboseNamesEveryCase) {
  EXPECT_THAT(terminal_report(made_up_run()), Not(HasSubstr("hops/sixteen-is-relayed")));
  EXPECT_THAT(terminal_report(made_up_run(), {.verbose = true}),
              AllOf(HasSubstr("pass   hops/sixteen-is-relayed"), HasSubstr("option82/added")));
}

TEST(Terminal, NoColourWhereNobodyWantsIt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(wants_colour(ends[1]));
  close(ends[0]);
  close(ends[1]);
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(wants_colour(terminal));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(terminal));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(wants_colour(terminal));
  close(terminal);
}

TEST(Reports, OfNothingSayThatNothingWasRun) {
  const RunResult none{.relay_name = "x", .dialect = "rfc"};
  EXPECT_THAT(terminal_report(none), HasSubstr("no case was run"));
  EXPECT_THAT(summary_markdown(none), HasSubstr("no case was run"));
  EXPECT_THAT(html_report(none), HasSubstr("no case was run"));
  EXPECT_EQ(nlohmann::json::parse(results_json(none))["cases"].size(), 0U);
}

TEST(Files, AreAllWrittenAndOldEvidenceGoes) {
  const fs::path dir = fresh_directory();
  fs::create_directories(dir / "evidence");
  std::ofstream(dir / "evidence" / "old.pcapng") << "x";
  std::ofstream(dir / "evidence" / "mine.txt") << "x";
  prepare_report_directory(dir);
  EXPECT_FALSE(fs::exists(dir / "evidence" / "old.pcapng"));
  EXPECT_TRUE(fs::exists(dir / "evidence" / "mine.txt"));
  write_reports(made_up_run(), dir);
  for (const char* file : {"results.json", "junit.xml", "summary.md", "report.html"}) {
    EXPECT_GT(fs::file_size(dir / file), 0U) << file;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(dir), {}), 5);  // nothing half-written
  fs::remove_all(dir);
}

std::string complaint(const fs::path& dir) {
  try {
    prepare_report_directory(dir);
    write_reports(made_up_run(), dir);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Files, WhatCannotBeWrittenIsOneLineWithTheMend) {
  const fs::path file = fresh_directory();
  std::ofstream(file) << "in the way";
  EXPECT_THAT(complaint(file), AllOf(StartsWith(file.string()), HasSubstr("--out"), Not(HasSubstr("\n"))));
  fs::remove(file);
  EXPECT_THAT(complaint("/proc/relayspec"), StartsWith("/proc/relayspec: cannot be written"));
}

}  // namespace
}  // namespace relayspec
