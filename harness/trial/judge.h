// SPDX-License-Identifier: Apache-2.0
// The judging of one fault: found by the case that is there to find it, and nothing without a cause.
#pragma once

#include <string>
#include <vector>

#include "harness/trial/outcome.h"
#include "harness/trial/table.h"

namespace relayspec::trial {

/// Whether a change breaks a requirement, in whatever way.
bool breaks(const Change&, const std::string& requirement);

/// A change has a cause when it breaks the fault's own rule, or when the table names one of its rules, its
/// case or its way.
bool has_cause(const Fault&, const Change&);

/// What does not hold of a fault; empty when it is found as the table asks.
std::vector<std::string> complaints_about(const Fault&, const Outcome&, bool alone = false);

/// One complaint for each reason why cases could not judge; a relay that does not start gives all cases the
/// same one.
std::vector<std::string> complaints_about_errors(const std::string& name, const Outcome&);

}  // namespace relayspec::trial
