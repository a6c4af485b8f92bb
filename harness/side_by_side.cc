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
#include <string>

#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using Octets = std::vector<std::uint8_t>;

bool write_all(int fd, const Octets& octets) {
  for (std::size_t done = 0; done < octets.size();) {
    const ssize_t n = write(fd, octets.data() + done, octets.size() - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return true;
}

// What a worker says begins with an octet that tells whether it went well; else its trouble follows as text.
enum FirstOctet : std::uint8_t { trouble, well };

Octets said_by(const std::function<Octets(std::size_t)>& work, std::size_t job) {
  try {
    Octets octets = work(job);
    octets.insert(octets.begin(), well);
    return octets;
  } catch (const std::exception& e) {
    Octets octets{trouble};
    for (const char* c = e.what(); *c != 0; ++c) octets.push_back(static_cast<std::uint8_t>(*c));
    return octets;
  }
}

class Worker {
 public:
  Worker(std::size_t job, const std::function<Octets(std::size_t)>& work) : job_(job) {
    int ends[2];
    if (pipe(ends) != 0) throw LabError(fmt::format("cannot make a pipe for a worker: {}", strerror(errno)));
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(ends[0]);
      _exit(write_all(ends[1], said_by(work, job)) ? 0 : 1);
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

  /// Reads what is there; true when that was the end.
  bool read_on() {
    std::uint8_t buffer[65536];
    const ssize_t n = read(from_, buffer, sizeof buffer);
    if (n > 0) said_.insert(said_.end(), buffer, buffer + n);
    return n == 0 || (n < 0 && errno != EINTR);
  }

  /// To be asked when all has been read.
  JobResult result() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFSIGNALED(status)) return {{}, fmt::format("a worker was killed by signal {}", WTERMSIG(status))};
    if (said_.empty()) return {{}, "a worker ended before it could report"};
    if (said_[0] == trouble) return {{}, std::string(said_.begin() + 1, said_.end())};
    said_.erase(said_.begin());
    return {std::move(said_), {}};
  }

 private:
  std::size_t job_;
  pid_t pid_ = -1;
  int from_ = -1;
  Octets said_;
};

}  // namespace

void side_by_side(std::size_t count, unsigned most, const std::function<Octets(std::size_t)>& work,
                  const std::function<void(std::size_t, const JobResult&)>& take) {
  std::list<Worker> workers;
  for (std::size_t next = 0; next < count || !workers.empty();) {
    while (next < count && workers.size() < most) workers.emplace_back(next++, work);
    std::vector<pollfd> polled;
    for (const Worker& w : workers) polled.push_back({w.from(), POLLIN, 0});
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    auto worker = workers.begin();
    for (const pollfd& p : polled) {
      const auto here = worker++;
      if (p.revents == 0 || !here->read_on()) continue;
      take(here->job(), here->result());
      workers.erase(here);
    }
  }
}

}  // namespace relayspec
