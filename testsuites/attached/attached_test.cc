// SPDX-License-Identifier: Apache-2.0
// The verdicts on a relay that is attached to are those on the same relay in the lab.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Attached : public ::testing::Test {
 protected:
  Attached() {
    std::string pattern = (fs::temp_directory_path() / "attached-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    relayspec_ = fs::path(RELAYSPEC);
  }
  ~Attached() override { fs::remove_all(folder_); }

  /// The status of a shell command in the test's folder; what it writes is in `output`.
  int shell(const std::string& command) {
    const fs::path out = folder_ / "output";
    const std::string line =
        fmt::format("cd '{}' && PATH='{}':$PATH && {{ {}; }} >'{}' 2>&1", folder_.string(),
                    relayspec_.parent_path().string(), command, out.string());
    const int status = std::system(line.c_str());  // NOLINT(*-system): the command is the test's own
    output = read(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int beside_a_relay(const std::string& command) {
    write("command.sh", command);
    return shell(fmt::format("'{}' bash -e command.sh", AROUND_A_RELAY));
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  void write_start_script(const std::string& relay) {
    write("start.sh", load_profile(fmt::format("{}/{}.toml", RELAYS, relay)).start);
  }
  /// A profile that is attached by the namespace `netns` to the relay of around-a-relay.
  void write_profile(const std::string& features, const std::string& netns, const std::string& more = "") {
    write("attached.toml", fmt::format(R"(
name = "attached"
features = [{}]
max_hops_default = 4
[attach]
downlinks          = ["c0", "c1"]
uplink             = "s0"
netns              = "{}"
downlink_addresses = ["10.1.0.254/24", "10.2.0.1/24"]
uplink_address     = "10.9.0.1/24"
{}
)",
                                       features, netns, more));
  }
  /// `configure`, `restart` and `inspect` by run-relay.
  std::string means() const {
    return fmt::format(R"(
servers   = ["10.9.0.77", "10.9.0.2", "10.9.0.3", "10.9.0.4"]
configure = "cd '{0}'; env | grep '^RELAY_' | sed \"s/=/='/; s/$/'/; s/^/export /\" >variables; '{1}' start.sh"
restart   = "cd '{0}'; . ./variables; '{1}' start.sh"
inspect   = '''
  cd '{0}'
  awk '/^Private/ {{ sum += $2 }} END {{ print "memory", sum * 1024 }}' /proc/$(cat pid)/smaps_rollup
  echo descriptors $(ls /proc/$(cat pid)/fd | wc -l)
''')",
                       folder_.string(), RUN_RELAY);
  }

  /// The same by the serial port of the virtual machine in the folder `vm`.
  std::string means_of_the_machine() const {
    return fmt::format(R"(
servers   = ["10.9.0.77", "10.9.0.2", "10.9.0.3", "10.9.0.4"]
configure = "cd '{0}'; env | grep '^RELAY_' | sed \"s/=/='/; s/$/'/; s/^/export /\" >variables; '{1}/start-relay' vm start.sh"
restart   = "cd '{0}'; . ./variables; '{1}/start-relay' vm start.sh"
inspect   = "'{1}/in-vm' '{0}/vm' <'{0}/inspect.sh'")",
                       folder_.string(), VM);
  }

  std::map<std::string, nlohmann::json> cases_of(const std::string& report) const {
    std::map<std::string, nlohmann::json> all;
    const auto results = nlohmann::json::parse(read(folder_ / report / "results.json"), nullptr, false);
    if (results.is_discarded()) return all;
    for (const auto& one : results["cases"]) all[one["id"]] = one;
    return all;
  }
  nlohmann::json comparison_of(const std::string& report) const {
    return nlohmann::json::parse(read(folder_ / report / "compare.json"));
  }
  /// How many cases of an attached run were judged; each as in the lab.
  std::size_t judged_as_in_the_lab(const std::string& attached, const std::string& lab) const {
    std::size_t judged = 0;
    const auto in_lab = cases_of(lab);
    for (const auto& [id, one] : cases_of(attached)) {
      if (one["verdict"] == "skip") continue;
      ++judged;
      EXPECT_EQ(one["verdict"], in_lab.at(id)["verdict"]) << id << ": " << one["reason"];
    }
    return judged;
  }

  std::string output;
  fs::path folder_, relayspec_;
};

TEST_F(Attached, ToARelayThatScriptsSet) {
  write_start_script("reference");
  std::string features;
  for (const std::string& feature : load_profile(RELAYS "/reference.toml").features)
    features += fmt::format("\"{}\", ", feature);
  write_profile(features, "sides", means());
  for (const char* dialect : {"rfc", "proxy"}) {
    ASSERT_EQ(shell(fmt::format("relayspec run --dialect {} --out lab", dialect)), 0) << output;
    EXPECT_EQ(beside_a_relay(
                  fmt::format("relayspec run --relay ./attached.toml --dialect {} --out attached", dialect)),
              0)
        << output;
    EXPECT_GT(judged_as_in_the_lab("attached", "lab"), 370U) << dialect;
  }
}

