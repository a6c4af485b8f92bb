// SPDX-License-Identifier: Apache-2.0
// What the fuzzer found over a live relay (schema relayspec/fuzz/1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

/// One fault, with the smallest packets that show it.
struct FuzzFinding {
  std::string kind;                ///< "octets-of-another-message"
  std::string requirement;         ///< id of the catalogue
  std::string what;                ///< one line: what deviates
  std::string settings;            ///< what the relay was started with
  std::string sent;                ///< the stimuli in words
  std::string expected, observed;  ///< one line each
  std::size_t times = 1;           ///< stimuli that show it
  std::uint64_t packets_until_found = 0, ms_until_found = 0;
  std::size_t packets = 0, octets = 0;  ///< of the smallest
  bool again = true;                    ///< a fresh relay shows it too
  std::vector<std::string> features;    ///< of the settings, as --feature takes them
  std::string capture;                  ///< "findings/changed--1.pcapng"
  std::vector<Frame> frames;            ///< all sides
  std::string field;                    ///< that is wrong; may be empty
  Exhibit exhibit;                      ///< where the frames show it

  bool operator==(const FuzzFinding&) const = default;
};

struct FuzzResult {
  std::string tool_version, relay_name, relay_version, dialect;
  std::uint64_t seed = 1;
  std::vector<std::string> settings;  ///< feature sets that had their turn
  std::uint64_t packets = 0, relayed = 0, ms = 0;
  std::uint64_t judged = 0, judging_us = 0;  ///< without starts and the search for small packets
  std::size_t novel = 0;                     ///< kinds of answers
  std::size_t places = 0;                    ///< of the relay's code that were reached, where it counts them
  std::size_t starts = 0;
  std::size_t found_so_far = 0;
  std::size_t unconfirmed = 0;  ///< losses and copies that did not show again, and are not counted
  std::vector<FuzzFinding> findings;
  std::vector<std::string> trouble;  ///< settings under which the relay could not be judged, and why
  bool interrupted = false;

  std::uint64_t judged_per_second() const { return judging_us == 0 ? 0 : judged * 1000000 / judging_us; }
};

}  // namespace relayspec
