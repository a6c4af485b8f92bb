// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "harness/reports/reports.h"
#include "harness/text.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw InputError(one_line(path.string()) + ": cannot be written: " + why +
                   "; name another directory with --out");
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A link may lead to where the caller does not want anything to be written or removed.
void refuse_link(fs::path directory) {
  if (!directory.has_filename()) directory = directory.parent_path();  // "report/"
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(directory, error))) refuse(directory, "it is a symbolic link");
}

/// Captures of an earlier run would stand beside a report that does not mention them.
void remove_own_captures(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".pcapng" || !fs::is_regular_file(entry.symlink_status(error))) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string front(kMostOfHeader, '\0');
    file.read(front.data(), static_cast<std::streamsize>(front.size()));
    front.resize(static_cast<std::size_t>(file.gcount()));
    if (is_own_capture(front)) fs::remove(entry.path(), error);
  }
}

}  // namespace

// Under a name of its own first, so that nobody reads half a file.
void write_file(const fs::path& path, std::string_view content) {
  const std::string unfinished = path.string() + ".part";
  unlink(unfinished.c_str());  // of a run that was killed, or a link of somebody else
  const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) refuse(path, std::strerror(errno));
  int error = write_all(fd, content) ? 0 : errno;
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && rename(unfinished.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(unfinished.c_str());
    refuse(path, std::strerror(error));
  }
}

std::string evidence_path(std::string_view case_id) {
  std::string file;
  for (const char c : case_id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    file += c == '/' ? "--" : std::string(1, plain ? c : '_');
  }
  return "evidence/" + file.substr(0, 200) + ".pcapng";
}

void prepare_directory(const fs::path& directory, const char* captures, const char* report) {
  const fs::path below = directory / captures;
  refuse_link(directory);
  refuse_link(below);
  std::error_code error;
  fs::create_directories(below, error);
  if (error) refuse(directory, error.message());
  remove_own_captures(below);
  write_file(directory / report, "");  // shows now what would only be found out after the run
  fs::remove(directory / report, error);
}

void prepare_report_directory(const fs::path& directory) {
  prepare_directory(directory, "evidence", "results.json");
}

void write_evidence(CaseResult& c, const fs::path& directory) {
  if (c.frames.empty()) return;
  if (c.evidence.empty()) c.evidence = evidence_path(c.id);
  write_file(directory / c.evidence, pcapng(c));
}

void write_reports(const RunResult& run, const fs::path& directory, const ReportOptions& options) {
  write_file(directory / "results.json", results_json(run));
  write_file(directory / "junit.xml", junit_xml(run, options));
  write_file(directory / "summary.md", summary_markdown(run));
  write_file(directory / "report.html", html_report(run));
}

}  // namespace relayspec
