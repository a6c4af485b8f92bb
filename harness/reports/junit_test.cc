// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <map>

#include "harness/reports/testing.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;

std::string xpath(const fs::path& file, const std::string& expression) {
  std::string answer = ask("xmllint --xpath '" + expression + "' '" + file.string() + "' 2>&1").output;
  while (answer.ends_with('\n')) answer.pop_back();
  return answer;
}

class JunitFile : public ::testing::Test {
 protected:
  fs::path write(const ReportOptions& options = {}, const RunResult& run = made_up_run()) {
    fs::create_directories(dir_);
    std::ofstream(dir_ / "junit.xml") << junit_xml(run, options);
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
  EXPECT_EQ(xpath(file, "sum(//testsuite/@skipped)"), "1");
  EXPECT_EQ(xpath(file, "count(//failure)"), "3");
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"hops\"]/failure)"), "2");
  EXPECT_EQ(xpath(file, "count(//testsuite[@name=\"baseline\"]/testcase[@name=\"hops/was-wrong\"]/failure)"),
            "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@name=\"added\"]/skipped)"), "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@name=\"stripped\"]/error)"), "1");
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"giaddr\"]/system-out)"), "2");  // warn and note
  EXPECT_THAT(xpath(file, "string(//testcase[@classname=\"option82\"][@name=\"kept\"]/system-out)"),
              HasSubstr("known since 2012"));
  EXPECT_EQ(xpath(file, "string(//testcase[@name=\"17-is-discarded\"]/failure/@message)"),
            "relayed although discarded was due");
  EXPECT_THAT(xpath(file, "string(//testcase[@classname=\"giaddr\"][@name=\"kept\"]/system-out)"),
              HasSubstr("<b>&\"'\\x1b[31m\\x01\uFFFD]]>"));
}

// Or a job whose status is 1 would have no test that failed.
TEST_F(JunitFile, WhatIsSkippedOtherwiseThanInTheBaselineFails) {
  const fs::path file = write({}, made_up_run_with_other_skips());
  EXPECT_EQ(xpath(file, "string(/testsuites/@tests)"), "10");
  EXPECT_EQ(xpath(file, "string(/testsuites/@failures)"), "5");
  EXPECT_EQ(xpath(file, "count(//failure)"), "5");
  EXPECT_EQ(xpath(file, "sum(//testsuite/@skipped)"), "0");
  EXPECT_EQ(xpath(file, "string(//testcase[@name=\"added\"]/failure/@type)"), "baseline");
  EXPECT_THAT(xpath(file, "string(//testcase[@name=\"added\"]/failure/@message)"),
              HasSubstr("does not list it: the profile does not offer option82"));
  EXPECT_EQ(xpath(file, "count(//testsuite[@name=\"baseline\"]/testcase[@name=\"hops/1*\"]/failure)"), "1");
}

// What Jenkins takes: its schema is strict about attributes and about what stands in what.
TEST_F(JunitFile, HasNothingThatAStrictReaderRefuses) {
  const fs::path file = write();
  const std::map<std::string, std::vector<std::string>> attributes = {
      {"testsuites", {"name", "tests", "failures", "errors", "time"}},
      {"testsuite", {"name", "tests", "failures", "errors", "skipped", "time"}},
      {"testcase", {"name", "classname", "time"}},
      {"property", {"name", "value"}},
      {"failure", {"type", "message"}},
      {"error", {"type", "message"}},
      {"skipped", {"message"}}};
  for (const auto& [element, names] : attributes) {
    EXPECT_NE(xpath(file, "count(//" + element + ")"), "0") << element;
    std::string known = "false()";
    for (const std::string& name : names) known += " or name()=\"" + name + "\"";
    EXPECT_EQ(xpath(file, "count(//" + element + "/@*[not(" + known + ")])"), "0") << element;
  }
  EXPECT_EQ(xpath(file, "count(/testsuites/*[not(self::testsuite)])"), "0");
  EXPECT_EQ(xpath(file, "count(//testsuite/*[not(self::properties or self::testcase)])"), "0");
  EXPECT_EQ(
      xpath(file,
            "count(//testcase/*[not(self::failure or self::error or self::skipped or self::system-out)])"),
      "0");
  EXPECT_EQ(xpath(file, "count(//properties/*[not(self::property)])"), "0");
  EXPECT_EQ(xpath(file, "count(//testsuite/@time[not(number(.) >= 0)])"), "0");
}

TEST_F(JunitFile, AWarningFailsWhenStrict) {
  const fs::path file = write({.strict = true});
  EXPECT_EQ(xpath(file, "count(//testcase[@classname=\"giaddr\"][@name=\"kept\"]/failure)"), "1");
  EXPECT_EQ(xpath(file, "string(/testsuites/@failures)"), "4");
}

TEST_F(JunitFile, HasEachDeviationAsAPropertyOfTheSuiteOfItsExample) {
  const fs::path file = write();
  EXPECT_EQ(xpath(file, "count(//property)"), "3");
  EXPECT_EQ(
      xpath(file, "string(//testsuite[@name=\"hops\"]/properties/property[@name=\"deviation.1\"]/@value)"),
      "fail RFC1542-4.1.1-hops-over-16-discard (MUST, RFC 1542, section 4.1.1): relayed although discarded "
      "was due: hops; expected 16 at most; observed 18; cases hops/17-is-discarded, "
      "hops/20-is-discarded");
  EXPECT_EQ(xpath(file, "count(//testsuite[@name=\"giaddr\"]/properties/property)"), "1");
  EXPECT_THAT(xpath(file, "string(//testsuite[@name=\"option82\"]//property/@value)"),
              HasSubstr("accepted by the baseline: known since 2012"));
}

}  // namespace
}  // namespace relayspec
