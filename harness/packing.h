// Results of cases as octets, for the way from one process to another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "relayspec/harness/result.h"

namespace relayspec {

std::vector<std::uint8_t> pack(const std::vector<CaseResult>&);

/// What pack() has made, every member as it was.
std::vector<CaseResult> unpack_cases(std::span<const std::uint8_t>);

}  // namespace relayspec
