// SPDX-License-Identifier: Apache-2.0
// Fuzzes a relay under one feature set: sends generated stimuli, judges every answer, and looks for the
// smallest packets that show what it finds.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/live/findings.h"
#include "harness/live/prober.h"

namespace relayspec::live {

struct FuzzSettings {
  std::uint64_t seed = 1;
  unsigned downlinks = 2;
  std::size_t at_once = 8;  ///< stimuli in front of a barrier
  std::string name;         ///< of the feature set
  std::vector<std::string> features;
};

class Fuzzer {
 public:
  /// `result` gets the counts; `since`: when the run began.
  Fuzzer(Prober& prober, FuzzSettings settings, Findings& findings, FuzzResult& result,
         Clock::time_point since)
      : prober_(prober),
        settings_(std::move(settings)),
        findings_(findings),
        result_(result),
        since_(since) {}

  /// Sends the stimuli of these numbers, as long as `go_on` says so. Throws StartError.
  void run(std::uint64_t from, std::uint64_t to, const std::function<bool()>& go_on);
  /// Listens to the relay at rest.
  void rest();
  /// The relay holds more and more, as these say.
  void accuse_of_growth(const std::string& expected, const std::string& observed);

 private:
  using Sequence = std::vector<Numbered>;
  Witness witness(const Answer&);
  Numbered numbered(std::uint64_t number) const;
  Sequence next(std::uint64_t from, std::uint64_t to) const;
  void send(const Sequence&);
  void note(const Accusation&, const Numbered&);
  bool investigate(const Accusation&, const Numbered&);
  std::optional<Accusation> shown_by(const Sequence&, const Accusation& wanted);
  std::optional<Accusation> shown_afresh(const Sequence&, const Accusation& wanted);
  std::vector<Accusation> all_of(const Answer&);
  Sequence smallest_history(Sequence history, const Numbered& last, const Accusation&);
  void record(const Accusation&, const Sequence&);
  bool replays(const Accusation&, const Sequence&, FuzzFinding&);

  Prober& prober_;
  FuzzSettings settings_;
  Findings& findings_;
  FuzzResult& result_;
  Clock::time_point since_;
  std::deque<std::uint64_t> history_;  ///< numbers, since the relay was started
  std::size_t ends_ = 0;
};

}  // namespace relayspec::live