TEST_F(Attached, ToARelayAsItIsByTheProcessOfItsNamespace) {
  write_start_script("reference");
  write_profile("\"multi-downlink\"", "pid:PROCESS", "servers = [\"10.9.0.77\"]");
  ASSERT_EQ(shell("relayspec run --out lab"), 0) << output;
  const std::string command = fmt::format(R"sh(
export RELAY_DOWNLINKS='downlink0 downlink1' RELAY_UPLINK=uplink0 RELAY_SERVERS=10.9.0.77
'{}' start.sh
mkfifo entered
nsenter --net=/run/netns/sides sh -c 'echo >entered; exec sleep 1000' &
read -r _ <entered
sed -i "s/PROCESS/$!/" attached.toml
relayspec run --relay ./attached.toml --out attached
)sh",
                                          RUN_RELAY);
  EXPECT_EQ(beside_a_relay(command), 0) << output;
  EXPECT_GT(judged_as_in_the_lab("attached", "lab"), 190U);
}

// Beside relays that the tool starts: what the suites find of it, and that it answers as the same relay in
// the lab.
TEST_F(Attached, ToARelayThatIsComparedWithOthers) {
  write_start_script("reference");
  write_profile("\"multi-downlink\", \"multi-server\"", "sides", "servers = [\"10.9.0.77\"]");
  write("faulty.toml",
        "name = 'faulty'\nfeatures = ['multi-downlink', 'multi-server']\n"
        "start = 'exec relayspec-faulty --fault hops-raised-in-replies'\n");
  const std::string command = fmt::format(R"sh(
export RELAY_DOWNLINKS='downlink0 downlink1' RELAY_UPLINK=uplink0 RELAY_SERVERS=10.9.0.77
'{0}' start.sh
relayspec compare ./attached.toml ./faulty.toml --suite hops --suite giaddr --stimuli 640 --out one || [ $? = 1 ]
relayspec compare ./faulty.toml --reference ./attached.toml --suite hops --stimuli 320 --out against || [ $? = 1 ]
sed 's/^uplink .*/uplink = "gone0"/' attached.toml >gone.toml
relayspec compare ./attached.toml ./gone.toml --suite hops --stimuli 64 --out gone || [ $? = 3 ]
export RELAY_SERVERS='10.9.0.77 10.9.0.2'
'{0}' start.sh
sed -i 's/"10.9.0.77"/"10.9.0.77", "10.9.0.2"/' attached.toml
relayspec compare ./attached.toml --suite multi --stimuli 320 --out two
)sh",
                                          RUN_RELAY);
  ASSERT_EQ(beside_a_relay(command), 0) << output;
  for (const char* servers : {"one", "two"}) {
    const auto compared = comparison_of(servers);
    EXPECT_GT(compared["relays"][1]["counts"]["pass"], 0) << servers;
    for (const auto& row : compared["requirements"]) {
      if (row["verdicts"]["attached"] != "skip") {
        EXPECT_EQ(row["verdicts"]["attached"], row["verdicts"]["reference"]) << row["id"];
      }
    }
    for (const auto& d : compared["differences"]) EXPECT_NE(d["relay"], "attached") << d.dump(1);
  }
  const auto beside_gone = comparison_of("gone");
  EXPECT_GT(beside_gone["relays"][1]["counts"]["pass"], 0) << "the one that is there is judged";
  EXPECT_GT(beside_gone["relays"][2]["counts"]["error"], 0);
  EXPECT_EQ(comparison_of("against")["reference"], "attached");
  for (const char* with_faulty : {"one", "against"})
    EXPECT_EQ(comparison_of(with_faulty)["differences"][0]["what"], "hops +1 in replies") << with_faulty;
}

// Another kernel, network cards in place of veth, and a processor that is emulated.
class VirtualMachine : public Attached {
 protected:
  void SetUp() override {
    // Each of thousands of round trips would wait for a processor behind the tests that run beside this one.
    // Only root may.
    setpriority(PRIO_PROCESS, 0, -10);
    if (shell("command -v qemu-system-x86_64 busybox") != 0) GTEST_SKIP() << "there is no qemu or no busybox";
    if (!fs::exists(KERNEL)) GTEST_SKIP() << "there is no kernel for it: ci/setup unpacks one";
    ASSERT_EQ(shell(fmt::format("mkdir vm && '{}/make-image' '{}' vm relayspec-relay dhcrelay", VM, KERNEL)),
              0)
        << output;
    write("inspect.sh", R"(
awk '/^Private/ { sum += $2 } END { print "memory", sum * 1024 }' /proc/$(cat /tmp/pid)/smaps_rollup
echo descriptors $(ls /proc/$(cat /tmp/pid)/fd | wc -l)
)");
  }

