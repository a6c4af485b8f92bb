// SPDX-License-Identifier: Apache-2.0
// Work that is done in several processes at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace relayspec {

/// What a job has returned, or why it has not: it threw, or its process died.
struct JobResult {
  std::vector<std::uint8_t> octets;
  std::string trouble;  ///< empty when all went well
};

using Octets = std::vector<std::uint8_t>;
using Send = std::function<void(const Octets&)>;

/// What is done with what the workers say. The second may be empty.
struct Receiver {
  std::function<void(std::size_t job, const JobResult&)> take;       ///< gets each result as it comes
  std::function<void(std::size_t job, const Octets&)> take_message;  ///< gets what the job sends before that
};

/// Does the jobs 0 to count - 1, each in a process of its own forked from this one (so that what is known
/// here is known there), at most `most` at a time. A job may send messages while it works; its result is what
/// it returns. Throws LabError when no process can be made.
void side_by_side(std::size_t count, unsigned most,
                  const std::function<Octets(std::size_t job, const Send&)>& work, const Receiver&);

/// The same for jobs that send no messages.
void side_by_side(std::size_t count, unsigned most, const std::function<Octets(std::size_t job)>& work,
                  const std::function<void(std::size_t job, const JobResult&)>& take);

}  // namespace relayspec
