// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "harness/lab/contained.h"
#include "harness/lab/impl.h"
#include "harness/lab/init.h"
#include "harness/lab/mounts.h"

namespace relayspec {
namespace {

std::map<std::string, std::string> relay_environment(const std::map<std::string, std::string>& more) {
  std::map<std::string, std::string> all{
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", "/root"},
      {"LANG", "C.UTF-8"},
      {"TMPDIR", "/run/tmp"},
  };
  for (const auto& [name, value] : more) all[name] = value;
  return all;
}

// The words after "exec" of a script that is only that, and holds nothing that a shell would read otherwise.
std::vector<std::string> words_of_plain_exec(std::string script) {
  while (script.ends_with('\n')) script.pop_back();
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::strchr(" -_./:,+@%", c) != nullptr;
  };
  if (!script.starts_with("exec ") || !std::all_of(script.begin(), script.end(), is_plain)) return {};
  std::istringstream in(script.substr(5));
  return {std::istream_iterator<std::string>(in), {}};
}

void enter_environment(const std::map<std::string, std::string>& env) {
  ::umask(022);
  ::clearenv();
  for (const auto& [name, value] : relay_environment(env)) ::setenv(name.c_str(), value.c_str(), 1);
}

void execute_script(const RelayStart& start) {
  enter_environment(start.env);
  // A shell would take as long to start as the relay. What fails without it is tried with it: it says why.
  if (auto words = words_of_plain_exec(start.script); !words.empty()) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
  }
  ::execl("/bin/sh", "sh", "-e", "-c", start.script.c_str(), nullptr);
  std::perror("cannot run /bin/sh");
}

std::optional<std::size_t> kibibytes(const std::filesystem::path& file, std::string_view name) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    std::size_t amount = 0;
    if (word == name && in >> amount) return amount;
  }
  return std::nullopt;
}

InitJob contained_job(const OwnedNamespace& network, OutputRing& ring,
                      const std::map<std::string, std::string>& files) {
  InitJob job;
  job.network_fd = network.fd();
  job.users_fd = network.users_fd();
  job.contained = true;
  job.ring = &ring;
  job.prepare = [&files] { enter_private_root(files); };
  return job;
}

std::string in_words(int status) {
  if (WIFEXITED(status)) return fmt::format("exited with status {}", WEXITSTATUS(status));
  const char* name = ::sigabbrev_np(WTERMSIG(status));
  return name != nullptr ? fmt::format("was killed by SIG{}", name)
                         : fmt::format("was killed by signal {}", WTERMSIG(status));
}

// A row of a table of /proc/net, without what changes from one start to the next: of a UDP or raw socket the
// local address and port, unless the kernel has picked it, of a packet socket protocol and interface; and
// whether something waits there that nobody has read.
std::string in_words(const std::string& table, const std::string& row) {
  constexpr unsigned long least_ephemeral = 32768;
  constexpr std::size_t local_column = 1, queues_column = 4;  // of UDP and raw sockets
  constexpr std::size_t protocol_column = 3, interface_column = 4, memory_column = 6;  // of packet sockets
  std::istringstream in(row);
  const std::vector<std::string> columns{std::istream_iterator<std::string>(in), {}};
  if (columns.size() <= memory_column) return "";
  const auto unread = [](const std::string& number) {
    return std::strtoul(number.c_str(), nullptr, 16) == 0 ? "" : ", unread";
  };
  if (table == "packet") {
    return fmt::format("packet {} {}{}", columns[protocol_column], columns[interface_column],
                       unread(columns[memory_column]));
  }
  const std::string &local = columns[local_column], &queues = columns[queues_column];
  const std::size_t colon = local.find(':');
  const bool picked = table == "udp" && colon != std::string::npos &&
                      std::strtoul(local.c_str() + colon + 1, nullptr, 16) >= least_ephemeral;
  return fmt::format("{} {}{}", table, picked ? local.substr(0, colon) : local,
                     unread(queues.substr(queues.find(':') + 1)));
}

}  // namespace

struct RelayProcess::Impl {
  OutputRing ring;
  std::optional<Init> init;
};

