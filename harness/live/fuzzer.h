// SPDX-License-Identifier: Apache-2.0
// Fuzzes a relay under one feature set: sends generated stimuli, judges every answer, and looks for the
// smallest packets that show what it finds.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/live/coverage.h"
#include "harness/live/findings.h"
#include "harness/live/investigation.h"
#include "harness/live/novelty.h"

namespace relayspec::live {

struct FuzzSettings {
  std::uint64_t seed = 1;
  unsigned downlinks = 2;
  std::size_t at_once = 8;  ///< stimuli in front of a barrier
  std::string name;         ///< of the feature set
  std::vector<std::string> features;
  Coverage* coverage = nullptr;  ///< null: the relay does not count where it has been
};

class Fuzzer {
 public:
  /// `result` gets the counts; `since`: when the run began.
  Fuzzer(Prober& prober, FuzzSettings settings, Findings& findings, Novelty& novelty, FuzzResult& result,
         Clock::time_point since)
      : prober_(prober),
        settings_(std::move(settings)),
        findings_(findings),
        novelty_(novelty),
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
  Sequence next(std::uint64_t from, std::uint64_t to) const;
  void send_and_learn(const Sequence&);
  std::vector<Answer> send(const Sequence&);
  void note_places(const Sequence&);
  void account_for_late();
  void remember(const Sequence&);
  void insist(const Sequence&, const std::vector<Answer>&);
  void note(const Accusation&, const Numbered&);
  void record(const Accusation&, const Evidence&);

  Prober& prober_;
  FuzzSettings settings_;
  Investigation investigation_{prober_};
  Findings& findings_;
  Novelty& novelty_;
  FuzzResult& result_;
  Clock::time_point since_;
  std::deque<Numbered> history_;  ///< since the relay was started
  Sequence batch_;                ///< sent at once, last
  std::size_t ends_ = 0;
  std::size_t followed_ = 0;  ///< start of the relay whose places are counted
};

}  // namespace relayspec::live
