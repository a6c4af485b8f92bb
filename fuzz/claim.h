// SPDX-License-Identifier: Apache-2.0
// What every fuzz target has: a claim that must hold, and the function that is called with each input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#define MUST_HOLD(claim) \
  ((claim) ? void()      \
           : (std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim), std::abort()))

/// What a target defines; libFuzzer and the replay call it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
