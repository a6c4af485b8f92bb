// SPDX-License-Identifier: Apache-2.0
// Relays that do to the toolkit whatever a broken or hostile program can do. Each gets its verdict or one
// clear line, and the right exit status; afterwards nothing of it runs any more.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>

#include "testsuites/hostile/toolkit.h"

namespace relayspec {
namespace {

using testing::AnyOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

// Leaves in "$@" what starts the reference relay.
const std::string command_of_relay = R"(
set -- relayspec-relay --uplink "$RELAY_UPLINK"
for downlink in $RELAY_DOWNLINKS; do set -- "$@" --downlink "$downlink"; done
for server in $RELAY_SERVERS; do set -- "$@" --server "$server"; done
)";

class HostileRelay : public testing::Test {
 protected:
  ~HostileRelay() override {
    EXPECT_THAT(left_behind(), IsEmpty());
    std::filesystem::remove(path_);
  }

  /// The arguments of a run over a few cases, with the relay that this script starts.
  std::vector<std::string> arguments(const std::string& start, int start_timeout_ms = 10000,
                                     const std::string& cases = "hops/*") {
    std::ofstream(path_)
        << "name = 'hostile'\ntitle = 'hostile'\nversion = 'echo 1'\nfeatures = ['multi-downlink']\n"
        << "start_timeout_ms = " << start_timeout_ms << "\nstart = '''" << command_of_relay << start
        << "\n'''\n";
    return {"run", "--relay", path_.string(), "--case", cases};
  }

  Ended run(const std::string& start, int start_timeout_ms = 10000) {
    return relayspec(arguments(start, start_timeout_ms));
  }

  /// Some fifty cases one after the other, for what needs a few of them to show. What begins with the first
  /// request needs several rounds: on a busy machine all cases may be done before its process gets a turn.
  Ended run_many(const std::string& start, int rounds = 1) {
    auto many = arguments(start, 10000, "*");
    for (const char* suite : {"dora", "delivery", "hops"}) many.insert(many.end(), {"--suite", suite});
    many.insert(many.end(), {"--jobs", "1", "--repeat", std::to_string(rounds)});
    return relayspec(many);
  }

