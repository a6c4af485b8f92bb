// SPDX-License-Identifier: Apache-2.0
// Ways to break out of a relay's containment, each tried as root and as an ordinary user.
#include <fcntl.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "harness/lab/testing.h"
#include "harness/lab/testing_users.h"
#include "harness/relays.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A relay's script that prints "out" and what for where it got out.
struct WayOut {
  const char* name;
  const char* script;
};

const WayOut ways[] = {
    {"Files",
     "for d in / /etc /home /mnt /opt /root /run /srv /tmp /usr/local /var/cache /var/lib /var/lib/misc "
     "/var/log "
     "/var/tmp /dev /dev/shm; do echo 1 >$d/relayspec-way-out; done"},
    {"RemovedFiles", "rm -f /etc/passwd /bin/true; rm -rf /var/log; mv /etc/hosts /etc/x"},
    {"MountNamespace", "nsenter --target 1 --mount true && echo out"},
    {"OtherNamespaces",
     "for n in net pid ipc uts user cgroup; do nsenter --target 1 --$n true && echo out $n; done"},
    {"RootOfInit",
     "ls -L /proc/1/root && echo out; ls /proc/1/cwd/ && echo out; head -c 1 /proc/1/mem && echo out"},
    {"DescriptorsOfInit", "for f in /proc/1/fd/*; do readlink $f && echo out $f; done"},
    {"ProcessesOfTheMachine", "kill -0 $HARNESS && echo out; [ -e /proc/$HARNESS ] && echo out"},
    {"ParentOfTheRoot", "[ \"$(stat -c %d:%i /..)\" = \"$(stat -c %d:%i /)\" ] || echo out"},
    {"OldRoot", "umount -l / && ls /; umount / && ls /; [ -e \"$OUTSIDE\" ] && echo out"},
    {"WritableProc", "mount -o remount,bind,rw /proc && echo out; umount /proc && echo out"},
    {"WritableSys", "mount -o remount,bind,rw /sys && echo out; mount -o remount,rw /sys && echo out"},
    {"Sysctls",
     "find /proc/sys -path /proc/sys/net -prune -o -type f -writable -print 2>/dev/null | sed 's/^/out /'"},
    {"Triggers", "find /proc -maxdepth 1 -type f -writable 2>/dev/null | sed 's/^/out /'"},
    {"OtherProc",
     "for d in bus fs irq acpi scsi; do find /proc/$d -type f -writable 2>/dev/null | sed 's/^/out /'; done"},
    {"KernelObjects", "find /sys -xdev -type f -writable 2>/dev/null | sed 's/^/out /'"},
    {"ControlGroups",
     "mkdir /tmp/c; mount -t cgroup2 none /tmp/c && mkdir /tmp/c/relayspec-way-out && echo out"},
    {"Disks", "find /dev -type b | sed 's/^/out /'"},
    {"DeviceNodes",
     "mknod /tmp/b b 8 0 && head -c 1 /tmp/b && echo out; mknod /tmp/c c 1 1 && head -c 1 /tmp/c && echo "
     "out"},
    {"KernelMemory",
     "for f in /dev/mem /dev/kmem /dev/port /dev/kmsg /proc/kcore; do head -c 1 $f && echo out; done"},
    {"Clock", "date -s @$(date +%s) && echo out"},
    {"Priority", "[ \"$(nice -n -5 nice)\" -lt 0 ] && echo out; chrt -f 1 true && echo out"},
    {"RightsOverTheMachine", "[ \"$(readlink /proc/self/ns/user)\" = \"$USERS\" ] && echo out"},
    {"HostName",
     "hostname relayspec-way-out && [ \"$(hostname)\" = relayspec-way-out ] || echo 'no own name'"},
    {"SharedMemory",
     "ipcmk -M 4096 >/dev/null && ipcmk -S 2 >/dev/null && ipcmk -Q >/dev/null || echo 'no own IPC'"},
    {"Mounts", "mount -t tmpfs tmpfs /mnt && mount --make-rshared / && mount --bind /etc /mnt"},
    {"Links",
     "ip link add relayspec-out type veth peer name relayspec-in && ip link set relayspec-out netns 1"},
};

