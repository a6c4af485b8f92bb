// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "harness/lab/testing.h"
#include "harness/lab/testing_processes.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

class RelayProcessTest : public LabTest {
 protected:
  // Runs a script to its end; what it said.
  std::string output_of(const std::string& script, const std::map<std::string, std::string>& files = {}) {
    Lab lab;
    RelayProcess relay(lab, {script, {{"RELAY_UPLINK", "uplink0"}}, files});
    EXPECT_EQ(wait_for_end(lab, relay), "exited with status 0") << relay.output();
    return relay.output();
  }
};

// Waits until the relay has said a word.
void wait_for_word(RelayProcess& relay, const std::string& word) {
  const auto deadline = soon();
  while (relay.output().find(word) == std::string::npos) {
    ASSERT_LT(Clock::now(), deadline) << relay.output();
    ASSERT_FALSE(relay.ended()) << *relay.ended() << relay.output();
    std::this_thread::yield();
  }
}

TEST_F(RelayProcessTest, TellsHowItEnded) {
  Lab lab;
  const auto end_of = [&](const std::string& script) {
    RelayProcess relay(lab, {script, {}, {}});
    return wait_for_end(lab, relay);
  };
  EXPECT_EQ(end_of("exit 0"), "exited with status 0");
  EXPECT_EQ(end_of("exit 3"), "exited with status 3");
  EXPECT_EQ(end_of("false; exit 0"), "exited with status 1") << "sh -e";
  EXPECT_EQ(end_of("exec /no/such/relay"), "exited with status 127");
  EXPECT_EQ(end_of("kill -SEGV $$"), "was killed by SIGSEGV");
  EXPECT_EQ(end_of("kill -ABRT $$"), "was killed by SIGABRT");
  EXPECT_EQ(end_of("kill -KILL $$"), "was killed by SIGKILL");
}

TEST_F(RelayProcessTest, IsStartedWithoutAShellWhereThatChangesNothing) {
  EXPECT_EQ(output_of("exec echo  two   words\n"), "two words\n");
  EXPECT_EQ(output_of("exec cat /proc/self/comm"), "cat\n");
  EXPECT_EQ(output_of("exec echo $RELAY_UPLINK"), "uplink0\n");
  EXPECT_EQ(output_of("exec echo 'two   words'"), "two   words\n");
  EXPECT_EQ(output_of("exec echo first\necho second"), "first\n");
  EXPECT_EQ(output_of("exec printenv RELAY_UPLINK"), "uplink0\n");
  Lab lab;
  RelayProcess missing(lab, {"exec no-such-relay --downlink here", {}, {}});
  EXPECT_EQ(wait_for_end(lab, missing), "exited with status 127");
  EXPECT_NE(missing.output().find("no-such-relay"), std::string::npos) << missing.output();
}

TEST_F(RelayProcessTest, EndsWithItsLastWordsKept) {
  Lab lab;
  RelayProcess relay(lab, {"echo to stdout; echo cannot bind >&2; exit 1", {}, {}});
  EXPECT_EQ(wait_for_end(lab, relay), "exited with status 1");
  EXPECT_EQ(relay.output(), "to stdout\ncannot bind\n");
  EXPECT_TRUE(lab.receive(Clock::now() + 60s, relay.wake_fd()).empty())
      << "and the descriptor stays readable";
}

TEST_F(RelayProcessTest, LivesInTheRelaysNetwork) {
  const std::string devices = output_of("cat /proc/net/dev; cat /sys/class/net/$RELAY_UPLINK/address");
  for (const Segment s : all_segments)
    EXPECT_NE(devices.find(interface_name(s)), std::string::npos) << devices;
  EXPECT_NE(devices.find(relay_mac(Segment::uplink).to_string()), std::string::npos) << devices;
  EXPECT_EQ(devices.find("eth0"), std::string::npos) << devices;
}

