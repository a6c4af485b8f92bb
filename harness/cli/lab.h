// SPDX-License-Identifier: Apache-2.0
// What the command `lab` runs and says.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

/// What runs in the lab; a shell unless a command was given.
std::vector<std::string> command_of(const LabOptions&);

/// The exit status of the command; 128 plus the signal's number if a signal killed it, as in a shell.
int exit_status_of(int wait_status);

std::string lab_plan(const Profile&, const RelaySettings&, const Topology&);

}  // namespace relayspec
