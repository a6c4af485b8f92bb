// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/limits.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <memory>

#include "harness/lab/fd.h"

namespace relayspec {
namespace {

constexpr std::size_t most_memory = 1U << 30U;
constexpr std::size_t most_processes = 2048;

// What a network daemon needs as root; all else is a right over the machine.
constexpr std::array kept_capabilities = {
    CAP_CHOWN,   CAP_DAC_OVERRIDE,     CAP_FOWNER,    CAP_FSETID,  CAP_KILL,     CAP_SETGID,    CAP_SETUID,
    CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW, CAP_IPC_LOCK, CAP_SYS_CHROOT};

void drop_capabilities() {
  std::uint64_t kept = 0;
  for (const int capability : kept_capabilities)
    kept |= std::uint64_t{1} << static_cast<unsigned>(capability);
  for (int capability = 0; capability < 64; ++capability) {
    if ((kept >> static_cast<unsigned>(capability) & 1U) == 0) ::prctl(PR_CAPBSET_DROP, capability);
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  ::syscall(SYS_capget, &header, data.data());
  for (std::size_t half = 0; half < data.size(); ++half) {
    const auto mask = static_cast<std::uint32_t>(kept >> 32U * half);
    data[half].effective &= mask;
    data[half].permitted &= mask;
    data[half].inheritable &= mask;
  }
  ::syscall(SYS_capset, &header, data.data());
}

void write_word(const std::string& path, const char* word) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  [[maybe_unused]] const ssize_t ignored = ::write(file.get(), word, std::strlen(word));
}

// Calls with the folder of each process in /proc but the first.
template <class Visit>
std::size_t for_each_process(const Visit& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), &::closedir);
  std::size_t count = 0;
  while (const dirent* entry = proc ? ::readdir(proc.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 || name == "1") continue;
    visit("/proc/" + name);
    ++count;
  }
  return count;
}

std::size_t resident(const std::string& process) {
  std::size_t size = 0, pages = 0;
  std::ifstream(process + "/statm") >> size >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Without what is counted for another process too, but slow.
std::size_t proportional(const std::string& process) {
  std::ifstream rollup(process + "/smaps_rollup");
  std::size_t kibibytes = 0;
  for (std::string word; rollup >> word;) {
    if (word != "Pss:") continue;
    rollup >> kibibytes;
    break;
  }
  return kibibytes << 10U;
}

}  // namespace

void give_up_rights(int users_fd) {
  ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  if (users_fd < 0) return drop_capabilities();
  // The mounts that it has so far are locked for an owner of further ones.
  if (::setns(users_fd, CLONE_NEWUSER) == 0 && ::unshare(CLONE_NEWNS | CLONE_NEWUTS) == 0) return;
  std::perror("relayspec: cannot enter the relay's user namespace");
  ::_exit(127);
}

void be_first_to_go() { write_word("/proc/self/oom_score_adj", "1000"); }

void limit_namespaces(const std::string& proc) {
  // A fork bomb fills its own namespace and not the machine. Before Linux 6.14 this sysctl was the whole
  // machine's: then keep off it.
  utsname kernel{};
  int major = 0, minor = 0;
  ::uname(&kernel);
  const bool per_namespace =
      std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2 && (major > 6 || (major == 6 && minor >= 14));
  if (per_namespace) write_word(proc + "/sys/kernel/pid_max", "1024");
  const rlimit processes{4096, 4096};
  ::setrlimit(RLIMIT_NPROC, &processes);
  write_word(proc + "/sys/kernel/shmall", "65536");  // pages of shared memory that no process needs to hold
}

Limits::Limits() {
  char self[16] = {};
  has_own_proc_ = ::readlink("/proc/self", self, sizeof self - 1) == 1 && self[0] == '1';
}

std::string Limits::excess() {
  const auto now = std::chrono::steady_clock::now();
  if (!has_own_proc_ || now < next_) return "";
  next_ = now + std::chrono::milliseconds(period_ms);
  std::size_t memory = 0;
  const auto count = for_each_process([&](const std::string& process) { memory += resident(process); });
  if (count > most_processes) return fmt::format("it has more than {} processes", most_processes);
  if (memory <= most_memory) return "";
  memory = 0;
  for_each_process([&](const std::string& process) { memory += proportional(process); });
  return memory > most_memory ? fmt::format("it uses more than {} MiB of memory", most_memory >> 20U) : "";
}

}  // namespace relayspec
