// SPDX-License-Identifier: Apache-2.0
#include "harness/side_by_side.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using Work = std::function<Octets(std::size_t, const Send&)>;

/// What a message of a worker is. On the pipe: this octet, the length in four octets, the content.
enum Kind : std::uint8_t { message, result, trouble };
constexpr std::size_t header_length = 5;

bool write_all(int fd, std::span<const std::uint8_t> octets) {
  while (!octets.empty()) {
    const ssize_t n = write(fd, octets.data(), octets.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) octets = octets.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool write_message(int fd, Kind kind, std::span<const std::uint8_t> content) {
  if (content.size() > UINT32_MAX) throw LabError("a worker has more to report than 4 GiB");
  const auto length = static_cast<std::uint32_t>(content.size());
  std::uint8_t header[header_length] = {kind};
  std::memcpy(header + 1, &length, sizeof length);
  return write_all(fd, header) && write_all(fd, content);
}

/// The whole life of a worker; its exit status.
int work_and_report(int fd, std::size_t job, const Work& work) {
  try {
    const auto send = [&](const Octets& octets) {
      if (!write_message(fd, message, octets))
        throw LabError("a worker cannot report: its parent is not there");
    };
    return write_message(fd, result, work(job, send)) ? 0 : 1;
  } catch (const std::exception& e) {
    const std::string_view what = e.what();
    return write_message(fd, trouble, Octets(what.begin(), what.end())) ? 0 : 1;
  }
}

class Worker {
 public:
  Worker(std::size_t job, const Work& work) : job_(job) {
    int ends[2];
    if (pipe(ends) != 0) throw LabError(fmt::format("cannot make a pipe for a worker: {}", strerror(errno)));
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(ends[0]);
      _exit(work_and_report(ends[1], job, work));
    }
    close(ends[1]);
    from_ = ends[0];
    if (pid_ < 0) {
      close(from_);
      throw LabError(fmt::format("cannot fork a worker: {}; run with --jobs 1", strerror(errno)));
    }
  }
  ~Worker() {
    close(from_);
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  int from() const { return from_; }
  std::size_t job() const { return job_; }

  /// Reads what is there and passes each message on that is whole; true when that was the end.
  bool read_on(const std::function<void(std::size_t, const Octets&)>& take_message) {
    std::uint8_t buffer[65536];
    const ssize_t n = read(from_, buffer, sizeof buffer);
    if (n > 0) unread_.insert(unread_.end(), buffer, buffer + n);
    while (const auto whole = next_message()) {
      if (whole->first != message) {
        last_ = whole;
      } else if (take_message) {
        take_message(job_, whole->second);
      }
    }
    return n == 0 || (n < 0 && errno != EINTR);
  }

  /// To be asked when all has been read.
  JobResult outcome() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFSIGNALED(status)) return {{}, fmt::format("a worker was killed by signal {}", WTERMSIG(status))};
    if (!last_) return {{}, "a worker ended before it could report"};
    if (last_->first == trouble) return {{}, std::string(last_->second.begin(), last_->second.end())};
    return {std::move(last_->second), {}};
  }

 private:
  std::optional<std::pair<Kind, Octets>> next_message() {
    std::uint32_t length = 0;
    if (unread_.size() < header_length) return std::nullopt;
    std::memcpy(&length, unread_.data() + 1, sizeof length);
    if (unread_.size() - header_length < length) return std::nullopt;
    const auto content = unread_.begin() + header_length, end = content + length;
    std::pair whole{static_cast<Kind>(unread_[0]), Octets(content, end)};
    unread_.erase(unread_.begin(), end);
    return whole;
  }

  std::size_t job_;
  pid_t pid_ = -1;
  int from_ = -1;
  Octets unread_;
  std::optional<std::pair<Kind, Octets>> last_;  ///< result or trouble
};

}  // namespace

void side_by_side(std::size_t count, unsigned most, const Work& work, const Receiver& receiver) {
  std::list<Worker> workers;
  for (std::size_t next = 0; next < count || !workers.empty();) {
    while (next < count && workers.size() < most) workers.emplace_back(next++, work);
    std::vector<pollfd> polled;
    for (const Worker& w : workers) polled.push_back({w.from(), POLLIN, 0});
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    auto worker = workers.begin();
    for (const pollfd& p : polled) {
      const auto here = worker++;
      if (p.revents == 0 || !here->read_on(receiver.take_message)) continue;
      receiver.take(here->job(), here->outcome());
      workers.erase(here);
    }
  }
}

void side_by_side(std::size_t count, unsigned most, const std::function<Octets(std::size_t)>& work,
                  const std::function<void(std::size_t, const JobResult&)>& take) {
  side_by_side(
      count, most, [&](std::size_t job, const Send&) { return work(job); }, Receiver{take, {}});
}

}  // namespace relayspec