  /// The profile of a relay that runs in the machine.
  void write_profiles(const std::string& relay) {
    const Profile profile = load_profile(fmt::format("{}/{}.toml", RELAYS, relay));
    std::string features;
    for (const std::string& feature : profile.features) features += fmt::format("\"{}\", ", feature);
    write_start_script(relay);
    write_profile(features, "sides", means_of_the_machine());
    shell(fmt::format("sed -i 's/^max_hops_default.*/max_hops_default = {}/' attached.toml",
                      profile.max_hops_default.value_or(16)));
  }
  int beside_the_machine(const std::string& command) {
    write("command.sh", command);
    return shell(fmt::format("'{}/around-a-vm' vm bash -e command.sh", VM));
  }
};

TEST_F(VirtualMachine, WithTheReferenceRelay) {
  write_profiles("reference");
  ASSERT_EQ(shell("relayspec run --out lab"), 0) << output;
  EXPECT_EQ(beside_the_machine("relayspec run --relay ./attached.toml --out attached"), 0) << output;
  EXPECT_GT(judged_as_in_the_lab("attached", "lab"), 400U);
}

TEST_F(VirtualMachine, WithAStockRelay) {
  if (shell("PATH=$PATH:/usr/sbin command -v dhcrelay") != 0) GTEST_SKIP() << "dhcrelay is not installed";
  write_profiles("isc-dhcrelay");
  std::string run = "relayspec run";
  for (const char* suite : {"dora", "hops", "giaddr", "delivery", "option82", "transparency"})
    run += fmt::format(" --suite {}", suite);
  ASSERT_EQ(shell(run + " --relay isc-dhcrelay --out lab"), 1) << output;
  EXPECT_EQ(beside_the_machine(run + " --relay ./attached.toml --out attached"), 1) << output;
  EXPECT_GT(judged_as_in_the_lab("attached", "lab"), 70U);
}

/// What is wrong around the relay is one line and status 3.
TEST_F(Attached, WhatIsMissingIsNamed) {
  const auto complaint = [&](const std::string& before) {
    EXPECT_EQ(
        beside_a_relay(before + "\nrelayspec run --relay ./attached.toml --case hops/is-incremented-by-1"),
        3);
    return output;
  };
  const auto one_line = [&](const std::string& before) {
    complaint(before);
    EXPECT_EQ(std::count(output.begin(), output.end(), '\n'), 1) << output;
    return output;
  };
  const auto profile = [&](const std::string& netns) {
    write_profile("", netns, "servers = [\"10.9.0.77\"]");
    shell("sed -i 's/^name/start_timeout_ms = 300\\nname/' attached.toml");
  };
  profile("nowhere");
  EXPECT_THAT(one_line(""), HasSubstr("cannot open /run/netns/nowhere: No such file or directory"));
  profile("/dev/null");
  EXPECT_THAT(one_line(""), HasSubstr("/dev/null is no network namespace"));
  profile("sides");
  EXPECT_THAT(one_line("ip -n sides link del c0"), HasSubstr("there is no interface c0"));
  EXPECT_THAT(one_line("ip -n sides link set s0 down"), HasSubstr("the interface s0 is down"));
  EXPECT_THAT(one_line("ip -n relay address flush dev downlink0"),
              HasSubstr("no host answers by ARP for 10.1.0.254 on c0"));
  EXPECT_THAT(one_line("ip -n sides address add 10.9.0.77/24 dev s0"),
              HasSubstr("10.9.0.77 is an address of s0"));
  EXPECT_THAT(complaint(""), HasSubstr("no barrier came through"));
}

TEST_F(Attached, TheInterfacesAreLeftAsTheyWere) {
  write_start_script("reference");
  write_profile("", "sides", "servers = [\"10.9.0.77\"]");
  const std::string command = fmt::format(R"(
export RELAY_DOWNLINKS='downlink0 downlink1' RELAY_UPLINK=uplink0 RELAY_SERVERS=10.9.0.77
'{}' start.sh
state() {{ ip -netns sides -details link | grep -v qlen; ip -netns sides -4 address; }}
state >before
relayspec run --relay ./attached.toml --suite hops
state >after
cmp before after
relayspec run --relay ./attached.toml & tool=$!
until ip -netns sides -details link show c0 | grep -q 'promiscuity [1-9]'; do :; done
kill -KILL $tool
wait $tool || true
state >after
cmp before after
)",
                                          RUN_RELAY);
  EXPECT_EQ(beside_a_relay(command), 0) << output;
}

}  // namespace
}  // namespace relayspec