class Containment : public UserNamespace, public testing::WithParamInterface<std::tuple<bool, WayOut>> {
 protected:
  ~Containment() override { fs::remove_all(folder_); }

  // What a script prints, by stdout alone, when an ordinary user or the caller starts it as a relay.
  static std::string output_of(const std::string& script, bool ordinary) {
    int pipe[2];
    checked(::pipe2(pipe, O_CLOEXEC), "cannot make a pipe");
    const Fd read_end(pipe[0]);
    Fd write_end(pipe[1]);
    const std::string harness = std::to_string(::getpid());
    in_child([&] {
      if (ordinary) become_ordinary();
      acquire_privilege();
      Lab lab;
      RelayProcess relay(lab, {script,
                               {{"HARNESS", harness},
                                {"OUTSIDE", folder_.string()},
                                {"USERS", fs::read_symlink("/proc/self/ns/user")}},
                               {}});
      const std::string end = wait_for_end(lab, relay), text = relay.output() + end;
      return ::write(write_end.get(), text.data(), text.size()) > 0 ? 0 : 1;
    });
    write_end.reset();
    std::string text(1 << 20, '\0');
    std::size_t size = 0;
    for (ssize_t n = 0; (n = ::read(read_end.get(), &text[size], text.size() - size)) > 0;)
      size += static_cast<std::size_t>(n);
    text.resize(size);
    return text;
  }

  // What a relay may not change.
  static std::string machine() {
    std::string all = contents("/proc/self/mountinfo") + contents("/proc/sys/kernel/hostname") +
                      contents("/proc/sysvipc/shm") + contents("/proc/sysvipc/sem") +
                      contents("/proc/sysvipc/msg");
    for (const char* directory :
         {"/", "/etc", "/home", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/usr/local", "/var/cache",
          "/var/lib", "/var/lib/misc", "/var/log", "/var/tmp", "/dev", "/dev/shm"}) {
      if (fs::exists(fs::path(directory) / "relayspec-way-out"))
        all += std::string("written: ") + directory + "\n";
    }
    for (const char* file : {"/etc/passwd", "/bin/true", "/var/log", "/etc/hosts"}) {
      if (!fs::exists(file)) all += std::string("removed: ") + file + "\n";
    }
    return all;
  }

  static inline const fs::path folder_ =
      fs::path("/run") / ("relayspec-outside-" + std::to_string(::getpid()));
};

TEST_P(Containment, IsShut) {
  const auto& [ordinary, way] = GetParam();
  std::error_code error;
  fs::create_directory(folder_, error);
  const std::string before = machine();
  const std::string said =
      output_of("set +e; exec 3>&1 2>/dev/null; " + std::string(way.script) + "; exit 0", ordinary);
  EXPECT_EQ(said.find("out"), std::string::npos) << said;
  EXPECT_THAT(said, testing::EndsWith("exited with status 0"));
  EXPECT_EQ(machine(), before);
}

INSTANTIATE_TEST_SUITE_P(WayOut, Containment, testing::Combine(testing::Bool(), testing::ValuesIn(ways)),
                         [](const auto& p) {
                           return std::string(std::get<1>(p.param).name) +
                                  (std::get<0>(p.param) ? "ForAnOrdinaryUser" : "");
                         });

class Bounds : public Containment {};

TEST_P(Bounds, OfFilesAreShared) {
  const std::string said = output_of(
      "set +e; exec 2>&1; head -c 200000000 /dev/zero >/dev/shm/relayspec-bounds && echo one fits; "
      "head -c 200000000 /dev/zero >/tmp/relayspec-bounds || echo two do not",
      std::get<0>(GetParam()));
  EXPECT_THAT(said, testing::StartsWith("one fits\n"));
  EXPECT_THAT(said, testing::HasSubstr("No space left on device\ntwo do not\n"));
}

