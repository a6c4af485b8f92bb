// SPDX-License-Identifier: Apache-2.0
// Lines to stderr, by level.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace relayspec::relay {

enum class LogLevel { error, warning, info, debug };

class Log {
 public:
  explicit Log(LogLevel level) : level_(level) {}

  bool shows(LogLevel level) const { return level <= level_; }

  template <typename... Values>
  void operator()(LogLevel level, fmt::format_string<Values...> format, Values&&... values) const {
    if (shows(level)) line(fmt::format(format, std::forward<Values>(values)...));
  }

  /// Whatever the level.
  static void line(std::string_view text) { fmt::print(stderr, "relayspec-relay: {}\n", text); }

 private:
  LogLevel level_;
};

}  // namespace relayspec::relay
