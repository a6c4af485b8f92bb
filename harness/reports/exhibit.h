// SPDX-License-Identifier: Apache-2.0
// A deviation as its frames show it, as HTML: who sent what to whom, field by field, octet by octet.
#pragma once

#include <string>

#include "relayspec/harness/result.h"

namespace relayspec {

/// A ladder diagram with its frames as a table, the fields and the octets that differ; nothing where the case
/// has no frames. Text of packets and relays is escaped.
std::string exhibit_html(const Deviation&, const CaseResult&);

/// Client, relay and server as lifelines, each frame an arrow; the wrong one marked.
std::string ladder_html(const Deviation&, const CaseResult&);

/// A relay that another one is compared with, under the same stimulus.
struct OtherRelay {
  std::string name, name_of_compared;
  const std::vector<Frame>& frames;
  Exhibit exhibit;  ///< the frame that shows the difference; may be none
};

/// The ladders of both relays side by side, and what each of them has sent, field by field and octet by
/// octet. The deviation is the difference: what was due is what the other relay has sent.
std::string exhibit_beside_html(const Deviation&, const CaseResult&, const OtherRelay&);

/// The diagram alone; its label has the frames in words.
std::string drawing_html(const Deviation&, const CaseResult&, const std::string& caption,
                         const OtherRelay* beside = nullptr);

/// What was sent, what had to come and what came, field by field.
std::string fields_html(const Deviation&, const CaseResult&, const OtherRelay* beside = nullptr);

/// What had to come beside what came, where they differ.
std::string octets_html(const Deviation&, const CaseResult&, const OtherRelay* beside = nullptr);

/// What stands in front of what deviates: a choice is not wrong.
inline const char* mark_of(const Deviation& d) { return d.verdict == Verdict::note ? "≠" : "✗"; }

}  // namespace relayspec
