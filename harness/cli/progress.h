// SPDX-License-Identifier: Apache-2.0
// How far a run is, for whoever watches it.
#pragma once

#include <cstdio>

#include "harness/cli/workers.h"

namespace relayspec {

/// Rewrites one line of a terminal as each of so many cases ends; empty when the stream is none.
Progress progress_on(std::FILE* stream, std::size_t total);

/// The same in per cent and with the time that is left, as far as the steps so far tell.
Progress progress_with_time_left(std::FILE* stream, std::size_t total);

}  // namespace relayspec
