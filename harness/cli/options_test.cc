// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/options.h"

#include <gmock/gmock.h>

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Options>
Options options_of(const std::string& line) {
  CLI::App command;
  Options options;
  declare(command, options);
  command.parse(line, false);
  return options;
}

template <class Options>
std::string refusal_of(const std::string& line) {
  try {
    options_of<Options>(line);
  } catch (const CLI::ParseError& e) {
    return e.what();
  }
  return "";
}

TEST(RunOptions, HaveDefaults) {
  const auto o = options_of<RunOptions>("");
  EXPECT_EQ(o.relay, "reference");
  EXPECT_EQ(o.dialect, "rfc");
  EXPECT_EQ(o.baseline + o.out, "");
  EXPECT_THAT(o.suites, IsEmpty());
  EXPECT_THAT(o.patterns, IsEmpty());
  EXPECT_FALSE(o.strict || o.verbose);
  EXPECT_EQ(o.repeat, 1U);
  EXPECT_GE(o.jobs, 2U);
  EXPECT_LE(o.jobs, 8U);
}

TEST(RunOptions, AreRead) {
  const auto o = options_of<RunOptions>(
      "--relay ./x.toml --dialect proxy --suite hops --suite giaddr --case 'hops/*' --case x --strict "
      "--verbose --baseline b.toml --out folder --jobs 3 --repeat 5");
  EXPECT_EQ(o.relay, "./x.toml");
  EXPECT_EQ(o.dialect, "proxy");
  EXPECT_THAT(o.suites, ElementsAre("hops", "giaddr"));
  EXPECT_THAT(o.patterns, ElementsAre("hops/*", "x"));
  EXPECT_TRUE(o.strict && o.verbose);
  EXPECT_EQ(o.baseline, "b.toml");
  EXPECT_EQ(o.out, "folder");
  EXPECT_EQ(o.jobs, 3U);
  EXPECT_EQ(o.repeat, 5U);
}

TEST(RunOptions, RefuseWhatIsWrong) {
  EXPECT_EQ(refusal_of<RunOptions>("--dialect loose"), "--dialect: loose not in {rfc,strict,proxy}");
  EXPECT_EQ(refusal_of<RunOptions>("--jobs 0"), "--jobs: give a number from 1 to 64, not '0'");
  for (const char* number : {"0x10", "+4", "4.0", "1e1", "010x", "-1"})
    EXPECT_NE(refusal_of<RunOptions>(std::string("--jobs ") + number), "") << number;
  for (const char* option : {"--relay", "--baseline", "--out"})
    EXPECT_NE(refusal_of<RunOptions>(std::string(option) + " ''"), "") << option;
  EXPECT_NE(refusal_of<RunOptions>("--jobs 65"), "");
  EXPECT_NE(refusal_of<RunOptions>("--repeat 0"), "");
  EXPECT_NE(refusal_of<RunOptions>("--frob"), "");
  EXPECT_NE(refusal_of<RunOptions>("--suite hops giaddr"), "") << "one suite for each --suite";
}

TEST(LabOptions, TakeTheRestAsACommand) {
  const auto o =
      options_of<LabOptions>("--relay x --feature option82 --feature max-hops=4 -- tcpdump -ni eth0");
  EXPECT_EQ(o.relay, "x");
  EXPECT_THAT(o.features, ElementsAre("option82", "max-hops=4"));
  EXPECT_THAT(o.command, ElementsAre("tcpdump", "-ni", "eth0"));
}

TEST(ListOptions, KnowTheirFormats) {
  const auto o = options_of<ListOptions>("--suite hops --format json");
  EXPECT_THAT(o.suites, ElementsAre("hops"));
  EXPECT_EQ(o.format, "json");
  EXPECT_EQ(options_of<ListOptions>("").format, "text");
  EXPECT_EQ(refusal_of<ListOptions>("--format xml"), "--format: xml not in {text,json}");
}

TEST(CompareOptions, AFeatureBelongsToTheRelayInFrontOfIt) {
  const auto o = options_of<CompareOptions>(
      "one --feature option82 --feature max-hops=4 two --reference three --feature secs --stimuli 7 --seed "
      "3");
  ASSERT_EQ(o.relays.size(), 2U);
  EXPECT_EQ(o.relays[0].relay, "one");
  EXPECT_THAT(o.relays[0].features, ElementsAre("option82", "max-hops=4"));
  EXPECT_EQ(o.relays[1].relay, "two");
  EXPECT_THAT(o.relays[1].features, IsEmpty());
  EXPECT_EQ(o.reference.relay, "three");
  EXPECT_THAT(o.reference.features, ElementsAre("secs"));
  EXPECT_EQ(o.stimuli, 7U);
  EXPECT_EQ(o.seed, 3U);
  EXPECT_EQ(options_of<CompareOptions>("one").reference.relay, "reference");
}

TEST(CompareOptions, AreRefused) {
  EXPECT_THAT(refusal_of<CompareOptions>(""), ::testing::HasSubstr("RELAY is required"));
  EXPECT_THAT(refusal_of<CompareOptions>("--feature option82 one"), ::testing::HasSubstr("behind the relay"));
  EXPECT_NE(refusal_of<CompareOptions>("one --stimuli -1"), "");
}

}  // namespace
}  // namespace relayspec
