// SPDX-License-Identifier: Apache-2.0
// Where in its own code a relay has been: counters that it keeps itself when its owner has built it so
// (fuzz/coverage_map.c).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "harness/lab/fd.h"

namespace relayspec::live {

/// What has been seen of the counters so far. Whether a place was reached once, a few times or often is told
/// apart, as loops over options show.
class Places {
 public:
  /// True: a place is new, or was reached so often for the first time.
  bool note(std::span<const std::uint8_t> counters);
  /// That have been reached.
  std::size_t count() const;

 private:
  std::array<std::uint8_t, 65536> seen_{};  ///< a bit for each of eight ranges of counts
};

class Coverage {
 public:
  static constexpr std::size_t size = 65536;  ///< counters, an octet each
  static constexpr const char* file = "/run/relayspec-coverage";
  static constexpr const char* variable = "RELAYSPEC_COVERAGE";  ///< names the file to the relay

  /// From here on the counters are those of the relay whose root directory this is ("/proc/PID/root"). Throws
  /// LabError.
  void follow(const std::string& root);
  /// True: it has been somewhere new since the last look. The counters start again from zero.
  bool look();
  std::size_t places() const { return places_.count(); }

 private:
  Fd counters_;
  Places places_;
};

}  // namespace relayspec::live
