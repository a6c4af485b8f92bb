// SPDX-License-Identifier: Apache-2.0
// The commands fuzz and replay, from their options to their exit status.
#include <filesystem>
#include <fstream>

#include "harness/cli/commands.h"
#include "harness/cli/fuzz.h"
#include "harness/cli/replay.h"
#include "harness/cli/testing_cases.h"
#include "harness/reports/fuzz.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using toy_cases::captured;
using toy_cases::Said;

class LiveCommands : public ::testing::Test {
 protected:
  LiveCommands() {
    std::string name = (fs::path(::testing::TempDir()) / "relayspec-fuzz-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    const fs::path path = folder / "new.toml";
    std::ofstream(path)
        << "name = \"new\"\nstart = 'exec x'\nfeatures = [\"option82\", \"multi-downlink\"]\n";
    profile = path.string();
  }
  ~LiveCommands() override { fs::remove_all(folder); }

  Said fuzz_it() {
    command.relay = profile;
    return captured([&] {
      return fuzz_command(command, [&](const Profile& p, const FuzzOptions& o, const FuzzWatch&) {
        asked = o;
        result.relay_name = p.name;
        result.dialect = name(o.dialect);
        return result;
      });
    });
  }

  std::string file(const std::string& name, const std::string& content) const {
    const fs::path path = folder / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

  Said replay_it(const std::string& file) {
    ReplayCommandOptions options{.file = file, .relay = profile};
    return captured([&] {
      return replay_command(options, [&](const Profile&, const Capture& c, const ReplayOptions& o) {
        replayed = c;
        how = o;
        return replay_result;
      });
    });
  }

  FuzzFinding finding() const {
    return {.kind = "lost",
            .requirement = "RFC1542-4.1.1-request-relayed",
            .what = "request: lost",
            .settings = "option82",
            .sent = "DISCOVER",
            .packets = 1,
            .octets = 342,
            .features = {"option82"},
            .frames = {{.segment = Segment::downlink0, .origin = Origin::harness, .bytes = Bytes(60, 1)},
                       {.segment = Segment::uplink,
                        .origin = Origin::relay,
                        .bytes = Bytes(61, 2),
                        .comments = {"lost"}}}};
  }

  fs::path folder;
  std::string profile;
  FuzzCommandOptions command;
  FuzzOptions asked;
  FuzzResult result{.packets = 100};
  Capture replayed;
  ReplayOptions how;
  ReplayResult replay_result{.packets = 1};
};

TEST_F(LiveCommands, NothingFoundIsZero) { EXPECT_EQ(fuzz_it().status, conforms); }

TEST_F(LiveCommands, AFindingIsOne) {
  result.findings = {finding()};
  const Said said = fuzz_it();
  EXPECT_EQ(said.status, deviates);
  EXPECT_THAT(said.out, HasSubstr("RFC1542-4.1.1-request-relayed"));
}

TEST_F(LiveCommands, ARelayThatDoesNotStartExitsWith3) {
  result.packets = 0;
  result.trouble = {"relay new (plain) did not get ready"};
  const Said said = fuzz_it();
  EXPECT_EQ(said.status, not_judged);
  EXPECT_THAT(said.err, HasSubstr("did not get ready"));
}

TEST_F(LiveCommands, WithoutALimitItRunsForAMinute) {
  fuzz_it();
  EXPECT_EQ(asked.seconds, 60U);
  EXPECT_THAT(asked.settings, IsEmpty());
}

TEST_F(LiveCommands, FeaturesMakeOneSet) {
  command.features = {"option82"};
  command.packets = 7;
  fuzz_it();
  EXPECT_EQ(asked.seconds, std::nullopt);
  ASSERT_EQ(asked.settings.size(), 1U);
  EXPECT_TRUE(asked.settings[0].option82);
}

TEST_F(LiveCommands, AFeatureThatTheProfileLacksIsWrongInput) {
  command.features = {"vss"};
  EXPECT_THROW(fuzz_it(), InputError);
}

TEST_F(LiveCommands, ACaptureOfAFindingSaysHowItWasFound) {
  command.out = (folder / "out").string();
  result.findings = {finding()};
  fuzz_it();
  const fs::path capture = folder / "out" / "findings" / "lost--1.pcapng";
  ASSERT_TRUE(fs::exists(capture));
  EXPECT_TRUE(fs::exists(folder / "out" / "fuzz.json"));
  EXPECT_TRUE(fs::exists(folder / "out" / "fuzz.html"));
  replay_it(capture.string());
  EXPECT_TRUE(replayed.own);
  EXPECT_TRUE(how.settings.option82);
  EXPECT_EQ(how.dialect, Dialect::rfc);
  ASSERT_EQ(replayed.frames.size(), 2U);
  EXPECT_EQ(replayed.frames[0].segment, Segment::downlink0);
  EXPECT_EQ(replayed.frames[0].origin, Origin::harness);
  EXPECT_EQ(replayed.frames[0].bytes, Bytes(60, 1));
  EXPECT_EQ(replayed.frames[1].origin, Origin::relay);
  EXPECT_EQ(replayed.frames[1].comments, std::vector<std::string>{"lost"});
}

TEST_F(LiveCommands, ReplayEndsWithOneForADeviation) {
  replay_result.findings = {
      {1, "DISCOVER", "lost", "RFC1542-4.1.1-request-relayed", "the request", "nothing"}};
  const Said said = replay_it(file("a.pcapng", finding_capture(finding(), "rfc")));
  EXPECT_EQ(said.status, deviates);
  EXPECT_THAT(said.out, HasSubstr("RFC 1542, section 4.1.1"));
  replay_result.findings.clear();
  EXPECT_EQ(replay_it(file("a.pcapng", finding_capture(finding(), "rfc"))).status, conforms);
}

TEST_F(LiveCommands, ReplayRefusesWhatIsNoCapture) {
  EXPECT_THROW(replay_it((folder / "missing").string()), InputError);
  EXPECT_THROW(replay_it(folder.string()), InputError);
  EXPECT_THROW(replay_it(file("empty", "")), InputError);
  EXPECT_THROW(replay_it(file("text", "no capture at all, but long enough for a header")), InputError);
}

TEST_F(LiveCommands, ReplayRefusesACaptureWithoutDhcp) {
  replay_result.packets = 0;
  EXPECT_THROW(replay_it(file("a.pcapng", finding_capture(finding(), "rfc"))), InputError);
}

TEST_F(LiveCommands, ACaptureThatIsCutShortIsReadAsFarAsItGoes) {
  const std::string whole = finding_capture(finding(), "rfc");
  replay_it(file("cut.pcapng", whole.substr(0, whole.size() - 20)));
  EXPECT_EQ(replayed.frames.size(), 1U);
  EXPECT_THAT(replayed.remarks, ElementsAre(HasSubstr("cut short")));
}

}  // namespace
}  // namespace relayspec
