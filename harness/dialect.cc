// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/dialect.h"

namespace relayspec {
namespace {
constexpr std::string_view names[] = {"rfc", "strict", "proxy"};
}

std::string_view name(Dialect d) { return names[static_cast<std::size_t>(d)]; }

std::optional<Dialect> dialect_named(std::string_view s) {
  for (const Dialect d : {Dialect::rfc, Dialect::strict, Dialect::proxy}) {
    if (s == name(d)) return d;
  }
  return std::nullopt;
}

}  // namespace relayspec
