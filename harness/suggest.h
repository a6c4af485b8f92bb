// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?" for mistyped names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relayspec {

/// The candidate that is spelt most like `word`, when it is near enough to be worth a hint; else empty.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean 'x'?" or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// "a, b, c"
std::string join(std::span<const std::string> words, std::string_view separator = ", ");

}  // namespace relayspec
