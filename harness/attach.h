// SPDX-License-Identifier: Apache-2.0
// How the table [attach] of a profile is read.
#pragma once

#include "harness/toml.h"
#include "relayspec/harness/attach.h"

namespace relayspec {

/// Throws InputError.
Attach read_attach(const TomlTable&);

}  // namespace relayspec