  Ended run_runts(const std::string& start) {
    return relayspec(arguments(start, 10000, "malformed/requests-without-all-fixed-fields-are-dropped"));
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("relayspec-hostile-" + std::to_string(::getpid()) + ".toml");
};

/// The terminal report as one line per paragraph: it breaks lines at 80 columns.
std::string unwrapped(const std::string& report) {
  return std::regex_replace(report, std::regex("\n +"), " ");
}

void expect_not_judged(const Ended& ended, const std::string& line) {
  EXPECT_EQ(ended.status, 3) << ended.out;
  EXPECT_EQ(ended.err, "relayspec: relay hostile (plain) did not get ready: " + line + "\n");
}

TEST_F(HostileRelay, WithNothingWrongPasses) {
  const Ended ended = run(R"(exec "$@")");
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_EQ(ended.err, "");
}

TEST_F(HostileRelay, ExitsAtOnce) {
  expect_not_judged(run("echo 'no such link'; exit 3"), "it exited with status 3; it printed: no such link");
}

TEST_F(HostileRelay, IsNotInstalled) {
  expect_not_judged(run("exec no-such-relay"),
                    "it exited with status 127; it printed: sh: 4: exec: no-such-relay: not found");
}

TEST_F(HostileRelay, GoesToTheBackground) {
  expect_not_judged(run(R"("$@" 2>/dev/null &)"),
                    "it exited with status 0, and has to stay in the foreground; it printed nothing");
}

TEST_F(HostileRelay, CrashesAtOnce) {
  expect_not_judged(run("kill -SEGV $$"), "it was killed by SIGSEGV; it printed nothing");
}

TEST_F(HostileRelay, NeverGetsReady) {
  expect_not_judged(run("exec sleep 1000", 300),
                    "no barrier came through within 300 ms (start_timeout_ms); it printed nothing");
}

TEST_F(HostileRelay, FloodsFromTheStart) {
  expect_not_judged(run("exec relayspec-hostile flood uplink0"),
                    "it floods the network with frames; it printed nothing");
}

TEST_F(HostileRelay, FloodsLater) {
  const Ended ended =
      run_many(R"(exec relayspec-hostile upon downlink0 'exec relayspec-hostile flood uplink0' "$@")", 10);
  EXPECT_EQ(ended.status, 1) << ended.out << ended.err;
  EXPECT_THAT(unwrapped(ended.out), HasSubstr("the relay floods the network with frames"));
}

TEST_F(HostileRelay, BabblesInsteadOfRelaying) {
  const Ended ended = run("exec relayspec-hostile babble downlink0 downlink1 uplink0", 300);
  EXPECT_THAT(ended.status, AnyOf(1, 3))
      << ended.out;  // chance decides whether it passes for a relay that is up
}

TEST_F(HostileRelay, BabblesBesideRelaying) {
  const Ended ended = run_many(R"("$@" & exec relayspec-hostile babble downlink0 downlink1 uplink0)");
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, ContainsRegex("fail +[A-Z0-9.-]+[A-Za-z0-9.-]+ +(unexpected|late) [A-Z]+"));
}

TEST_F(HostileRelay, LeavesProcessesBehind) {
  const Ended ended = run(R"(
    for n in 1 2 3 4 5; do setsid sh -c 'trap "" TERM INT HUP; sleep 1000 & sleep 1000' & done
    exec "$@")");
  EXPECT_EQ(ended.status, 0) << ended.out;
}

TEST_F(HostileRelay, WritesAGigabyte) {
  const Ended ended = run(R"(head -c 1000000000 /dev/zero; exec "$@")");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(
      ended.err,
      "relayspec: note: relay hostile wrote more than 16 MiB to stdout and stderr; the last of it is kept\n");
  EXPECT_LT(ended.out.size(), 100'000);
}

TEST_F(HostileRelay, WritesWithoutEnd) {
  const Ended ended = run(R"(yes >&2 & exec "$@")");
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(HostileRelay, IgnoresSigterm) {
  const Ended ended = run(R"(trap '' TERM; "$@" & while :; do wait; done)");
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_EQ(ended.err, "relayspec: note: relay hostile did not end within 1 s of SIGTERM and was killed\n");
}

TEST_F(HostileRelay, CrashesInMidRun) {
  const Ended ended = run_runts("exec relayspec-faulty --fault crash-on-runt");
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(unwrapped(ended.out), HasSubstr("the relay was killed by SIG"));
}

TEST_F(HostileRelay, HangsInMidRun) {
  const Ended ended = run_runts("exec relayspec-faulty --fault hang-on-runt");
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(unwrapped(ended.out), HasSubstr("the relay stopped relaying"));
}

TEST_F(HostileRelay, DoesNotStartWithALinkDown) {
  const std::string refuses =
      R"(ip -o link show dev downlink1 | grep -q ',UP' || { echo 'downlink1 is down'; exit 1; }; exec "$@")";
  const Ended ended =
      relayspec(arguments(refuses, 10000, "lifecycle/downlink-that-is-down-at-the-start-is-served-later"));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(unwrapped(ended.out),
              ContainsRegex("warn +IF-flap +nothing comes through a relay that is started"));
}

TEST_F(HostileRelay, TakesItsLinksAway) {
  // In several rounds, since on a busy machine the mischief may come behind the last case of one.
  const Ended ended = run_many(R"(exec relayspec-hostile upon downlink0 'ip link del uplink0' "$@")", 4);
  EXPECT_EQ(ended.status, 3) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("--uplink uplink0: no such interface"));
}

class Interrupted : public HostileRelay, public testing::WithParamInterface<int> {};

// However the toolkit itself ends, nothing is left behind.
TEST_P(Interrupted, LeavesNothing) {
  Toolkit toolkit(arguments(R"(setsid sleep 1000 & exec sleep 1000)", 60000));
  toolkit.await_relay();
  ::kill(toolkit.pid(), GetParam());
  EXPECT_EQ(toolkit.wait().status, -GetParam());
}

INSTANTIATE_TEST_SUITE_P(BySignal, Interrupted, testing::Values(SIGINT, SIGTERM, SIGHUP, SIGKILL));

}  // namespace
}  // namespace relayspec
