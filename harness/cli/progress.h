// How far a run is, for whoever watches it.
#pragma once

#include <cstdio>

#include "harness/cli/workers.h"

namespace relayspec {

/// Rewrites one line of a terminal as each of so many cases ends; empty when the stream is none.
Progress progress_on(std::FILE* stream, std::size_t total);

}  // namespace relayspec