RelayProcess::RelayProcess(Lab& lab, const RelayStart& start) : impl_(std::make_unique<Impl>()) {
  InitJob job = contained_job(lab.impl_->relay, impl_->ring, start.files);
  job.execute = [&start] { execute_script(start); };
  job.in_background = start.in_background;
  impl_->init.emplace(job);
}

void RelayProcess::await_start() { impl_->init->await_start(); }

RelayProcess::~RelayProcess() = default;

void RelayProcess::ask_to_end() {
  impl_->init->end_with_program();
  impl_->init->signal(SIGTERM);
}

bool RelayProcess::stop(std::chrono::milliseconds grace) {
  ask_to_end();
  const bool went = impl_->init->wait(static_cast<int>(grace.count()));
  impl_->init->kill();
  return went;
}

std::optional<std::string> RelayProcess::ended() {
  const int status = impl_->init->status();
  return status == -1 ? std::nullopt : std::optional(in_words(status));
}

int RelayProcess::wake_fd() const { return impl_->init->wake_fd(); }

std::string RelayProcess::output() { return impl_->ring.tail(); }

std::optional<Holdings> RelayProcess::holdings() const {
  Holdings sum;
  bool any = false;
  for (const pid_t pid : impl_->init->processes()) {
    const std::filesystem::path proc = fmt::format("/proc/{}", pid);
    std::error_code error;
    const std::filesystem::directory_iterator descriptors(proc / "fd", error);
    if (error) continue;
    sum.descriptors += static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
    // The counter in `status` lags behind by up to 128 KiB per processor on Linux 6.2 to 6.16.
    auto memory = kibibytes(proc / "smaps_rollup", "Anonymous:");
    if (!memory) memory = kibibytes(proc / "status", "RssAnon:");
    if (!memory) continue;
    sum.memory += *memory * 1024;
    any = true;
  }
  return any ? std::optional(sum) : std::nullopt;
}

std::optional<Activity> RelayProcess::activity() const {
  Activity sum;
  bool any = false;
  for (const pid_t pid : impl_->init->processes()) {
    std::error_code error;
    const std::filesystem::directory_iterator threads(fmt::format("/proc/{}/task", pid), error);
    if (error) continue;
    for (const auto& thread : threads) {
      std::ifstream schedule(thread.path() / "schedstat"), row(thread.path() / "stat");
      long long on_processor = 0;
      std::string state;
      if (!(schedule >> on_processor) || !std::getline(row, state)) continue;
      any = true;
      sum.on_processor += std::chrono::nanoseconds(on_processor);
      // Behind the name, which may hold anything.
      const std::size_t name_end = state.rfind(')');
      sum.runnable = sum.runnable || state.compare(name_end + 1, 2, " R") == 0;
    }
  }
  return any ? std::optional(sum) : std::nullopt;
}

std::optional<std::vector<std::string>> RelayProcess::sockets() const {
  for (const pid_t pid : impl_->init->processes()) {
    std::vector<std::string> all;
    bool readable = true;
    for (const std::string table : {"udp", "raw", "packet"}) {
      std::ifstream rows(fmt::format("/proc/{}/net/{}", pid, table));
      std::string row;
      readable = readable && std::getline(rows, row);  // the names of the columns
      while (std::getline(rows, row)) all.push_back(in_words(table, row));
    }
    if (!readable) continue;
    std::sort(all.begin(), all.end());
    return all;
  }
  return std::nullopt;
}

std::optional<std::string> RelayProcess::root_directory() const {
  const auto all = impl_->init->processes();
  return all.empty() ? std::nullopt : std::optional(fmt::format("/proc/{}/root", all.front()));
}

std::uint64_t RelayProcess::written() const { return impl_->ring.written(); }

ShellResult run_contained(const std::string& script, const std::map<std::string, std::string>& env,
                          std::chrono::milliseconds limit) {
  const OwnedNamespace network;
  OutputRing ring;
  const std::map<std::string, std::string> no_files;
  InitJob job = contained_job(network, ring, no_files);
  job.execute = [&] {
    enter_environment(env);
    ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
  };
  Init init(job);
  ShellResult result;
  result.timed_out = !init.wait(static_cast<int>(limit.count()));
  init.kill();
  const int status = init.status();
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = ring.tail();
  return result;
}

}  // namespace relayspec