TEST_P(Bounds, OfSharedMemoryHold) {
  EXPECT_THAT(
      output_of("ipcmk -M 4096 >/dev/null && echo little; ipcmk -M 400000000 2>&1", std::get<0>(GetParam())),
      testing::AllOf(testing::StartsWith("little\n"), testing::HasSubstr("No space left on device")));
}

TEST_P(Bounds, OfMemoryHoldForAllProcessesTogether) {
  EXPECT_THAT(output_of("tail /dev/zero & tail /dev/zero; wait", std::get<0>(GetParam())),
              testing::HasSubstr("[killed: it uses more than 1024 MiB of memory]"));
}

TEST_P(Bounds, OfProcessesHold) {
  EXPECT_THAT(
      output_of("( bomb() { bomb & bomb; }; bomb ) 2>&1 | grep -m 1 'Cannot fork'", std::get<0>(GetParam())),
      testing::HasSubstr("Cannot fork"));
  EXPECT_EQ(in_child([] { return 0; }), 0) << "the machine still forks";
}

TEST_P(Bounds, TheRelayIsKilledFirstWhenMemoryIsShort) {
  EXPECT_THAT(output_of("cat /proc/self/oom_score_adj", std::get<0>(GetParam())),
              testing::StartsWith("1000\n"));
}

// What a relay needs, and has.
TEST_P(Bounds, LeaveRoomForARelay) {
  EXPECT_THAT(output_of("echo 1 >/proc/sys/net/ipv4/ip_forward; ip link add v0 type veth peer name v1; "
                        "mount -t tmpfs tmpfs /run; echo 1 >/run/x; ls /dev/null /dev/urandom; echo done",
                        std::get<0>(GetParam())),
              testing::HasSubstr("/dev/null\n/dev/urandom\ndone\n"));
}

INSTANTIATE_TEST_SUITE_P(As, Bounds, testing::Combine(testing::Bool(), testing::Values(WayOut{"", ""})),
                         [](const auto& p) { return std::get<0>(p.param) ? "AnOrdinaryUser" : "TheCaller"; });

// Then the capabilities themselves are taken away.
TEST_F(UserNamespace, IsNotNeededToContainARelay) {
  EXPECT_EQ(in_child([] {
              become_ordinary();
              acquire_privilege();
              std::ofstream("/proc/sys/user/max_user_namespaces") << 0;  // counts below this one alone
              Lab lab;
              RelayProcess relay(
                  lab, {"mount -t tmpfs tmpfs /mnt 2>/dev/null && echo out; hostname x 2>/dev/null && "
                        "echo out; grep CapEff /proc/self/status; ip link add v0 type veth peer name v1",
                        {},
                        {}});
              const bool ended = wait_for_end(lab, relay) == "exited with status 0";
              std::fprintf(stderr, "%s", relay.output().c_str());
              // CHOWN, DAC_OVERRIDE, FOWNER to SETPCAP, NET_BIND_SERVICE, NET_ADMIN to IPC_LOCK, SYS_CHROOT
              return ended && relay.output() == "CapEff:\t00000000000475fb\n" ? 0 : 1;
            }),
            0);
}

// A script that asks for the version has the same surroundings.
TEST_F(LabTest, AVersionCommandIsContained) {
  Profile profile;
  profile.version_command =
      "echo 1 >/etc/relayspec-way-out; hostname relayspec-way-out; nsenter -t 1 -m true && echo out; "
      "set -- /proc/[0-9]*; echo $# processes; exit 0";
  const std::string name = contents("/proc/sys/kernel/hostname");
  EXPECT_THAT(relay_version(profile).value_or(""), testing::MatchesRegex("nsenter: .*|2 processes"));
  EXPECT_FALSE(fs::exists("/etc/relayspec-way-out"));
  EXPECT_EQ(contents("/proc/sys/kernel/hostname"), name);
}

TEST_F(LabTest, AVersionCommandLeavesNoProcess) {
  Profile profile;
  profile.version_command = "setsid sleep 1000 & setsid sleep 1000 & echo 1";
  EXPECT_EQ(relay_version(profile), "1");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
}

}  // namespace
}  // namespace relayspec
