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

/// What was sent, what had to come and what came, field by field.
std::string fields_html(const Deviation&, const CaseResult&);

/// What had to come beside what came, where they differ.
std::string octets_html(const Deviation&, const CaseResult&);

}  // namespace relayspec
