// What a run found, as the reports show it (schema relayspec/results/1).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/frame.h"

namespace relayspec {

enum class Verdict : std::uint8_t { pass, fail, warn, note, skip, error };
inline constexpr std::size_t verdict_count = 6;
std::string_view name(Verdict);

/// One difference between what a relay has to do and what it did, under the rule that it breaks.
struct Finding {
  Verdict verdict = Verdict::fail;  ///< fail, warn or note
  std::string requirement;          ///< id of the catalogue
  std::string field;  ///< what deviates: "hops", "option 82 (Relay Agent Information)", "destination"
  /// What stays the same when the same difference shows again with other values: "request hops +0". Findings
  /// with equal requirement, field and kind are one deviation.
  std::string kind;
  std::string reason;              ///< one line
  std::string expected, observed;  ///< one line each
  std::string octets;       ///< the same octet by octet, several lines; empty where a field says it all
  std::string combination;  ///< the row of a matrix that shows it: "NAK, no flag, no yiaddr"; may be empty
  enum class By : std::uint8_t {
    content,  ///< something came out that is not what it has to be, or the case has looked by itself
    loss,     ///< nothing came out
    excess,   ///< something came out that must not
    end       ///< the relay died, hung or stopped relaying
  } by = By::content;
};

struct CaseResult {
  std::string id;                         ///< "hops/exceeding-sixteen-is-discarded"
  std::string suite;                      ///< "hops"
  std::vector<std::string> requirements;  ///< ids of the catalogue
  std::string level;                      ///< the strongest of them: "MUST", "SHOULD", "MAY", "de-facto"
  Verdict verdict = Verdict::error;
  std::string reason;    ///< one line; for `skip` why
  std::string expected;  ///< may have several lines
  std::string observed;
  std::string difference;  ///< field by field and byte by byte, several lines; empty when there is none
  std::string clause;      ///< "RFC 1542, section 4.1.1"
  std::string evidence;    ///< "evidence/hops--….pcapng", empty when nothing was captured
  std::string source;      ///< "testsuites/dhcpv4/hops.cc:12"
  std::string config;      ///< what the relay was started with
  std::uint64_t duration_us = 0;
  std::vector<Finding> findings;  ///< all of them, in the order in which they were found
  std::vector<Frame> frames;      ///< all sides, in order, with comments
  std::string accepted;           ///< why the baseline accepts that it deviates; empty: it does not
};

struct RunResult {
  std::string tool_version, relay_name, relay_version, dialect;
  std::uint64_t duration_ms = 0;
  std::vector<CaseResult> cases;
  std::vector<std::string> mended;  ///< cases that the baseline lists and that no longer deviate
  std::string relay_output;         ///< the tail of the relay's stdout and stderr, for the report of failures

  std::array<std::size_t, verdict_count> counts() const;  ///< indexed by Verdict
};

}  // namespace relayspec
