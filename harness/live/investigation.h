// SPDX-License-Identifier: Apache-2.0
// Looks for the smallest packets that show what a stimulus has shown: over the history, then over what is odd
// about each message, then over octets.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "harness/live/accusations.h"
#include "relayspec/harness/result.h"

namespace relayspec::live {

/// Stimuli, the last of which shows something.
struct Evidence {
  std::vector<Numbered> stimuli;
  bool at_once = false;  ///< without a barrier between them
};

/// So often a stimulus is repeated, and the numbers of the copies.
inline constexpr std::size_t insistence = 128;
inline std::uint64_t repeated_number(std::uint64_t number, std::size_t n) {
  return (std::uint64_t{1} << 40U) + number + n;
}

/// The same, if with other values.
const Accusation* find_in(const std::vector<Accusation>&, const Accusation& wanted);
/// The accusations without what the standards leave to a relay.
std::vector<Accusation> faults(const Witness&);

/// Where frames show it.
Exhibit exhibit_of(const Accusation&, const std::vector<Frame>&);

/// What clients and servers have sent, without what their hosts answer by themselves.
std::vector<Packet> packets_of(const std::vector<Frame>&);

class Investigation {
 public:
  /// `time`: for each search.
  explicit Investigation(Prober& prober, Clock::duration time = std::chrono::seconds(2))
      : prober_(prober), time_(time) {}

  /// `batch`: sent at once, with the stimulus as one of them; `history`: since the relay was started. Unset
  /// where it does not show again.
  std::optional<Evidence> smallest(const Accusation&, const Numbered&, std::span<const Numbered> batch,
                                   std::span<const Numbered> history);

  /// What shows it to a relay that has just been started: frames alone, as `relayspec replay` sends them.
  struct Capture {
    std::vector<Frame> frames;
    std::optional<Accusation> shown;
  };
  Capture capture(const Accusation&, const Evidence&);

 private:
  std::vector<Accusation> all_of(const Answer&);
  /// Leaves out what comes behind the end of a relay that shows it so.
  std::optional<Accusation> shown_by(Evidence&, const Accusation&);
  std::optional<Accusation> shown_afresh(Evidence&, const Accusation&);
  std::optional<Evidence> evidence(const Accusation&, const Numbered&, std::span<const Numbered> batch,
                                   std::span<const Numbered> history);
  Evidence with_less_history(Evidence, const Accusation&);
  void shrink_stimuli(Evidence&, const Accusation&);
  /// `alone`: what was sent before does not matter.
  std::vector<Packet> with_fewer_octets(std::vector<Packet>, const Accusation&, bool alone);
  std::optional<Accusation> shown_by_packets(const std::vector<Packet>&, const Accusation&);
  bool played(const std::vector<Packet>&, const Accusation&, Capture&);
  bool has_time() const { return Clock::now() < until_; }

  Prober& prober_;
  Clock::duration time_;
  Clock::time_point until_;
};

}  // namespace relayspec::live