TEST_F(RelayProcessTest, InheritsNothingButWhatItIsGiven) {
  ::setenv("RELAYSPEC_LEAK", "1", 1);
  EXPECT_EQ(output_of("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort"),
            "HOME=/root\nLANG=C.UTF-8\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
            "RELAY_UPLINK=uplink0\nTMPDIR=/run/tmp\n");
  // Among what must not get through: a namespace's descriptor, with which the lab would outlive the run.
  const int leak = ::dup(1);  // without close-on-exec
  EXPECT_EQ(output_of("ls /proc/$$/fd"), "0\n1\n2\n");
  ::close(leak);
  EXPECT_EQ(output_of("cat; umask; pwd"), "0022\n/\n");
  EXPECT_EQ(output_of("exec grep -e SigBlk -e SigIgn /proc/self/status"),
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(RelayProcessTest, SeesItsOwnProcessesAlone) {
  EXPECT_EQ(output_of("set -- /proc/[0-9]*; echo $*"), "/proc/1 /proc/2\n");
}

TEST_F(RelayProcessTest, CanBeAProgramUnderTmp) {
  char directory[] = "/tmp/relayspec-lab-test-XXXXXX";
  ASSERT_NE(::mkdtemp(directory), nullptr);
  const std::string program = std::string(directory) + "/relay";
  std::ofstream(program) << "#!/bin/sh\necho started; echo changed > $0\n";
  ::chmod(program.c_str(), 0755);
  EXPECT_EQ(output_of("exec " + program), "started\n");
  EXPECT_EQ(fs::file_size(program), 42U) << "and what it writes there is its own";
  fs::remove_all(directory);
}

TEST_F(RelayProcessTest, HasTheProfilesFilesLaidOver) {
  const auto said = output_of(
      "cat /etc/hostname /etc/hosts /etc/relayspec-test/deep/new.conf /etc/relayspec-new.conf; "
      "cat /run/x/y /var/run/z /tmp/relayspec-laid-over /var/lib/misc/l",
      {{"/etc/hosts", "a\n"},
       {"/etc/hostname", "b\n"},
       {"/etc/relayspec-test/deep/new.conf", "c\n"},
       {"/etc/relayspec-new.conf", "d\n"},
       {"/run/x/y", "e\n"},
       {"/var/run/z", "f\n"},
       {"/tmp/relayspec-laid-over", "g\n"},
       {"/var/lib/misc/l", "h\n"}});
  EXPECT_EQ(said, "b\na\nc\nd\ne\nf\ng\nh\n");
  EXPECT_FALSE(fs::exists("/etc/relayspec-test"));
  EXPECT_FALSE(fs::exists("/etc/relayspec-new.conf"));
  EXPECT_FALSE(fs::exists("/tmp/relayspec-laid-over"));
}

TEST_F(RelayProcessTest, SaysWhichFileCannotBeLaidOver) {
  Lab lab;
  const auto error_of = [&](const std::string& path) -> std::string {
    try {
      RelayProcess relay(lab, {"exit 0", {}, {{path, "text"}}});
    } catch (const LabError& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(error_of("relative.conf"), "a profile's file needs an absolute path: relative.conf");
  EXPECT_EQ(error_of("/etc"),
            "cannot lay the profile's file /etc over the relay's file system: something else than a "
            "file is there");
  EXPECT_NE(error_of("/proc/relayspec-test.conf")
                .find("/proc cannot be made private here; take a path below /run or /tmp"),
            std::string::npos);
}

TEST_F(RelayProcessTest, GoesWhenAskedTo) {
  Lab lab;
  RelayProcess relay(lab, {"trap 'echo bye; exit 5' TERM; echo ready; tail -f /dev/null & wait", {}, {}});
  wait_for_word(relay, "ready");
  EXPECT_EQ(relay.ended(), std::nullopt);
  EXPECT_TRUE(relay.stop(10s));
  EXPECT_EQ(relay.ended(), "exited with status 5");
  EXPECT_EQ(relay.output(), "ready\nbye\n");
}

TEST_F(RelayProcessTest, IsKilledWhenItIgnoresTheRequest) {
  Lab lab;
  RelayProcess relay(lab, {"trap '' TERM HUP INT QUIT; echo ready; while :; do :; done", {}, {}});
  wait_for_word(relay, "ready");
  EXPECT_FALSE(relay.stop(50ms));
  EXPECT_EQ(relay.ended(), "was killed by SIGKILL");
}

// A port that the kernel has picked is another one after each start.
TEST_F(RelayProcessTest, ShowsItsSocketsWithoutEphemeralPorts) {
  Lab lab;
  RelayProcess relay(lab, {"exec bash -c 'exec 3<>/dev/udp/127.0.0.1/9; echo ready; read -u 3'", {}, {}});
  wait_for_word(relay, "ready");
  EXPECT_EQ(relay.sockets(), std::vector<std::string>{"udp 0100007F"});
}

TEST_F(RelayProcessTest, NeedsNoMemoryForAGigabyteOfOutput) {
  Lab lab;
  RelayProcess relay(lab, {"head -c 1073741824 /dev/zero; echo the end", {}, {}});
  EXPECT_EQ(wait_for_end(lab, relay), "exited with status 0");
  const std::string output = relay.output();
  EXPECT_EQ(output.substr(0, output.find('\n')),
            fmt::format("[{} octets of earlier output are not kept]", 1073741824 + 8 - 65536));
  EXPECT_EQ(output.size(), output.find('\n') + 1 + 65536);
  EXPECT_EQ(output.substr(output.size() - 9), std::string("\0the end\n", 9));
}

TEST_F(RelayProcessTest, TakesAlongWhatItForked) {
  Lab lab;
  std::vector<Fd> processes;
  {
    const char* script =
        "trap '' TERM; for i in 1 2 3; do (setsid tail -f /dev/null &) done; tail -f /dev/null & echo ready; "
        "wait";
    RelayProcess relay(lab, {script, {}, {}});
    wait_for_word(relay, "ready");
    processes = watch(descendants(::getpid()));
    EXPECT_GE(processes.size(), 6U);
    EXPECT_EQ(still_alive(processes, 0ms), processes.size());
  }
  EXPECT_EQ(still_alive(processes, 0ms), 0U) << "the destructor has waited for the end of all";
}

TEST_F(RelayProcessTest, HasEndedWhenItGoesToTheBackground) {
  Lab lab;
  RelayProcess relay(lab, {"tail -f /dev/null & exit 0", {}, {}});
  EXPECT_EQ(wait_for_end(lab, relay), "exited with status 0");
}

}  // namespace
}  // namespace relayspec
