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

/// Does the jobs 0 to count - 1, each in a process of its own forked from this one (so that what is known
/// here is known there), at most `most` at a time. `take` gets each result as it comes. Throws LabError when
/// no process can be made.
void side_by_side(std::size_t count, unsigned most,
                  const std::function<std::vector<std::uint8_t>(std::size_t)>& work,
                  const std::function<void(std::size_t, const JobResult&)>& take);

}  // namespace relayspec
