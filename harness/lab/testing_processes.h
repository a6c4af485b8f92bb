// SPDX-License-Identifier: Apache-2.0
// Looking at processes from outside, for tests that prove that none is left.
#pragma once

#include <dirent.h>
#include <poll.h>
#include <sys/syscall.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/lab/fd.h"

namespace relayspec {

inline std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) all.push_back(std::stoi(name));
  }
  return all;
}

/// Children, grandchildren and so on, as seen from here: also those in PID namespaces further in.
inline std::vector<pid_t> descendants(pid_t ancestor) {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t pid : all_processes()) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.compare(0, 6, "PPid:\t") == 0) children.emplace(std::stoi(line.substr(6)), pid);
    }
  }
  std::vector<pid_t> found{ancestor};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [first, last] = children.equal_range(found[i]);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
  }
  found.erase(found.begin());
  return found;
}

/// A pidfd becomes readable when its process has ended, and means the same process for ever.
inline std::vector<Fd> watch(const std::vector<pid_t>& pids) {
  std::vector<Fd> watched;
  for (const pid_t pid : pids) {
    watched.emplace_back(checked(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), "cannot open a pidfd"));
  }
  return watched;
}

/// How many of them have not ended within the time.
inline std::size_t still_alive(const std::vector<Fd>& watched, std::chrono::milliseconds patience) {
  std::size_t alive = 0;
  for (const Fd& fd : watched) {
    pollfd polled{fd.get(), POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(patience.count())) != 1) ++alive;
  }
  return alive;
}

/// What the links in a folder of /proc point to: "net:[4026532000]".
inline std::set<std::string> link_targets(const std::filesystem::path& folder) {
  std::set<std::string> targets;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const auto target = std::filesystem::read_symlink(entry.path(), error);
    if (!error) targets.insert(target.string());
  }
  return targets;
}

/// The namespaces that a process is in or holds by a descriptor.
inline std::set<std::string> namespaces_of(pid_t pid) {
  const std::filesystem::path folder = "/proc/" + std::to_string(pid);
  std::set<std::string> all = link_targets(folder / "ns");
  for (const std::string& target : link_targets(folder / "fd")) {
    if (target.find(":[") != std::string::npos) all.insert(target);
  }
  std::erase_if(all, [](const std::string& t) {
    return t.compare(0, 4, "net:") != 0 && t.compare(0, 4, "pid:") != 0 && t.compare(0, 4, "mnt:") != 0;
  });
  return all;
}

}  // namespace relayspec
