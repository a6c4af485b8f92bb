// SPDX-License-Identifier: Apache-2.0
#include "harness/live/growth.h"

#include <fmt/format.h>

#include <algorithm>

namespace relayspec::live {
namespace {

// Memory may grow for a while: buffers are touched for the first time, a heap is collected only when it has
// grown. A relay that retains memory per message grows each time, and evenly.
constexpr std::size_t least_notes = 8, steps_of_descriptors = 6;

std::string range(const char* what, std::size_t from, std::size_t to) {
  return fmt::format("{} from {} to {}", what, from, to);
}

}  // namespace

void Growth::note(const Holdings& h) { held_.push_back(h); }

std::optional<std::string> Growth::found() const {
  if (held_.size() < least_notes) return std::nullopt;
  const auto grows = [&](std::size_t from, std::size_t Holdings::*what) {
    for (std::size_t i = from + 1; i < held_.size(); ++i) {
      if (held_[i].*what <= held_[i - 1].*what) return false;
    }
    return true;
  };
  const Holdings &first = held_[held_.size() - steps_of_descriptors - 1], &last = held_.back();
  if (grows(held_.size() - steps_of_descriptors - 1, &Holdings::descriptors))
    return range("descriptors", first.descriptors, last.descriptors);
  // The first notes are those of buffers.
  constexpr std::size_t settled = 2;
  if (!grows(settled, &Holdings::memory)) return std::nullopt;
  // Evenly: the second half has not grown by much less than the first.
  const std::size_t middle = settled + (held_.size() - settled) / 2;
  const std::size_t early = held_[middle].memory - held_[settled].memory,
                    late = last.memory - held_[middle].memory;
  if (late * 2 < early) return std::nullopt;
  return range("octets of memory", held_[settled].memory, last.memory);
}

std::optional<std::string> growth_under(Prober& prober, std::span<const Packet> packets) {
  constexpr std::size_t rounds = 12, packets_of_round = 512;
  Growth growth;
  for (std::size_t round = 0; round < rounds && !packets.empty(); ++round) {
    for (std::size_t sent = 0; sent < packets_of_round; sent += packets.size()) prober.play_on(packets);
    const auto held = prober.device().started() ? prober.device().holdings() : std::nullopt;
    if (held) growth.note(*held);
  }
  return growth.found();
}

}  // namespace relayspec::live
