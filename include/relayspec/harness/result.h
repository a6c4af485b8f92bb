// SPDX-License-Identifier: Apache-2.0
// What a run found, as the reports show it (schema relayspec/results/2).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relayspec/harness/frame.h"

namespace relayspec {

enum class Verdict : std::uint8_t { pass, fail, warn, note, skip, error };
inline constexpr std::size_t verdict_count = 6;
std::string_view name(Verdict);

/// Where a finding shows itself among the frames of its case.
struct Exhibit {
  std::chrono::nanoseconds time{};       ///< of the frame that deviates; 0: there is none
  Segment segment = Segment::downlink0;  ///< where it is, or was due
  Bytes due;                             ///< the message that had to come out; empty: none

  bool operator==(const Exhibit&) const = default;
};

/// One difference between what a relay has to do and what it did, under the rule that it breaks.
/// Field of a finding: under some settings no reply of a plain exchange is delivered, so that most cases can
/// judge nothing. A baseline that accepts the loss of single messages does not accept that.
inline constexpr const char* field_of_all_replies = "every reply";

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
  Exhibit exhibit;
  std::string accepted;  ///< why the baseline accepts it; empty: it does not
  /// Of a message that is lost: every rule by which it had to come out, the most general one last. Empty
  /// where the case, and not the message, says which rule that is.
  std::vector<std::string> due_by;
  bool everywhere = false;  ///< every plain exchange under these settings shows it: said in some case

  bool operator==(const Finding&) const = default;
};

/// How many messages have come out that had to by this rule.
struct RuleCount {
  std::string rule;
  std::uint64_t times = 0;

  bool operator==(const RuleCount&) const = default;
};

struct CaseResult {
  std::string id;                         ///< "hops/17-is-discarded"
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
  std::vector<RuleCount> delivered;
  /// Skipped because something that the case needs does not work on this relay, and not because of the
  /// profile or the dialect.
  bool unjudged = false;

  bool operator==(const CaseResult&) const = default;
};

/// The findings of all cases that share requirement, field and kind: one thing that is wrong with the relay,
/// or, for notes, one choice that it has made.
struct Deviation {
  Verdict verdict = Verdict::fail;  ///< the worst of its findings
  std::string requirement;          ///< id of the catalogue
  std::string level, clause;        ///< of that requirement: "MUST", "RFC 1542, section 4.1.1"
  std::string field, kind;          ///< as in Finding

  // What one case shows of it: the one with the fewest frames.
  std::string case_id, evidence;
  std::string settings;                    ///< what the relay was started with
  std::string reason, expected, observed;  ///< one line each; what differs, without the field
  std::string octets;                      ///< the difference octet by octet, several lines; may be empty
  std::string combination;                 ///< the row of a matrix; may be empty
  Exhibit exhibit;

  std::vector<std::string> cases;  ///< ids of all that show it, in the order of the run
  std::size_t findings = 0;
  std::vector<std::pair<std::string, std::size_t>> combinations;  ///< each once, and how often it came
  std::string accepted;  ///< the baseline's reason where it accepts every finding; else empty
};

struct RunResult {
  std::string tool_version, relay_name, relay_version, dialect;
  std::uint64_t duration_ms = 0;
  std::vector<CaseResult> cases;
  std::vector<std::string>
      no_longer_deviating;  ///< cases and requirements of the baseline that did not deviate
  std::vector<std::string>
      beyond_baseline;  ///< what is not accepted though an entry has its requirement, and why
  std::vector<std::string>
      newly_skipped;  ///< cases that could not be judged, which the baseline does not list
  std::vector<std::string> no_longer_skipped;  ///< patterns of the baseline whose cases could all be judged
  std::string relay_output;  ///< the tail of the relay's stdout and stderr, for the report of failures

  std::array<std::size_t, verdict_count> counts() const;  ///< indexed by Verdict
};

}  // namespace relayspec
